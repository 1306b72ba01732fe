"""Bodies of coordinations."""

from typing import Annotated

import msgspec
from msgspec import Meta

from contracts.values import (
    CommuneCode,
    CoordinationSlug,
    Label,
    Siren,
    TerritoryLevel,
)


class FoundCoordination(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A coordination to found, with every commune it covers, each once."""

    slug: CoordinationSlug
    name: Label
    level: TerritoryLevel
    siren: Siren | None = None
    communes: Annotated[list[CommuneCode], Meta(min_length=1, max_length=2000)]


class Coordination(msgspec.Struct, frozen=True, kw_only=True):
    """A coordination and the communes it covers."""

    slug: str
    name: str
    level: TerritoryLevel
    siren: str | None
    communes: list[str]


class Coordinations(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the coordinations the caller may enter; `cursor` asks for the next one."""

    items: list[Coordination]
    cursor: str | None = None
