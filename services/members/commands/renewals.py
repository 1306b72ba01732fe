"""Renew many seats in one act, as after an election."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID, uuid5

import msgspec

from contracts.events.members import SeatsRenewed, TakenSeat
from contracts.events.members.mandates import ENDED_PER_PART_MAX, TAKEN_PER_PART_MAX
from contracts.http.members import mandates as asks
from services.chassis import outbox
from services.chassis.database import Connection
from services.chassis.errors import Refusal
from services.members import model
from services.members.commands.holding import committee_of, hold
from services.members.commands.mandates import end_these, going_on, place, told
from services.members.commands.seats import SOURCE
from services.members.errors import RecordDiffers
from services.members.errors.mandates import MandateIsOver, NoSuchSeat, NothingToRenew
from services.members.model.mandates import PersonSeat, Renewal, day_before, outlives
from services.members.store import mandates as rows


async def renew_seats(
    connection: Connection,
    coordination: str,
    asked: asks.RenewSeats,
    *,
    renewal_id: UUID,
    now: datetime,
    new_id: Callable[[], UUID],
) -> Renewal:
    """End mandates and give others in one act, all of it or nothing; again, nothing changes.

    Seats without an id are named after the renewal and their place in it.

    Raises:
        NothingToRenew: nothing would end nor begin.
        NoSuchSeat, NoSuchCommittee: what should end is not here.
        TooManyMandates: a group of what should end is too large.
        MandateIsOver: it ended before.
        ValueRepeats: a seat is named twice.
        RecordDiffers: the id names another renewal, or a seat that is there.
        As `take_seat`: a seat cannot be given; the field says which.
    """
    model.must_be_plain(asked, "reason")
    model.must_name_once("ends", map(str, asked.ends))
    model.must_name_once("takes", (str(one.id) for one in asked.takes if one.id))
    content = msgspec.json.encode(msgspec.structs.replace(asked, id=None), order="deterministic")
    sha256 = hashlib.sha256(content).hexdigest()
    async with connection.transaction():
        await hold(connection, coordination)
        known = await rows.renewal(connection, renewal_id)
        if known is not None:
            if (known.coordination, known.content_sha256) != (coordination, sha256):
                raise RecordDiffers("Le renouvellement", renewal_id)
            return known
        ending = await _ending(connection, coordination, asked)
        last = day_before(asked.effective_on)
        await end_these(connection, ending, last, reason=asked.reason, now=now)
        taken = await _taken(connection, coordination, asked, renewal_id)
        if not ending and not taken:
            raise NothingToRenew
        row = Renewal(
            coordination=coordination,
            renewal_id=renewal_id,
            effective_on=asked.effective_on,
            content_sha256=sha256,
            ended=len(ending),
            taken=len(taken),
        )
        await rows.add_renewal(connection, row, now=now)
        facts = parts_of(row, [one.seat_id for one in ending], taken)
        await outbox.put(connection, facts, source=SOURCE, now=now, new_id=new_id)
    return row


async def _ending(
    connection: Connection, coordination: str, asked: asks.RenewSeats
) -> list[PersonSeat]:
    """Return the seats that end, each once, by id."""
    last = day_before(asked.effective_on)
    found: dict[UUID, PersonSeat] = {}
    for seat_id in asked.ends:
        seat = await rows.one(connection, seat_id)
        if seat is None or seat.coordination != coordination:
            raise _in_field(NoSuchSeat(seat_id), "ends")
        if not outlives(seat, last):
            raise _in_field(MandateIsOver(seat_id, seat.valid_until), "ends")
        found[seat_id] = seat
    for place_number, group in enumerate(asked.ends_of):
        if group.committee is not None:
            try:
                await committee_of(connection, coordination, group.committee)
            except Refusal as refusal:
                raise _in_field(refusal, f"ends_of.{place_number}.committee") from None
        seats = await going_on(
            connection,
            coordination,
            last,
            committee=group.committee,
            kind=group.kind.value if group.kind else None,
        )
        found |= {one.seat_id: one for one in seats}
    return [found[seat_id] for seat_id in sorted(found)]


async def _taken(
    connection: Connection, coordination: str, asked: asks.RenewSeats, renewal_id: UUID
) -> list[PersonSeat]:
    taken: list[PersonSeat] = []
    for number, one in enumerate(asked.takes):
        seat_id = one.id or uuid5(renewal_id, str(number))
        try:
            model.must_follow(asked.effective_on, one.valid_from, field="valid_from")
            seat = await place(connection, coordination, one, seat_id)
            if seat is None:
                raise RecordDiffers("Le siège", seat_id)
        except Refusal as refusal:
            raise _in_field(refusal, f"takes.{number}.{refusal.field}") from None
        taken.append(seat)
    return taken


def _in_field(refusal: Refusal, field: str) -> Refusal:
    refusal.field = field
    return refusal


def parts_of(
    row: Renewal, ended: Sequence[UUID], taken: Sequence[PersonSeat]
) -> list[SeatsRenewed]:
    """Return the facts of a renewal, cut so that each is smaller than a message."""
    most = max(_parts(len(ended), ENDED_PER_PART_MAX), _parts(len(taken), TAKEN_PER_PART_MAX))
    return [
        SeatsRenewed(
            coordination=row.coordination,
            renewal_id=row.renewal_id,
            part=part + 1,
            parts=most,
            effective_on=row.effective_on,
            ended=list(ended[part * ENDED_PER_PART_MAX : (part + 1) * ENDED_PER_PART_MAX]),
            taken=[
                TakenSeat(**told(one))
                for one in taken[part * TAKEN_PER_PART_MAX : (part + 1) * TAKEN_PER_PART_MAX]
            ],
        )
        for part in range(most)
    ]


def _parts(count: int, most: int) -> int:
    return max(1, -(-count // most))
