"""What the exchange tells a subscriber about its own subscription."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from msgspec import Meta

from contracts.envelope import Fact
from contracts.values import CommuneCode, InstitutionSlug


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


class GapTold(Fact, frozen=True, kw_only=True):
    """Messages of this subscription were not confirmed in time: past retention, they are gone.

    They stood from `from_seq` to `to_seq` of the stream, inclusive; heartbeats count from what is
    left, by their `start_seq`. The present state follows as events `area_state_told` and
    `version_state_told` whose `snapshot` is the one named here.
    """

    TYPE: ClassVar[str] = "fr.ctin.exchange.gap_told.v1"
    TIER: ClassVar[Literal["evt", "pub", "out"]] = "out"

    institution: InstitutionSlug
    subscription: UUID
    snapshot: UUID
    from_seq: Annotated[int, Meta(ge=1)]
    to_seq: Annotated[int, Meta(ge=1)]

    @property
    def area(self) -> str:
        """The institution stands where other facts have their area."""
        return self.institution

    @property
    def aggregate(self) -> str:
        """The snapshot."""
        return f"{self.institution}/{self.subscription}/gap/{self.snapshot}"


class SnapshotAsked(Fact, frozen=True, kw_only=True):
    """A subscriber lost events to retention: the present state of these areas is to be told.

    Without `areas`, of every commune of the coordination; `updates` asks for the communes,
    `versions` for the last version of the diagnostic.
    """

    TYPE: ClassVar[str] = "fr.ctin.exchange.snapshot_asked.v1"

    snapshot: UUID
    areas: Annotated[list[CommuneCode], Meta(max_length=2000)]
    updates: bool
    versions: bool

    @property
    def aggregate(self) -> str:
        """The snapshot, in this coordination."""
        return f"{self.coordination}/snapshot/{self.snapshot}"
