"""What each room keeps of a commune, as the tables of its sheet.

What people said is read by those inside alone; counts of people leave as their tier reads them.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from contracts.events.diagnostics import FigureStatus
from contracts.events.diagnostics.needs import NeedOutcome, NeedState
from contracts.http.diagnostics.sheets import SheetSection
from contracts.http.diagnostics.surveys import CampaignState
from contracts.http.diagnostics.versions import Tier
from contracts.http.diagnostics.visits import VisitState
from contracts.vocabulary import VOCABULARY
from services.chassis.database import Connection
from services.diagnostics.model import figures, freshness, sheets, surveys, tiers
from services.diagnostics.model import visits as visit_rules
from services.diagnostics.model.follow_up import FollowedRow
from services.diagnostics.model.places import PlaceFilter
from services.diagnostics.model.tiers import Leaving
from services.diagnostics.reads import activity, around, field
from services.diagnostics.reads.asked import Asked
from services.diagnostics.reads.chapters import DIRECTORY, ELEMENTS, known_elements
from services.diagnostics.reads.field_chapters import VISITED, label_of, respondents
from services.diagnostics.store import follow_up, proofs
from services.diagnostics.store import places as place_rows
from services.diagnostics.store import versions as version_rows
from services.diagnostics.store import visits as visit_rows

ROWS_MAX = 100
ACTIVITY_MAX, WIDER_MAX = 200, 300
UNDATED = "édition non datée"
FIELD = "Témoignages recueillis sur le terrain"
FIRST = ("", UUID(int=0))
OPENS = {True: "oui", False: "non", None: "inconnu"}


class _Said(NamedTuple):
    """Where a row is from: its last cells."""

    source: str
    period: str
    licence: str = sheets.OWN
    status: FigureStatus = FigureStatus.COMPLETE

    def cells(self) -> list[str]:
        return [self.source, self.period, self.licence, sheets.STATUSES[self.status]]


def _section(
    name: str,
    title: str,
    columns: Sequence[str],
    rows: Sequence[list[str]],
    most: int = ROWS_MAX,
) -> SheetSection:
    return SheetSection(
        name=name,
        title=title,
        columns=[*columns, *sheets.PROVENANCE],
        rows=list(rows[:most]),
        more=max(0, len(rows) - most),
    )


async def _needs(connection: Connection, asked: Asked, code: str) -> SheetSection:
    least = 1 if asked.to.tier is Tier.INSIDE else asked.to.threshold
    found = await follow_up.followed(connection, asked.coordination, code, least=least)
    rows = [
        [
            sheets.NEED_STATES[NeedState(one.state)],
            sheets.OUTCOMES[NeedOutcome(one.outcome)] if one.outcome else "",
            tiers.said(count),
            one.unit,
            *_Said(figures.NEEDS_SOURCE, _today(asked), sheets.MET, _counted(count)).cells(),
        ]
        for one, count in _followed(found, asked.to)
    ]
    return _section("follow_up", "Suites des besoins", ["état", "issue", "nombre", "unité"], rows)


def _today(asked: Asked) -> str:
    return f"au {asked.today.isoformat()}"


def _counted(count: int | None) -> FigureStatus:
    return FigureStatus.SECRET if count is None else FigureStatus.COMPLETE


def _followed(found: Sequence[FollowedRow], to: Leaving) -> list[tuple[FollowedRow, int | None]]:
    """Return what is told of each state: nothing of a unit where one is small.

    Together they are the needs that the sheet shows above: one alone would be what is missing.
    """
    told = [(one, tiers.admitted(one.count, to)) for one in found]
    small = {one.unit for one, count in told if count is None}
    return [(one, None if one.unit in small else count) for one, count in told]


async def _places(connection: Connection, asked: Asked, code: str) -> SheetSection:
    kept = PlaceFilter(commune=code)
    found = await place_rows.listed(connection, asked.coordination, kept, FIRST, ROWS_MAX + 1)
    rows = [
        [
            one.name,
            one.address,
            ", ".join(one.services),
            one.hours or "",
            OPENS[one.opens_evening],
            OPENS[one.opens_weekend],
            _fresh(one.updated_on, asked.today),
            *_Said(one.source or DIRECTORY, one.updated_on.isoformat(), sheets.UNSAID).cells(),
        ]
        for one in found
    ]
    opening = ("horaires", "ouvert le soir", "ouvert le week-end")
    columns = ("nom", "adresse", "services", *opening, "fraîcheur")
    return _section("places", "Lieux de médiation numérique", columns, rows)


def _fresh(updated_on: date, today: date) -> str:
    return f"{round(freshness.of_directory(updated_on, today=today) * 100)} %"


async def _elements(connection: Connection, asked: Asked, code: str) -> SheetSection:
    found = [one for one in await known_elements(connection, asked) if one.area == code]
    ids = [one.key.rpartition("|")[2] for one in found]
    evidence = await proofs.evidence_counts(connection, asked.coordination, ids)
    heard: dict[str, int] | None = None
    if asked.to.tier is Tier.INSIDE:
        heard = await proofs.testimony_counts(connection, asked.coordination, code, ids)
    rows = [
        [
            one.label,
            one.reading,
            str(evidence.get(key, 0)),
            sheets.NOT_TOLD if heard is None else str(heard.get(key, 0)),
            *_Said(one.source, one.period).cells(),
        ]
        for key, one in zip(ids, found, strict=True)
    ]
    columns = ("risque", "état", "pièces", "témoignages")
    return _section(ELEMENTS, "Risques observés et ce qu'en dit le terrain", columns, rows)


async def _testimonies(connection: Connection, asked: Asked, code: str) -> SheetSection:
    counts = await field.testimonies_of(connection, asked.coordination, [code])
    total = sum(one.count for one in counts)
    name, title = "testimonies", "Témoignages"
    if asked.to.tier is not Tier.INSIDE:
        count = tiers.admitted(total, asked.to)
        said = _Said(FIELD, _today(asked), status=_counted(count))
        rows = [[tiers.said(count), *said.cells()]] if total else []
        return _section(name, title, ["nombre"], rows)
    found = await visit_rows.testimonies(
        connection, asked.coordination, (None, None), code, FIRST[1], ROWS_MAX
    )
    rows = [
        [
            VOCABULARY.publics.get(one.public, one.public),
            one.said or "",
            *_Said(one.organization, one.heard_on.isoformat()).cells(),
        ]
        for one in found
    ]
    return SheetSection(
        name=name,
        title=title,
        columns=["public", "parole", *sheets.PROVENANCE],
        rows=rows,
        more=max(0, total - len(rows)),
    )


async def _visits(connection: Connection, asked: Asked, code: str) -> SheetSection:
    found = await visit_rows.visits(
        connection, asked.coordination, code, None, FIRST[1], ROWS_MAX + 1
    )
    rows = [
        [
            one.planned_on.isoformat(),
            visit_rules.STATES[VisitState(one.state)],
            one.done_on.isoformat() if one.done_on else "",
            ", ".join(sorted({_problem(need) for need in one.needs})),
            *_Said(VISITED, (one.done_on or one.planned_on).isoformat()).cells(),
        ]
        for one in found
    ]
    columns = ("prévue le", "état", "faite le", "besoins entendus")
    return _section("visits", "Visites", columns, rows)


def _problem(heard: str) -> str:
    problem = heard.partition(":")[0]
    return VOCABULARY.problems.get(problem, problem)


async def _tours(connection: Connection, asked: Asked, code: str) -> SheetSection:
    rows = []
    for tour in await visit_rows.tours(connection, asked.coordination, None, "", ROWS_MAX + 1):
        stops = await visit_rows.stops(connection, asked.coordination, tour.filled_on)
        visited = f"{sum(one.done_on is not None for one in stops)} sur {len(stops)}"
        own = (visit_rules.stands(one) for one in stops if one.commune == code)
        rows += [
            [
                tour.post,
                tour.filled_on.isoformat(),
                visit_rules.STATES[at.state] if at.state else "à prévoir",
                at.on.isoformat() if at.on else "",
                visited,
                *_Said(VISITED, f"depuis le {tour.filled_on.isoformat()}").cells(),
            ]
            for at in own
        ]
    columns = ("poste", "depuis le", "étape de la commune", "le", "communes visitées")
    return _section("tours", "Tournées", columns, rows)


async def _surveys(connection: Connection, asked: Asked, code: str) -> SheetSection:
    rows = []
    for one in await proofs.campaigns_held(connection, asked.coordination, [code]):
        _, status, reading = respondents(one, asked.to)
        begun, ended = one.begins_on.isoformat(), one.ends_on.isoformat()
        said = _Said(one.operator, f"du {begun} au {ended}", status=status)
        state = surveys.STATES[CampaignState(one.state)]
        rows.append([one.title, state, reading, *said.cells()])
    columns = ("enquête", "état", "personnes ayant répondu")
    return _section("surveys", "Enquêtes de terrain", columns, rows)


async def _activity(connection: Connection, asked: Asked, code: str) -> SheetSection:
    found = await activity.of_commune(connection, asked.coordination, code, to=asked.to)
    rows = [
        [
            f"{sheets.PLACE_KINDS.get(place.place_kind, place.place_kind)} {place.place}",
            label_of(name),
            tiers.said(count),
            *_Said(
                place.source,
                place.vintage or UNDATED,
                place.licence or sheets.UNSAID,
                _counted(count),
            ).cells(),
        ]
        for place in found
        for name, count in place.figures.items()
    ]
    columns = ("territoire", "mesure", "nombre")
    title = "Activité des médiateurs numériques"
    return _section("activity", title, columns, rows, ACTIVITY_MAX)


async def _wider(connection: Connection, asked: Asked, code: str) -> SheetSection:
    """Return what is told of the EPCI, the QPV and the département: of them, not of the commune."""
    opened = await version_rows.open_licences(connection, asked.coordination)
    rows = []
    for one in await around(connection, asked.coordination, code, to=asked.to):
        for count in one.exposures:
            finer = ", ".join(count.breakdown.values())
            told = f"{count.label} ({finer})" if finer else count.label
            licence = sheets.licence_of(count.source, opened)
            said = _Said(count.source, count.period, licence, count.status)
            rows.append([one.name, told, count.reading, count.unit.value, *said.cells()])
        for need in one.needs:
            said = _Said(need.source, need.period, sheets.MET, need.status)
            rows.append([one.name, need.label, need.reading, need.unit.value, *said.cells()])
        for figure in one.indicators:
            licence = figure.licence or sheets.UNSAID
            said = _Said(figure.source, figure.vintage, licence, figure.status)
            rows.append([one.name, figure.label, figure.reading, figure.unit, *said.cells()])
    title = "Autour et au-dedans : intercommunalité, quartiers prioritaires, département"
    return _section("wider", title, ("territoire", "mesure", "valeur", "unité"), rows, WIDER_MAX)


Section = Callable[[Connection, Asked, str], Awaitable[SheetSection]]
SECTIONS: tuple[Section, ...] = (
    _needs,
    _places,
    _elements,
    _testimonies,
    _visits,
    _tours,
    _surveys,
    _activity,
    _wider,
)
"""What other rooms keep of a commune, in the order of the page."""
