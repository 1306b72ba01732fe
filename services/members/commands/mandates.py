"""Give seats to persons, and end them."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from contracts.events.members import SeatEnded, SeatKind, SeatRank, SeatTaken
from contracts.events.members.committees import COMMITTEE_SEATS_MAX
from contracts.http.members import MemberState
from contracts.http.members import mandates as asks
from services.chassis import outbox
from services.chassis.database import Connection
from services.members import model
from services.members.commands.holding import active_committee, hold, member_of
from services.members.commands.seats import SOURCE
from services.members.errors import RecordDiffers
from services.members.errors.committees import CommitteeIsFull
from services.members.errors.mandates import (
    MandateIsOver,
    MemberIsNotConfirmed,
    NoSuchPerson,
    NoSuchSeat,
    TooManyMandates,
)
from services.members.model import mandates as rules
from services.members.model.mandates import NamedSeat, PersonSeat, day_before
from services.members.store import mandates as rows

ENDED_AT_ONCE_MAX = 2_000
"""Seats that one act may end; a coordination has some hundreds."""
IN_A_COMMITTEE = frozenset({MemberState.CONFIRMED})
IN_A_COLLEGE = frozenset({MemberState.CONFIRMED, MemberState.CANDIDATE})


async def take_seat(
    connection: Connection,
    coordination: str,
    asked: asks.TakeSeat,
    *,
    seat_id: UUID,
    now: datetime,
    new_id: Callable[[], UUID],
) -> NamedSeat:
    """Give a person a seat and tell the other services, without its name; again, nothing changes.

    Raises:
        NoSuchCoordination, NoSuchMember, NoSuchCommittee, NoSuchPerson: one is not there.
        CommitteeIsNotActive, CommitteeIsFull: the committee takes nobody.
        MemberIsNotConfirmed: the member may not sit.
        DaysAreReversed: the mandate ends before it begins, or begins before its committee.
        HolderSitsAlready, PersonSitsAlready: the mandate meets another.
        RecordDiffers: the id names another seat.
    """
    async with connection.transaction():
        await hold(connection, coordination)
        seat = await place(connection, coordination, asked, seat_id)
        if seat is not None:
            fact = SeatTaken(coordination=coordination, **told(seat))
            await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
        return await _named(connection, seat_id)


async def place(
    connection: Connection, coordination: str, asked: asks.TakeSeat, seat_id: UUID
) -> PersonSeat | None:
    """Give a person a seat in a coordination that is held; None if it has it already.

    Raises:
        As `take_seat`.
    """
    model.must_be_plain(asked, "reason")
    if asked.valid_until is not None:
        model.must_follow(asked.valid_from, asked.valid_until, field="valid_until")
    seat = _seat(coordination, asked, seat_id)
    known = await rows.one(connection, seat_id)
    if known is not None:
        _must_be_the_same(seat, known)
        return None
    await _must_be_open(connection, seat)
    if not await rows.has_person(connection, coordination, seat.person_id):
        raise NoSuchPerson(seat.person_id)
    rules.must_not_meet(seat, await rows.beside(connection, seat))
    await rows.add(connection, [seat])
    return seat


def _seat(coordination: str, asked: asks.TakeSeat, seat_id: UUID) -> PersonSeat:
    return PersonSeat(
        coordination=coordination,
        seat_id=seat_id,
        member_id=asked.member,
        committee=asked.committee,
        person_id=asked.person,
        rank=asked.rank.value,
        kind=asked.kind.value,
        reason=asked.reason,
        valid_from=asked.valid_from,
        valid_until=asked.valid_until,
        continues=None,
        end_reason=None,
    )


def _must_be_the_same(seat: PersonSeat, known: PersonSeat) -> None:
    """Refuse another content; the end that a mandate met since is no part of it."""
    last = seat.valid_until if known.end_reason else known.valid_until
    as_taken = msgspec.structs.replace(known, valid_until=last, end_reason=None)
    field = model.first_difference(seat, as_taken)
    if field is not None:
        raise RecordDiffers("Le siège", seat.seat_id, field=field)


async def _must_be_open(connection: Connection, seat: PersonSeat) -> None:
    member = await member_of(connection, seat.coordination, seat.member_id)
    if member.state not in (IN_A_COMMITTEE if seat.committee else IN_A_COLLEGE):
        raise MemberIsNotConfirmed(member.organization, member.state)
    if seat.committee is None:
        return
    committee = await active_committee(connection, seat.coordination, seat.committee)
    model.must_follow(committee.since, seat.valid_from, field="valid_from")
    last_before = day_before(seat.valid_from)
    taken = await rows.count_after(connection, seat.coordination, seat.committee, last_before)
    if taken >= COMMITTEE_SEATS_MAX:
        raise CommitteeIsFull(seat.committee, COMMITTEE_SEATS_MAX)


async def end_seat(
    connection: Connection,
    seat_id: UUID,
    asked: asks.EndSeat,
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> NamedSeat:
    """End a mandate and tell the other services; the same end again changes nothing.

    The day before its first says that it never took effect.

    Raises:
        NoSuchSeat: there is none of this id.
        MandateIsOver: it ends before that day.
        DaysAreReversed: it would end before it begins.
        RecordDiffers: it was ended otherwise.
    """
    model.must_be_plain(asked, "reason")
    async with connection.transaction():
        found = await rows.one(connection, seat_id)
        if found is None:
            raise NoSuchSeat(seat_id)
        await hold(connection, found.coordination)
        found = await rows.one(connection, seat_id)
        assert found is not None, "no seat is ever removed"
        if found.end_reason is not None:
            if (found.valid_until, found.end_reason) != (asked.valid_until, asked.reason):
                raise RecordDiffers("Le siège", seat_id, field="valid_until")
            return await _named(connection, seat_id)
        model.must_follow(day_before(found.valid_from), asked.valid_until, field="valid_until")
        if found.valid_until is not None and found.valid_until < asked.valid_until:
            raise MandateIsOver(seat_id, found.valid_until)
        facts = await end_these(
            connection, [found], asked.valid_until, reason=asked.reason, now=now
        )
        await outbox.put(connection, facts, source=SOURCE, now=now, new_id=new_id)
        return await _named(connection, seat_id)


async def end_these(
    connection: Connection, seats: Sequence[PersonSeat], last: date, *, reason: str, now: datetime
) -> list[SeatEnded]:
    """End mandates on a day, or before their first, and return what to tell of each."""
    ended = [rules.ended(one, last, reason) for one in seats]
    if ended:
        await rows.end(connection, ended[0].coordination, ended, reason=reason, now=now)
    return [
        SeatEnded(
            coordination=one.coordination,
            seat_id=one.seat_id,
            member_id=one.member_id,
            committee=one.committee,
            valid_until=one.valid_until or last,
        )
        for one in ended
    ]


async def going_on(
    connection: Connection,
    coordination: str,
    last: date,
    *,
    member_id: UUID | None = None,
    committee: str | None = None,
    kind: str | None = None,
) -> list[PersonSeat]:
    """Return all mandates that fit and go on after a day.

    Raises:
        TooManyMandates: there are more than one act may end.
    """
    seats = await rows.after(
        connection,
        coordination,
        last,
        most=ENDED_AT_ONCE_MAX + 1,
        member_id=member_id,
        committee=committee,
        kind=kind,
    )
    if len(seats) > ENDED_AT_ONCE_MAX:
        raise TooManyMandates(ENDED_AT_ONCE_MAX)
    return seats


async def end_all(
    connection: Connection,
    coordination: str,
    last: date,
    *,
    reason: str,
    now: datetime,
    member_id: UUID | None = None,
    committee: str | None = None,
) -> list[SeatEnded]:
    """End on a day all mandates of a member or of a committee that go on after it."""
    seats = await going_on(connection, coordination, last, member_id=member_id, committee=committee)
    return await end_these(connection, seats, last, reason=reason, now=now)


def told(seat: PersonSeat) -> dict[str, Any]:
    """Return what may be told of a seat: never who sits."""
    return {
        "seat_id": seat.seat_id,
        "member_id": seat.member_id,
        "committee": seat.committee,
        "rank": SeatRank(seat.rank),
        "kind": SeatKind(seat.kind),
        "valid_from": seat.valid_from,
        "valid_until": seat.valid_until,
    }


async def _named(connection: Connection, seat_id: UUID) -> NamedSeat:
    found = await rows.named(connection, seat_id)
    assert found is not None, "it was just found or added, and none is ever removed"
    return found
