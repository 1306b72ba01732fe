"""Facts about the seats of persons: ids, kinds and days, never who sits."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.envelope import Fact
from contracts.values import Slug

TAKEN_PER_PART_MAX, ENDED_PER_PART_MAX = 100, 400
"""What one part of a renewal holds, so that it stays under the size of a message."""


class SeatRank(StrEnum):
    """Whether a person sits first, or stands in for who does."""

    HOLDER = "HOLDER"
    SUBSTITUTE = "SUBSTITUTE"


class SeatKind(StrEnum):
    """What a person sits as."""

    ELECTED = "ELECTED"
    TECHNICAL = "TECHNICAL"
    OPERATOR = "OPERATOR"
    CITIZEN = "CITIZEN"


class TakenSeat(msgspec.Struct, frozen=True, kw_only=True):
    """A seat as it was taken; without a committee it is in the college of its member."""

    seat_id: UUID
    member_id: UUID
    committee: Slug | None = None
    rank: SeatRank
    kind: SeatKind
    valid_from: date
    valid_until: date | None = None


class SeatTaken(Fact, frozen=True, kw_only=True):
    """A person sits for a member between two days, both inclusive; without a last one, for now.

    Without a committee the seat is in the college of the member.
    """

    TYPE: ClassVar[str] = "fr.ctin.members.seat_taken.v1"

    seat_id: UUID
    member_id: UUID
    committee: Slug | None = None
    rank: SeatRank
    kind: SeatKind
    valid_from: date
    valid_until: date | None = None

    @property
    def aggregate(self) -> str:
        """The seat."""
        return str(self.seat_id)


class SeatEnded(Fact, frozen=True, kw_only=True):
    """A mandate is over; `valid_until` is its last day, before its first if it never began."""

    TYPE: ClassVar[str] = "fr.ctin.members.seat_ended.v1"

    seat_id: UUID
    member_id: UUID
    committee: Slug | None = None
    valid_until: date

    @property
    def aggregate(self) -> str:
        """The seat."""
        return str(self.seat_id)


class SeatsRenewed(Fact, frozen=True, kw_only=True):
    """Many seats ended and were taken in one act, as after an election; part `part` of `parts`.

    The mandates of `ended` have the day before `effective_on` as their last.
    """

    TYPE: ClassVar[str] = "fr.ctin.members.seats_renewed.v1"

    renewal_id: UUID
    part: Annotated[int, Meta(ge=1, le=100)]
    parts: Annotated[int, Meta(ge=1, le=100)]
    effective_on: date
    ended: Annotated[list[UUID], Meta(max_length=ENDED_PER_PART_MAX)] = []
    taken: Annotated[list[TakenSeat], Meta(max_length=TAKEN_PER_PART_MAX)] = []

    @property
    def aggregate(self) -> str:
        """The renewal."""
        return str(self.renewal_id)
