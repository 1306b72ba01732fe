"""Facts about coordinations."""

from typing import Annotated, ClassVar

from msgspec import Meta

from contracts.envelope import Fact
from contracts.values import (
    CommuneCode,
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
