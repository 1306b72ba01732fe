"""The country's communes as the Code officiel géographique has them."""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from contracts.values import CommuneCode, Label, Siren

FormerCode = Annotated[str, Meta(pattern="^[0-9AB]{5}$")]
"""A code that a commune had: Corsica's began by 20."""
COG_SOURCE = "INSEE, Code officiel géographique"
"""Where the name and population of a commune are from, unless they were loaded by hand."""


class NationalCommune(msgspec.Struct, frozen=True):
    """Columns of `known_national_communes`; longitude and latitude are degrees, WGS 84."""

    commune: CommuneCode
    name: Label
    population: Annotated[int, Meta(ge=0, le=10_000_000)] | None
    department: Annotated[str, Meta(pattern="^[0-9AB]{2,3}$")]
    department_name: Label
    region: Annotated[str, Meta(pattern="^[0-9]{2,3}$")]
    epci: Siren | None
    epci_name: Label | None
    postal_codes: list[Annotated[str, Meta(pattern="^[0-9]{5}$")]] = []
    longitude: Annotated[float, Meta(ge=-180, le=180)] | None = None
    latitude: Annotated[float, Meta(ge=-90, le=90)] | None = None


class Movement(msgspec.Struct, frozen=True):
    """A code of commune that gave way to another; columns of `known_national_movements`."""

    code_before: FormerCode
    effective_on: date
    code_after: FormerCode
    name_before: Annotated[str, Meta(max_length=200)] = ""


class FormerCommune(msgspec.Struct, frozen=True):
    """Columns of `former_communes`: one that is gone, and where its territory is today."""

    code: str
    name: str
    commune: str
    postal_codes: list[str]


class Successor(msgspec.Struct, frozen=True):
    """Columns of `national_successors`."""

    code_before: str
    code_after: str


class EpciRow(msgspec.Struct, frozen=True):
    """Columns of `national_epcis`: its communes' inhabitants are counted together."""

    epci: str
    name: str
    population: int
    communes: int


class NamedCommune(msgspec.Struct, frozen=True):
    """Columns of `communes_of_departments`."""

    commune: str
    name: str
    department: str


class DistrictRow(msgspec.Struct, frozen=True):
    """Columns of `districts`: a QPV, and a commune that it is in."""

    district: str
    commune: str


class Skipped(msgspec.Struct, frozen=True):
    """A line of the movements that moves no code of a commune: nothing to keep."""


Told = NationalCommune | Movement | Skipped
