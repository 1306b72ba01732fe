"""Rows of the Code officiel géographique, and what each holds."""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from contracts.http.members.values import DepartmentCode
from contracts.values import CommuneCode, Label, Siren
from services.members.model.names import name_key

RegionCode = Annotated[str, Meta(pattern="^[0-9]{2,3}$")]
Population = Annotated[int, Meta(ge=0, le=10_000_000)]


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


def commune_key(row: Commune) -> str:
    """Return the name of a commune as it is compared."""
    return name_key(row.name)
