"""Exports of the advisers' tool, by postal code or by département."""

import re
from collections.abc import Callable, Mapping

import msgspec

from services.chassis.importer import Kind, Row, RowIsRefused, Warn
from services.diagnostics.model.activity import ActivityRow

AGES = {
    "moins12ans": "under_12",
    "de12a18ans": "from_12_to_18",
    "de18a35ans": "from_18_to_35",
    "de35a60ans": "from_35_to_60",
    "plus60ans": "over_60",
}
STATUSES = {
    "etudiant": "student",
    "sansemploi": "unemployed",
    "enemploi": "employed",
    "retraite": "retired",
    "heterogene": "mixed",
}
BY_POSTAL_CODE = {f"somme_de_{name}": ours for name, ours in (AGES | STATUSES).items()}
BY_DEPARTMENT = {"usagers": "people", "accompagnements": "supports", **AGES}
ACCOMPANIED = {"individuel": "individual", "atelier": "workshop", "redirection": "redirected"}
VINTAGE = "2023-07-17"
"""The day of the exports that are known, unless a mapping says another in `vintage`."""
_POSTAL_CODE = re.compile("^(?!00)[0-9]{5}$")
_DEPARTMENT = re.compile("^([0-9]{2}|2[AB]|97[1-8])$")
_FIGURES_MAX = 200


def _reader() -> Callable[[Row, Warn], ActivityRow]:
    seen: set[str] = set()

    def read(row: Row, _: Warn) -> ActivityRow:
        by_code = "codepostal" in row.values
        column = "codepostal" if by_code else "departement"
        place = row.values[column]
        if not (_POSTAL_CODE if by_code else _DEPARTMENT).fullmatch(place):
            what = "code postal (cinq chiffres)" if by_code else "code de département"
            raise RowIsRefused(f"« {place} » n'est pas un {what}.", column=column, code="E_AREA")
        if place in seen:
            raise RowIsRefused(
                f"« {place} » est déjà donné plus haut ; gardez une ligne.",
                column=column,
                code="E_TWICE",
            )
        seen.add(place)
        names = BY_POSTAL_CODE if by_code else BY_DEPARTMENT
        figures = {ours: _count(row.values[name], name) for name, ours in names.items()}
        if not by_code:
            figures |= _nested(row)
        vintage = row.values.get("vintage") or VINTAGE
        return ActivityRow("postal_code" if by_code else "department", place, vintage, figures)

    return read


def _nested(row: Row) -> dict[str, int]:
    """Return the figures that an export by département keeps one level down."""
    found: dict[str, int] = {}
    for column, prefix, names in (
        ("statut", "", STATUSES),
        ("accompagnement", "", ACCOMPANIED),
        ("themes", "theme:", {}),
    ):
        try:
            told = msgspec.json.decode(row.values.get(column) or "{}", type=dict[str, int])
        except msgspec.DecodeError:
            raise RowIsRefused("Des comptes par nom sont attendus.", column=column) from None
        for name, count in told.items():
            found[prefix + names.get(name.casefold(), name)[:60]] = _count(str(count), column)
    if len(found) > _FIGURES_MAX:
        raise RowIsRefused(f"Plus de {_FIGURES_MAX} comptes ; vérifiez le fichier.")
    return found


def _count(said: str, column: str) -> int:
    if not said.isdigit() or not said.isascii():
        raise RowIsRefused(f"« {said} » n'est pas un compte entier.", column=column)
    return int(said)


def _totals(row: ActivityRow) -> Mapping[str, int]:
    return {name: count for name, count in row.figures.items() if not name.startswith("theme:")}


ACTIVITY: Kind[ActivityRow] = Kind(
    name="activity",
    needs=(),
    open=_reader,
    totals=_totals,
    is_shared=True,
    forms=(("codepostal", *BY_POSTAL_CODE), ("departement", *BY_DEPARTMENT)),
)
"""People accompanied by advisers; none is named, and small counts stay inside."""
