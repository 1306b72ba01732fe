"""Bodies of coordinations."""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from contracts.http.members.values import DepartmentCode
from contracts.values import (
    CommuneCode,
    CoordinationSlug,
    Label,
    Siren,
    Slug,
    TerritoryLevel,
)


class FoundCoordination(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A coordination to found, on a territory given by one code or by its communes.

    One of `siren` (an EPCI), `commune`, `department` or `epcis` is enough: the communes, the level
    and the name are then those of the Code officiel géographique. With `communes`, each once, the
    level and the name are given too, and nothing is looked up. `parent` is the coordination of a
    wider territory; `process` the steps that are followed.
    """

    slug: CoordinationSlug
    name: Label | None = None
    level: TerritoryLevel | None = None
    siren: Siren | None = None
    commune: CommuneCode | None = None
    department: DepartmentCode | None = None
    epcis: Annotated[list[Siren], Meta(max_length=50)] = []
    communes: Annotated[list[CommuneCode], Meta(max_length=2000)] = []
    parent: CoordinationSlug | None = None
    experiment: bool = False
    starts_on: date | None = None
    ends_on: date | None = None
    strategy: Label | None = None
    process: Slug | None = None


class Coordination(msgspec.Struct, frozen=True, kw_only=True):
    """A coordination and the communes it covers."""

    slug: str
    name: str
    level: TerritoryLevel
    siren: str | None
    communes: list[str]
    department: str | None = None
    epcis: list[str] = []
    parent: str | None = None
    experiment: bool = False
    starts_on: date | None = None
    ends_on: date | None = None
    strategy: str | None = None
    process: str | None = None


class Coordinations(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the coordinations the caller may enter; `cursor` asks for the next one."""

    items: list[Coordination]
    cursor: str | None = None


class PlaceCoordination(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The coordination that another one belongs to; null takes it out."""

    parent: CoordinationSlug | None


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What a coordination and those below it are together, each thing counted once.

    `population` adds the communes that the Code officiel géographique gives one for, and
    `communes_without_population` says how many it does not. `members` counts organisations by
    college: one that sits in two coordinations below counts once in its college.
    """

    coordination: str
    coordinations: int
    communes: int
    population: int
    communes_without_population: int
    members: dict[str, int]
    organizations: int
