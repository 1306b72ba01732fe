"""Facts about coordinations."""

from typing import Annotated, ClassVar

from msgspec import Meta

from contracts.envelope import Fact
from contracts.values import (
    CommuneCode,
    CoordinationSlug,
    Label,
    Siren,
    TerritoryLevel,
)


class CoordinationFounded(Fact, frozen=True, kw_only=True):
    """A coordination exists, with the communes it covers."""

    TYPE: ClassVar[str] = "fr.ctin.members.coordination_founded.v1"

    name: Label
    level: TerritoryLevel
    siren: Siren | None = None
    communes: Annotated[list[CommuneCode], Meta(min_length=1, max_length=2000)]

    @property
    def aggregate(self) -> str:
        """The coordination."""
        return self.coordination


class CoordinationPlaced(Fact, frozen=True, kw_only=True):
    """A coordination stands under `parent` from now on, or under none when it is null."""

    TYPE: ClassVar[str] = "fr.ctin.members.coordination_placed.v1"

    parent: CoordinationSlug | None = None

    @property
    def aggregate(self) -> str:
        """The coordination."""
        return self.coordination
