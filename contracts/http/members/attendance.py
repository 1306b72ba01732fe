"""Bodies of attendance, proxies and the live quorum."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.http.members.sessions import Instant

Rational = Annotated[
    str,
    Meta(
        pattern="^(0|1|[0-9]{1,4}/[1-9][0-9]{0,3})$",
        description="An exact fraction between 0 and 1, as in `1/2`.",
    ),
]


class SeatRank(StrEnum):
    """Whether a seat is the holder's or its substitute's."""

    HOLDER = "HOLDER"
    SUBSTITUTE = "SUBSTITUTE"


class Attend(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member in the room, by one of its seats, by the person of one, or without saying which.

    Without `present_from` it is present from now; `left_at` says when it left.
    """

    member: UUID
    seat: UUID | None = None
    person: UUID | None = None
    present_from: Instant | None = None
    left_at: Instant | None = None


class RecordAttendance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is in the room; each item is answered on its own."""

    items: Annotated[list[Attend], Meta(min_length=1, max_length=500)]


class AttendanceStatus(StrEnum):
    """What became of one item."""

    RECORDED = "recorded"
    EXISTS = "exists"
    REFUSED = "refused"


class AttendanceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one item, at its place in the list.

    `counts` says whether this seat is the one that counts now for its member: a substitute does
    when no holder is in the room, a guest never does.
    """

    index: int
    member: UUID
    status: AttendanceStatus
    rank: SeatRank | None = None
    counts: bool = False
    code: str | None = None
    field: str | None = None
    detail: str | None = None


class AttendanceAnswers(msgspec.Struct, frozen=True, kw_only=True):
    """One answer per item, in order."""

    items: list[AttendanceAnswer]


class Attendance(msgspec.Struct, frozen=True, kw_only=True):
    """When a seat, or a member without naming one, was in the room."""

    member: UUID
    seat: UUID | None
    rank: SeatRank | None
    present_from: datetime
    left_at: datetime | None


class Attendances(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a session's attendances; `cursor` asks for the next one, null at the end."""

    items: list[Attendance]
    cursor: str | None = None


class GiveProxy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member that will not be there, and the one of its college that votes for it."""

    giver: UUID
    holder: UUID
    given_on: date


class Proxy(msgspec.Struct, frozen=True, kw_only=True):
    """A proxy for one session; it counts until it is revoked."""

    session: UUID
    giver: UUID
    holder: UUID
    given_on: date
    revoked_at: datetime | None


class Proxies(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a session's proxies by giver; `cursor` asks for the next one, null at the end."""

    items: list[Proxy]
    cursor: str | None = None


class CollegeQuorum(msgspec.Struct, frozen=True, kw_only=True):
    """What one college brings to the quorum; `share` is (present + represented) / roll."""

    college: str
    weight: str
    roll: int
    present: int
    represented: int
    share: str | None
    reached: bool


class Quorum(msgspec.Struct, frozen=True, kw_only=True):
    """The quorum at one instant, in exact fractions: `score` is Σ weight × share."""

    session: UUID
    at: datetime
    quorum: str
    quorum_per_college: str | None
    score: str
    holds: bool
    colleges: list[CollegeQuorum]


class FindInquorate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The quorum to measure by, where the rule book's is not meant."""

    quorum: Rational | None = None
    quorum_per_college: Rational | None = None
