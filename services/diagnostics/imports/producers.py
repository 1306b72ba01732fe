"""Read producers' own columns by a mapping in the form of the national importer, mednum-cli.

A field is told by a column or the first filled of several, by columns joined, by a part of one, by
terms that columns hold, or by what is always so. Hours are told by a column a day or one a week.

Source: anct-cartographie-nationale/mednum-cli, its published mappings and specifications.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from services.chassis.importer import FileIsUnreadable, Row, plain
from services.diagnostics.model import french_hours, place_hours, place_kinds
from services.diagnostics.model.place_addresses import is_street, parted
from services.diagnostics.model.place_words import key, parts

ALSO_CALLED = {
    "publics_accueillis": "publics_specifiquement_adresses",
    "conditions_acces": "frais_a_charge",
    "labels_nationaux": "dispositif_programmes_nationaux",
    "labels_autres": "autres_formations_labels",
    "courriel": "courriels",
    "accessibilite": "fiche_acces_libre",
}
Cells = Mapping[str, str]
_UNREADABLE = (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError)
"""What reading a rule raises whose parts are of other kinds than a rule's."""


def translate(mapping: Mapping[str, Any]) -> Callable[[Row], Row]:
    """Return a function that gives a producer's row the columns of the national schema.

    Raises:
        FileIsUnreadable: the mapping tells a field in no form that is known.
    """
    told = {ALSO_CALLED.get(plain(name), plain(name)): how for name, how in mapping.items()}
    for name, how in told.items():
        if not isinstance(how, str | list | dict):
            raise FileIsUnreadable(f"« {name} » : une colonne ou une règle est attendue.")

    def read(row: Row) -> Row:
        if row.fault is not None:
            return row
        try:
            values = {name: field(name, how, row.values) for name, how in told.items()}
        except _UNREADABLE as fault:
            raise FileIsUnreadable("« mapping » : une règle n'a pas la forme attendue.") from fault
        place = parted(
            values.get("adresse", ""), values.get("code_postal", ""), values.get("commune", "")
        )
        values |= {"code_postal": place.postal_code, "commune": place.commune}
        values["adresse"] = place.street if is_street(place.street) else ""
        if not values.get("typologie"):
            values["typologie"] = "|".join(place_kinds.of_name(values.get("nom", "")))
        if values.get("id") and values.get("source"):
            values["id"] = f"{values['source']}_{values['id']}"
        return Row(row.line, values)

    return read


def field(name: str, how: Any, cells: Cells) -> str:
    """Return what a mapping makes of a row for one field, empty where it tells nothing."""
    if name in {"horaires", "semaine_ouverture"} and isinstance(how, dict):
        return hours(how, cells) or ""
    if isinstance(how, list):
        return "|".join(chosen(how, cells))
    return told(how, cells)


def told(how: Any, cells: Cells) -> str:
    """Return the text of a column, of the first filled of several, of some joined or parted."""
    if isinstance(how, str):
        return _cell(cells, how)
    if not isinstance(how, Mapping):
        return ""
    if "joindre" in how:
        joined = how["joindre"]
        found = [_cell(cells, one) for one in joined.get("colonnes", ())]
        either = told(joined.get("ou"), cells)
        if either and not all(found):
            return either
        return str(joined.get("séparateur", " ")).join(filter(None, found)) or either
    if "dissocier" in how:
        split = how["dissocier"]
        whole = _cell(cells, split.get("colonne", "")).strip("[]() ")
        pieces = whole.split(split.get("séparateur", ","))
        part = int(split.get("partie", 0))
        return pieces[part].strip() if 0 <= part < len(pieces) else ""
    names = how.get("colonne", "")
    found_first = (_cell(cells, one) for one in ([names] if isinstance(names, str) else names))
    return next(filter(None, found_first), "") or str(how.get("defaut", ""))


def chosen(choices: Iterable[Mapping[str, Any]], cells: Cells) -> list[str]:
    """Return the targets of the choices that a row meets, each once, in their order."""
    found: list[str] = []
    for choice in choices:
        target = str(choice.get("cible", ""))
        if "colonnes" not in choice:
            found.append(target)
        for column in choice.get("colonnes", ()):
            cell = _cell(cells, column)
            if cell and _meets(key(cell), choice):
                found += [target] if target else parts(cell)
    return list(dict.fromkeys(filter(None, found)))


def _meets(cell: str, choice: Mapping[str, Any]) -> bool:
    """Tell whether a cell has one of the terms, at the start of a word, and none of the others."""

    def has(terms: Iterable[str]) -> bool:
        return any(f" {key(term)}" in f" {cell}" for term in terms)

    return (not choice.get("termes") or has(choice["termes"])) and not has(choice.get("sauf", ()))


def hours(how: Mapping[str, Any], cells: Cells) -> str | None:
    """Return the hours of a week in OpenStreetMap's form, None where they cannot be read."""
    written = _cell(cells, str(how.get("osm", "")))
    if written and place_hours.parses(written):
        return place_hours.normal(written)
    opened = {}
    for day in how.get("jours", ()):
        cell = _cell(cells, str(day.get("colonne", "")))
        if cell and day.get("osm") in french_hours.DAYS:
            opened[french_hours.DAYS.index(day["osm"])] = french_hours.ranges(cell)
    if any(opened.values()):
        return french_hours.compact(opened)
    names = (how.get("semaine", ""), how.get("colonne", ""), how.get("osm", ""))
    texts = [_cell(cells, name) for name in names if isinstance(name, str) and name]
    for text in filter(None, texts):
        if place_hours.parses(text):
            return place_hours.normal(text)
        found = french_hours.week(text)
        if found:
            return found
    return None


def _cell(cells: Cells, name: object) -> str:
    value = cells.get(plain(name), "") if isinstance(name, str) else ""
    return "" if value in {"null", "-----"} else re.sub(r"[ \t\u00a0\u202f]+", " ", value).strip()
