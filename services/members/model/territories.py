"""Rows of the Code officiel géographique, and how its files are read."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from contracts.http.members.values import DepartmentCode
from contracts.values import CommuneCode, Label, Siren
from services.members.model.names import name_key

RegionCode = Annotated[str, Meta(pattern="^[0-9]{2,3}$")]
Population = Annotated[int, Meta(ge=0, le=10_000_000)]
FLAT = {
    "code_commune": "code",
    "nom": "name",
    "population": "population",
    "code_departement": "department",
    "departement": "department_name",
    "code_region": "region",
    "region": "region_name",
    "siren_epci": "epci",
    "epci": "epci_name",
    "type_epci": "epci_kind",
}
"""Columns of the flat file of communes and their EPCI, each with its field."""
MOVED = {
    "MOD": "kind",
    "DATE_EFF": "effective_on",
    "TYPECOM_AV": "type_before",
    "COM_AV": "code_before",
    "LIBELLE_AV": "name_before",
    "TYPECOM_AP": "type_after",
    "COM_AP": "code_after",
    "LIBELLE_AP": "name_after",
}
"""Columns of INSEE's file of movements, each with its field."""
FLAT_NEEDED = ("code_commune", "nom", "code_departement", "departement", "code_region", "region")
MOVED_NEEDED = ("MOD", "DATE_EFF", "TYPECOM_AV", "COM_AV", "TYPECOM_AP", "COM_AP")


class Commune(msgspec.Struct, frozen=True):
    """Columns of a commune with those of its territories, in the order of the queries."""

    code: CommuneCode
    name: Label
    population: Population | None
    department: DepartmentCode
    department_name: Label
    region: RegionCode
    region_name: Label
    epci: Siren | None
    epci_name: Label | None
    epci_kind: Annotated[str, Meta(max_length=20)] | None = None


class Movement(msgspec.Struct, frozen=True):
    """Columns of a movement, in the order of the queries."""

    code_before: Annotated[str, Meta(pattern="^([0-9AB]{5})?$")]
    effective_on: date
    kind: Annotated[str, Meta(pattern="^[0-9]{2}$")]
    type_before: Annotated[str, Meta(pattern="^[A-Z]{0,4}$")]
    type_after: Annotated[str, Meta(pattern="^[A-Z]{0,4}$")]
    code_after: Annotated[str, Meta(pattern="^([0-9AB]{5})?$")]
    name_before: Annotated[str, Meta(max_length=200)] = ""
    name_after: Annotated[str, Meta(max_length=200)] = ""


class Successor(msgspec.Struct, frozen=True):
    """A commune that answers to a code today, and since when where the code is not its own."""

    code: str
    replaced_on: date | None


class Epci(msgspec.Struct, frozen=True):
    """Columns of an EPCI, in the order of the queries."""

    epci: str
    name: str
    kind: str | None


def cog_row(values: Mapping[str, str]) -> Commune | Movement:
    """Return the commune or the movement that a line of one of the national files tells.

    Raises:
        msgspec.ValidationError: a value is not one of these files'; the path is the column.
    """
    if "MOD" in values:
        return _read(values, MOVED, Movement, keep_empty=True)
    return _read(values, FLAT, Commune, keep_empty=False)


def _read(
    values: Mapping[str, str],
    columns: Mapping[str, str],
    kind: type[Commune] | type[Movement],
    *,
    keep_empty: bool,
) -> Commune | Movement:
    told: dict[str, str | None] = {}
    for column, field in columns.items():
        written = values.get(column, "").strip()
        told[field] = written if written or keep_empty else None
    return msgspec.convert(told, kind, strict=False)


def commune_key(row: Commune) -> str:
    """Return the name of a commune as it is compared."""
    return name_key(row.name)
