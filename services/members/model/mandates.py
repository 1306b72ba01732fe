"""What a person's seat is, and which mandates may not meet."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

import msgspec

from contracts.events.members import SeatRank
from services.members.errors.mandates import HolderSitsAlready, PersonSitsAlready

ONE_DAY = timedelta(days=1)


def day_before(day: date) -> date:
    """Return the day before; the first day there is has none and is returned."""
    return day - ONE_DAY if day > date.min else day


class PersonSeat(msgspec.Struct, frozen=True):
    """Columns of a seat, in the order of the queries."""

    coordination: str
    seat_id: UUID
    member_id: UUID
    committee: str | None
    person_id: UUID
    rank: str
    kind: str
    reason: str | None
    valid_from: date
    valid_until: date | None
    continues: UUID | None
    end_reason: str | None


class NamedSeat(msgspec.Struct, frozen=True):
    """The same with the name of the person, null once it is erased."""

    coordination: str
    seat_id: UUID
    member_id: UUID
    committee: str | None
    person_id: UUID
    name: str | None
    rank: str
    kind: str
    reason: str | None
    valid_from: date
    valid_until: date | None
    continues: UUID | None
    end_reason: str | None


class Renewal(msgspec.Struct, frozen=True):
    """Columns of a renewal, in the order of the queries."""

    coordination: str
    renewal_id: UUID
    effective_on: date
    content_sha256: str
    ended: int
    taken: int


def meet(one: PersonSeat, other: PersonSeat) -> bool:
    """Tell whether two mandates have a day in common; one that never took effect has none."""
    return _began_by(one, other.valid_until) and _began_by(other, one.valid_until)


def _began_by(seat: PersonSeat, day: date | None) -> bool:
    if seat.valid_until is not None and seat.valid_until < seat.valid_from:
        return False
    return day is None or seat.valid_from <= day


def must_not_meet(seat: PersonSeat, others: Iterable[PersonSeat]) -> None:
    """Refuse a seat beside those of the same committee or, without one, of the same member.

    Raises:
        HolderSitsAlready: the member has a holder there on one of these days.
        PersonSitsAlready: the person sits there on one of these days.
    """
    for other in others:
        if other.committee != seat.committee or not meet(seat, other):
            continue
        is_same_member = other.member_id == seat.member_id
        days = {"first": other.valid_from, "last": other.valid_until}
        if other.person_id == seat.person_id and (seat.committee or is_same_member):
            raise PersonSitsAlready(**days)
        if is_same_member and other.rank == seat.rank == SeatRank.HOLDER:
            raise HolderSitsAlready(**days)


def ended(seat: PersonSeat, last: date, reason: str) -> PersonSeat:
    """Return a seat whose mandate ends on `last`; the day before its first if it had not begun."""
    day = max(last, day_before(seat.valid_from))
    assert seat.valid_until is None or day <= seat.valid_until, "an end never makes it longer"
    return msgspec.structs.replace(seat, valid_until=day, end_reason=reason)


def outlives(seat: PersonSeat, last: date) -> bool:
    """Tell whether a mandate still has days after `last`."""
    return seat.valid_until is None or seat.valid_until > last
