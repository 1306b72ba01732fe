"""The sheet of a commune: its figures brought to its inhabitants, as a page to print or a table."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from html import escape
from io import StringIO
from zoneinfo import ZoneInfo

import msgspec

from contracts.events.diagnostics import FigureStatus
from contracts.events.diagnostics.needs import NeedOutcome, NeedState
from contracts.events.signals import Unit
from contracts.http.diagnostics.sheets import CommuneSheet, SheetLine, SheetSection
from contracts.http.diagnostics.versions import Tier, VersionElement
from services.diagnostics.model.figures import decimal, spaced
from services.diagnostics.model.observed import PER_INHABITANTS, per_thousand

PARIS = ZoneInfo("Europe/Paris")
PEOPLE = frozenset({Unit.HOUSEHOLD, Unit.INSURED_PERSON, Unit.PERSON})
"""Units of counts that a number of inhabitants may divide."""
STATUSES = {
    FigureStatus.COMPLETE: "complet",
    FigureStatus.PARTIAL: "partiel",
    FigureStatus.SECRET: "secret statistique",
    FigureStatus.NOT_COVERED: "non diffusé",
}
TIERS = {
    Tier.INSIDE: "Réservé à la coordination",
    Tier.AGREEMENT: "Réservé aux parties des conventions",
    Tier.PUBLIC: "Public",
}
NEED_STATES = {
    NeedState.REPORTED: "signalé",
    NeedState.TAKEN_IN_CHARGE: "pris en charge",
    NeedState.CLOSED: "clos",
}
OUTCOMES = {
    NeedOutcome.RESOLVED: "résolu",
    NeedOutcome.PARTLY_RESOLVED: "résolu en partie",
    NeedOutcome.REFERRED: "orienté",
    NeedOutcome.GIVEN_UP: "abandonné",
    NeedOutcome.UNREACHABLE: "injoignable",
}
PLACE_KINDS = {"postal_code": "Code postal", "department": "Département"}
NOT_TOLD = "non diffusé"
CHAPTERS = (
    ("exposures", "Publics exposés"),
    ("needs", "Besoins exprimés"),
    ("indicators", "Indicateurs"),
)
PROVENANCE = ("source", "période", "licence", "statut")
"""The last columns of each section."""
OWN = "donnée de la coordination"
AGREED = "convention de partage"
MET = "convention de partage ou signalement de la coordination"
UNSAID = "non précisée par le producteur"
_LICENCE = re.compile(r"\((licence [^)]+)\)$", re.IGNORECASE)
"""How the label of open data names its licence."""
COLUMNS = (
    *("rubrique", "libellé", "valeur", "pour 1 000 habitants", "médiane des communes semblables"),
    *("unité", "période", "état", "source", "licence", "fraîcheur", "confiance"),
)
COMPUTED = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula, at the beginning of a cell."""
_STYLE = (
    "body{font:11pt/1.4 system-ui,sans-serif;margin:2cm;max-width:27cm;color:#161616}"
    "table{border-collapse:collapse;width:100%;margin:.5em 0 1.5em}"
    "th,td{border:1px solid #929292;padding:.25em .5em;text-align:left;vertical-align:top}"
    "td.n{text-align:right;white-space:nowrap}caption{text-align:left;font-weight:bold}"
    "@media print{body{margin:0}h2{break-after:avoid}tr{break-inside:avoid}}"
)


class PlaceAge(msgspec.Struct, frozen=True):
    """Columns of `place_ages`: how many places a commune has, and the latest update of one."""

    commune: str
    places: int
    updated_on: str


def licence_of(source: str, opened: Mapping[str, str]) -> str:
    """Return under what counts of a source may be read; `opened` gives the licence of a label."""
    named = _LICENCE.search(source)
    if named:
        return named[1]
    return f"donnée ouverte ({opened[source]})" if source in opened else AGREED


def line(element: VersionElement, population: int, opened: Mapping[str, str]) -> SheetLine:
    """Return a figure with its licence, for a thousand inhabitants where that means something."""
    licence = {
        "needs": MET,
        "indicators": element.about.get("licence") or UNSAID,
    }.get(element.chapter) or licence_of(element.source, opened)
    told = None
    if isinstance(element.value, str):
        told = per_thousand(element.value, element.unit, population)
    elif element.value is not None and element.unit in PEOPLE and population > 0:
        told = f"{element.value * PER_INHABITANTS / population:.1f}"
    return SheetLine(figure=element, licence=licence, per_thousand=told)


def _percent(share: str | None) -> str:
    return "inconnue" if share is None else f"{round(float(share) * 100)} %"


def _told(one: SheetLine) -> list[str]:
    figure = one.figure
    return [
        figure.reading,
        "" if one.per_thousand is None else decimal(one.per_thousand),
        "" if one.similar_median is None else decimal(one.similar_median),
        figure.unit,
        figure.period,
        STATUSES[figure.status],
        figure.source,
        one.licence,
        _percent(figure.freshness),
        _percent(figure.confidence),
    ]


def chapters(sheet: CommuneSheet) -> Iterator[tuple[str, Sequence[SheetLine]]]:
    """Yield the titles of figures and their lines, in the order of the page."""
    by_name: Mapping[str, Sequence[SheetLine]] = {
        "exposures": sheet.exposures,
        "needs": sheet.needs,
        "indicators": sheet.indicators,
    }
    for name, title in CHAPTERS:
        yield title, by_name[name]


def as_csv(sheet: CommuneSheet) -> str:
    """Return a sheet as a table that a French spreadsheet opens, its sections after the figures."""
    out = StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerow(COLUMNS)
    for title, lines in chapters(sheet):
        for one in lines:
            table.writerow([_cell(cell) for cell in (title, _label(one), *_told(one))])
    for section in sheet.sections:
        table.writerow([])
        table.writerow([section.title, *section.columns])
        table.writerows([["", *map(_cell, row)] for row in section.rows])
    return "\ufeff" + out.getvalue()


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(COMPUTED) else text


def _label(one: SheetLine) -> str:
    about = one.figure.about
    named = {"institution", "measure", "grid", "denominator", "secret_parts", "problem", "licence"}
    finer = ", ".join(value for name, value in about.items() if name not in named | {"indicator"})
    return f"{one.figure.label} ({finer})" if finer else one.figure.label


def as_html(sheet: CommuneSheet) -> str:
    """Return a sheet as one page ready to print, without a script or another file."""
    parts = [
        '<!doctype html><html lang="fr"><head><meta charset="utf-8">',
        f"<title>{escape(sheet.name)} : fiche commune</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(sheet.name)}</h1>",
        f"<p>Commune {sheet.commune}, {spaced(sheet.population)} habitants.</p>",
        f"<p>Fiche du {_day(sheet.at)}. {TIERS[sheet.tier]}.</p>",
    ]
    for title, lines in chapters(sheet):
        parts.append(f"<h2>{title}</h2>")
        rows = [[_label(one), *_told(one)] for one in lines]
        parts.append(_table(COLUMNS[1:], rows) if rows else "<p>Rien n'est encore reçu.</p>")
    parts.append(f"<p>{escape(sheet.similar_method)}</p>")
    parts += [_section(one) for one in sheet.sections]
    parts.append("<h2>Sources</h2><ul>")
    parts += [
        f"<li>{escape(one.source)}, {escape(one.period)} : fraîcheur {_percent(one.freshness)}</li>"
        for one in sheet.sources
    ]
    return "\n".join([*parts, "</ul></body></html>\n"])


def _day(at: datetime) -> str:
    return at.astimezone(PARIS).strftime("%d/%m/%Y")


def _section(section: SheetSection) -> str:
    more = f"<p>Et {spaced(section.more)} de plus.</p>" if section.more else ""
    rows = _table(section.columns, section.rows) if section.rows else "<p>Aucun.</p>"
    return f"<h2>{escape(section.title)}</h2>{rows}{more}"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(one.capitalize())}</th>' for one in columns)
    lines = ["<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows]
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
