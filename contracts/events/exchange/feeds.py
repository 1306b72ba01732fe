"""What the exchange tells a subscriber about its own subscription."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from msgspec import Meta

from contracts.envelope import Fact
from contracts.values import InstitutionSlug


class Heartbeat(Fact, frozen=True, kw_only=True):
    """Up to `through_seq`, `matching` messages of the stream are for this subscription.

    Counted from `start_seq`, inclusive. A receiver that has fewer distinct stream sequences asks
    for the range again; `through_seq` grows from one heartbeat to the next.
    """

    TYPE: ClassVar[str] = "fr.ctin.exchange.heartbeat.v1"
    TIER: ClassVar[Literal["evt", "pub", "out"]] = "out"

    institution: InstitutionSlug
    subscription: UUID
    start_seq: Annotated[int, Meta(ge=1)]
    through_seq: Annotated[int, Meta(ge=0)]
    matching: Annotated[int, Meta(ge=0)]

    @property
    def area(self) -> str:
        """The institution stands where other facts have their area."""
        return self.institution

    @property
    def aggregate(self) -> str:
        """The subscription."""
        return f"{self.institution}/{self.subscription}/heartbeat"
