"""Events about the places where inhabitants are helped."""

from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from contracts.envelope import Fact
from contracts.values import CommuneCode


class CommunePlaces(msgspec.Struct, frozen=True, kw_only=True):
    """How the places of a commune changed; `places` is how many it has since."""

    commune: CommuneCode
    places: Annotated[int, Meta(ge=0)]
    added: Annotated[int, Meta(ge=0)]
    changed: Annotated[int, Meta(ge=0)]


class PlacesChanged(Fact, frozen=True, kw_only=True):
    """Places of a territory were added, or what is known of them changed, by commune.

    The places of one batch come together, however many: the directory has each of them.
    """

    TYPE: ClassVar[str] = "fr.ctin.diagnostics.places_changed.v1"
    TIER: ClassVar[Literal["evt", "pub", "out"]] = "pub"

    communes: Annotated[list[CommunePlaces], Meta(min_length=1, max_length=500)]

    @property
    def aggregate(self) -> str:
        """The places of a coordination: their facts follow one another."""
        return f"{self.coordination}/places"
