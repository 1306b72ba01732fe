"""Form committees, declare them complete, transform and close them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from contracts.events.members import (
    CommitteeTransformed,
    CommitteeType,
    ContinuedSeat,
    SeatKind,
)
from contracts.events.members.committees import COMMITTEE_SEATS_MAX
from contracts.http.members import committees as asks
from contracts.http.members.committees import CommitteeState
from services.chassis import outbox
from services.chassis.database import Connection
from services.members import model
from services.members.commands.holding import active_committee, committee_of, hold
from services.members.commands.mandates import end_all, end_these
from services.members.commands.seats import SOURCE
from services.members.errors import RecordDiffers
from services.members.errors.committees import CommitteeIsFull, CommitteeIsIncomplete
from services.members.model import committees as rules
from services.members.model.committees import Committee
from services.members.model.mandates import ONE_DAY, PersonSeat, day_before
from services.members.store import committees as rows
from services.members.store import mandates

_AS_FORMED: dict[str, Any] = {
    "state": CommitteeState.ACTIVE.value,
    "became": None,
    "completed_on": None,
    "closed_on": None,
    "close_reason": None,
    "was": [],
}


async def form_committee(
    connection: Connection, coordination: str, asked: asks.FormCommittee
) -> Committee:
    """Begin a committee; the same one again answers what it has become.

    Raises:
        NoSuchCoordination: it was never founded.
        RecordDiffers: the slug names another committee.
    """
    async with connection.transaction():
        await hold(connection, coordination)
        return await _form(connection, coordination, asked)


async def _form(connection: Connection, coordination: str, asked: asks.FormCommittee) -> Committee:
    model.must_be_plain(asked, "name")
    row = Committee(
        coordination=coordination,
        **{**msgspec.structs.asdict(asked), "type": asked.type.value},
        **_AS_FORMED,
    )
    if await rows.add(connection, row):
        return row
    found = await committee_of(connection, coordination, asked.committee)
    if msgspec.structs.replace(found, **_AS_FORMED) != row:
        raise RecordDiffers("L'instance", asked.committee, field="committee")
    return found


async def complete_committee(
    connection: Connection, coordination: str, committee: str, asked: asks.CompleteCommittee
) -> Committee:
    """Declare on a day that a committee has everyone it needs; the same day again changes nothing.

    Raises:
        NoSuchCoordination, NoSuchCommittee, CommitteeIsNotActive: nothing goes on there.
        DaysAreReversed: it began later.
        CommitteeIsIncomplete: it lacks a kind of holder on that day.
        RecordDiffers: it was declared complete on another day.
    """
    async with connection.transaction():
        await hold(connection, coordination)
        found = await active_committee(connection, coordination, committee)
        if found.completed_on is not None:
            if found.completed_on != asked.completed_on:
                raise RecordDiffers("L'instance", committee, field="completed_on")
            return found
        model.must_follow(found.since, asked.completed_on, field="completed_on")
        await _must_be_complete(connection, found, asked.completed_on)
        await rows.complete(connection, coordination, committee, asked.completed_on)
    return msgspec.structs.replace(found, completed_on=asked.completed_on)


async def _must_be_complete(connection: Connection, found: Committee, on: date) -> None:
    counted = await mandates.holders(connection, found.coordination, found.committee, on)
    holders = {SeatKind(one.kind): one.holders for one in counted}
    gaps = rules.missing(CommitteeType(found.type), holders)
    if gaps:
        raise CommitteeIsIncomplete(found.committee, rules.said(gaps))


async def close_committee(
    connection: Connection,
    coordination: str,
    committee: str,
    asked: asks.CloseCommittee,
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> Committee:
    """Close a committee and end its mandates; the same end again changes nothing.

    Raises:
        NoSuchCoordination, NoSuchCommittee, CommitteeIsNotActive: nothing goes on there.
        DaysAreReversed: it began later.
        RecordDiffers: it was closed otherwise.
    """
    model.must_be_plain(asked, "reason")
    async with connection.transaction():
        await hold(connection, coordination)
        found = await committee_of(connection, coordination, committee)
        closed = msgspec.structs.replace(
            found,
            state=CommitteeState.CLOSED.value,
            closed_on=asked.closed_on,
            close_reason=asked.reason,
        )
        if found.state == CommitteeState.CLOSED:
            if found != closed:
                raise RecordDiffers("L'instance", committee, field="closed_on")
            return found
        await active_committee(connection, coordination, committee)
        model.must_follow(found.since, asked.closed_on, field="closed_on")
        await rows.close(connection, closed)
        facts = await end_all(
            connection,
            coordination,
            asked.closed_on,
            committee=committee,
            reason=asked.reason,
            now=now,
        )
        await outbox.put(connection, facts, source=SOURCE, now=now, new_id=new_id)
    return closed


async def transform_committee(
    connection: Connection,
    coordination: str,
    committee: str,
    asked: asks.TransformCommittee,
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> Committee:
    """Make a committee another one, with its seats and its history; again, nothing changes.

    Each mandate ends the day before and goes on in the new committee under another id, which
    says what it continues.

    Raises:
        NoSuchCoordination, NoSuchCommittee, CommitteeIsNotActive: nothing goes on there.
        CommitteeIsIncomplete: it lacks a kind of holder that its type needs.
        CommitteeIsFull: more seats would go on than one committee has.
        DaysAreReversed: the new one begins before the old one did.
        RecordDiffers: the slug of the new one is taken, or it was transformed otherwise.
    """
    model.must_be_plain(asked, "reason")
    into = asked.into
    async with connection.transaction():
        await hold(connection, coordination)
        found = await committee_of(connection, coordination, committee)
        if found.became == into.committee:
            if found.close_reason != asked.reason:
                raise RecordDiffers("L'instance", committee, field="reason")
            return await _form(connection, coordination, into)
        await active_committee(connection, coordination, committee)
        last = day_before(into.since)
        model.must_follow(found.since, last, field="into.since")
        await _must_be_complete(connection, found, into.since)
        if await rows.one(connection, coordination, into.committee):
            raise RecordDiffers("L'instance", into.committee, field="into.committee")
        row = await _form(connection, coordination, into)
        gone = msgspec.structs.replace(
            found,
            state=CommitteeState.TRANSFORMED.value,
            became=into.committee,
            closed_on=last,
            close_reason=asked.reason,
        )
        await rows.close(connection, gone)
        moved = await _continue_seats(connection, gone, last, now=now, new_id=new_id)
        fact = CommitteeTransformed(
            coordination=coordination,
            committee=committee,
            became=into.committee,
            committee_type=into.type,
            effective_on=into.since,
            seats=moved,
        )
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
    return msgspec.structs.replace(row, was=[committee])


async def _continue_seats(
    connection: Connection,
    gone: Committee,
    last: date,
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> list[ContinuedSeat]:
    assert gone.close_reason is not None, "a transformation says why"
    seats = await mandates.after(
        connection, gone.coordination, last, most=COMMITTEE_SEATS_MAX + 1, committee=gone.committee
    )
    if len(seats) > COMMITTEE_SEATS_MAX:  # Its fact would be larger than a message.
        raise CommitteeIsFull(gone.committee, COMMITTEE_SEATS_MAX)
    await end_these(connection, seats, last, reason=gone.close_reason, now=now)
    moved = [_continued(one, gone, last, new_id()) for one in seats]
    await mandates.add(connection, moved)
    return [
        ContinuedSeat(seat_id=one.seat_id, continues=one.continues)
        for one in moved
        if one.continues is not None
    ]


def _continued(seat: PersonSeat, gone: Committee, last: date, seat_id: UUID) -> PersonSeat:
    return msgspec.structs.replace(
        seat,
        seat_id=seat_id,
        committee=gone.became,
        valid_from=max(seat.valid_from, last + ONE_DAY),
        continues=seat.seat_id,
    )
