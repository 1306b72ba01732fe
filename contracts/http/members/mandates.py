"""Bodies of the seats of persons."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.events.members.mandates import SeatKind, SeatRank
from contracts.values import Label, Slug

TAKES_MAX, ENDS_MAX = 500, 2000


class TakeSeat(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person that sits for a member, in a committee or, without one, in its college.

    `reason` says why this seat is there, as in "axe de la CTG". Both days are included; without a
    last one the mandate goes on.
    """

    id: UUID | None = None
    person: UUID
    member: UUID
    committee: Slug | None = None
    rank: SeatRank = SeatRank.HOLDER
    kind: SeatKind
    reason: Label | None = None
    valid_from: date
    valid_until: date | None = None


class EndSeat(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The last day of a mandate, and why it ends."""

    valid_until: date
    reason: Label


class PersonSeat(msgspec.Struct, frozen=True, kw_only=True):
    """A seat; `name` is shown to callers of its coordination alone, and null once erased."""

    id: UUID
    coordination: str
    member: UUID
    committee: str | None
    person: UUID
    name: str | None
    rank: SeatRank
    kind: SeatKind
    reason: str | None
    valid_from: date
    valid_until: date | None
    continues: UUID | None
    end_reason: str | None


class PersonSeats(msgspec.Struct, frozen=True, kw_only=True):
    """A page of seats by id; `cursor` asks for the next one, null at the end."""

    items: list[PersonSeat]
    cursor: str | None = None


class SeatsOf(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All seats of a committee, of a kind, or both."""

    committee: Slug | None = None
    kind: SeatKind | None = None


class RenewSeats(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Mandates that end the day before `effective_on` and those that begin then, or later.

    All of it is done, or nothing is.
    """

    id: UUID | None = None
    effective_on: date
    reason: Label
    ends: Annotated[list[UUID], Meta(max_length=ENDS_MAX)] = []
    ends_of: Annotated[list[SeatsOf], Meta(max_length=50)] = []
    takes: Annotated[list[TakeSeat], Meta(max_length=TAKES_MAX)] = []


class Renewal(msgspec.Struct, frozen=True, kw_only=True):
    """A renewal that was done, and how many seats it ended and gave."""

    id: UUID
    coordination: str
    effective_on: date
    ended: int
    taken: int


class ElectedLead(msgspec.Struct, frozen=True, kw_only=True):
    """Whether an elected person sits for a member that leads, on a day."""

    on: date
    has_one: bool
    seats: list[UUID]
    detail: str
