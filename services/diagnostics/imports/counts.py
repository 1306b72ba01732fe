"""Files of the CNAF, by IRIS, commune, QPV or EPCI: counts of households and people."""

import re
from collections.abc import Callable, Mapping
from typing import Literal
from uuid import uuid5

import msgspec

from contracts.events.signals import ExposureCount, Period, Unit
from contracts.partner.adapters import CNAF_MEASURES, NAMESPACE
from contracts.values import AreaKind
from services.chassis.importer import Kind, Row, RowIsRefused, Warn
from services.diagnostics.imports import cells
from services.diagnostics.model.counts import LICENCE, THRESHOLD, CountsRow
from services.diagnostics.model.observed import area_kind

HOUSEHOLD_TYPES = {
    "ai": "isolated",
    "am": "single_parent",
    "acssenf": "couple_without_child",
    "acavenf": "couple_with_children",
}
"""Columns of the same households, by who they are."""
BY_IRIS = ("iris_code", "note", *CNAF_MEASURES, *HOUSEHOLD_TYPES)
BY_TERRITORY = ("codgeo", "a", "percou", *HOUSEHOLD_TYPES, "note_cnaf")
VINTAGES = {"iris_code": "2021", "codgeo": "2020"}
"""The year of the counts, at 31 December, unless a mapping says another in `period`."""
SECRET: Literal["s"] = "s"  # noqa: S105
_IRIS = re.compile("^[0-9][0-9AB][0-9A-Z]{7}$")


class _Dated(msgspec.Struct, frozen=True):
    """When counts are of."""

    period: Period


def _reader() -> Callable[[Row, Warn], CountsRow]:
    seen: set[str] = set()

    def read(row: Row, warn: Warn) -> CountsRow:
        column = "iris_code" if "iris_code" in row.values else "codgeo"
        code = row.values[column]
        kind = _kind(code, column)
        if code in seen:
            raise RowIsRefused(
                f"Le territoire {code} est déjà donné plus haut ; gardez une ligne.",
                column=column,
                code="E_TWICE",
            )
        seen.add(code)
        told = {"period": row.values.get("period") or VINTAGES[column]}
        period = cells.read(told, _Dated, {}).period
        signals = tuple(
            _signal(row, one, kind, code, period)
            for one in (*CNAF_MEASURES, *HOUSEHOLD_TYPES)
            if one in row.values
        )
        if all(one.count == SECRET for one in signals):
            warn("Aucun compte sur cette ligne : secret, jamais zéro.", code="W_SECRET")
        return CountsRow(code, kind.value, signals, cells.hosts(row.values))

    return read


def _kind(code: str, column: str) -> AreaKind:
    if column == "iris_code" and _IRIS.fullmatch(code):
        return AreaKind.IRIS
    found = area_kind(code) if column == "codgeo" else None
    if found not in set(AreaKind):
        raise RowIsRefused(
            f"« {code} » n'est pas le code d'un IRIS, d'une commune, d'un QPV ni d'un EPCI, et "
            "d'un seul.",
            column=column,
            code="E_AREA",
        )
    return AreaKind(found)


def _signal(row: Row, column: str, kind: AreaKind, code: str, period: str) -> ExposureCount:
    measure, unit = CNAF_MEASURES.get(column, ("foyers_allocataires", Unit.HOUSEHOLD))
    household = HOUSEHOLD_TYPES.get(column)
    name = f"cnaf-{kind.value}:{period}:{code}:{measure}" + (f":{household}" if household else "")
    return ExposureCount(
        signal_id=uuid5(NAMESPACE, name),
        licence=LICENCE,
        purpose="shared_diagnostic",
        period=period,
        area_kind=kind,
        area_code=code,
        measure=measure,
        unit=unit,
        count=_count(row, column),
        household_type=household,
    )


def _count(row: Row, column: str) -> int | Literal["s"]:
    said = row.values[column]
    if not said:
        return SECRET
    if not said.isdigit() or not said.isascii():
        raise RowIsRefused(f"« {said} » n'est pas un compte entier.", column=column)
    if 0 < int(said) < THRESHOLD:
        raise RowIsRefused(
            f"{said} est sous le seuil de {THRESHOLD} ; laissez la cellule vide.",
            column=column,
            code="E_SMALL",
        )
    return int(said)


def _totals(row: CountsRow) -> Mapping[str, int]:
    """Return the sum of each measure, household types aside, and how many cells are secret."""
    sums = {"secrets": 0}
    for one in row.signals:
        if one.count == SECRET:
            sums["secrets"] += 1
        elif not one.breakdown:
            sums[one.measure] = sums.get(one.measure, 0) + int(one.count)
    return sums


CNAF_IRIS: Kind[CountsRow] = Kind(
    name="cnaf-iris",
    needs=(),
    open=_reader,
    totals=_totals,
    forms=(BY_IRIS, BY_TERRITORY),
)
"""Households and people known to the CAF; a blank cell is secret."""
