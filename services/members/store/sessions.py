"""Rows of sessions, their agendas and their rolls."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from services.chassis.database import Connection
from services.members.model.presence import (
    DEFAULT_RULES,
    MeetingRules,
    RollEntry,
    called,
    rules_from,
)
from services.members.model.sessions import Item, MeetingBody, MeetingSeat, Session
from services.members.store import rule_books
from services.members.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "session": Session,
    "lock_session": Session,
    "sessions": Session,
    "session_body": MeetingBody,
    "items": Item,
    "meeting_seats": MeetingSeat,
    "roll_of_day": RollEntry,
    "roll_of_session": RollEntry,
    "names_of_members": RollEntry,
}


async def add(connection: Connection, row: Session) -> bool:
    """Convene a session; return False if its id is taken."""
    values = msgspec.structs.astuple(row)
    return await connection.fetchval(SQL["add_session"], *values) is not None


async def one(connection: Connection, session_id: UUID, *, lock: bool = False) -> Session | None:
    """Return one session, held until the transaction ends when `lock`."""
    query = SQL["lock_session"] if lock else SQL["session"]
    row = await connection.fetchrow(query, session_id)
    return Session(*row) if row else None


async def page_of(
    connection: Connection,
    coordination: str,
    *,
    committee: str | None,
    state: str | None,
    after: tuple[datetime, UUID],
    most: int,
) -> list[Session]:
    """Return the sessions that begin after `after`, at most `most`."""
    rows = await connection.fetch(SQL["sessions"], coordination, committee, state, *after, most)
    return [Session(*row) for row in rows]


async def second_call(connection: Connection, first_call: UUID) -> UUID | None:
    """Return the session that follows one without quorum."""
    found: UUID | None = await connection.fetchval(SQL["session_after"], first_call)
    return found


async def move(connection: Connection, row: Session) -> None:
    """Keep where a session stands."""
    await connection.execute(
        SQL["move_session"],
        row.session_id,
        row.state,
        row.opened_at,
        row.closed_at,
        row.minutes_sha256,
        row.cancel_reason,
    )


async def body(connection: Connection, coordination: str, committee: str) -> MeetingBody | None:
    """Return the committee of a session."""
    row = await connection.fetchrow(SQL["session_body"], coordination, committee)
    return MeetingBody(*row) if row else None


async def put_items(
    connection: Connection, coordination: str, session_id: UUID, items: Sequence[Item]
) -> None:
    """Write the agenda of a session in place of the one it had."""
    await connection.execute(SQL["drop_items"], session_id)
    await connection.execute(
        SQL["add_items"],
        coordination,
        session_id,
        [one.item_id for one in items],
        [one.title for one in items],
        [one.kind for one in items],
        [one.presenter_seat for one in items],
        [one.presenter_member for one in items],
        [" ".join(one.documents) for one in items],
    )


async def items_of(connection: Connection, session_id: UUID) -> list[Item]:
    """Return the agenda of a session, in order."""
    return [Item(*row) for row in await connection.fetch(SQL["items"], session_id)]


async def seats(
    connection: Connection,
    coordination: str,
    seat_ids: Collection[UUID],
    persons: Collection[UUID] = (),
) -> list[MeetingSeat]:
    """Return seats by id or by person, whatever the day."""
    rows = await connection.fetch(SQL["meeting_seats"], coordination, list(seat_ids), list(persons))
    return [MeetingSeat(*row) for row in rows]


async def roll_of_day(
    connection: Connection, coordination: str, committee: str | None, day: date
) -> list[RollEntry]:
    """Return who counts on a day, by college: the one rule of quorums, votes and rankings."""
    rows = await connection.fetch(SQL["roll_of_day"], coordination, committee, day)
    return [RollEntry(*row) for row in rows]


async def freeze_roll(
    connection: Connection, coordination: str, session_id: UUID, roll: Sequence[RollEntry]
) -> None:
    """Keep who counts for a session, as it opens."""
    await connection.execute(
        SQL["freeze_session_roll"],
        coordination,
        session_id,
        [one.member_id for one in roll],
        [one.college for one in roll],
        [one.units for one in roll],
    )


async def roll_of_session(connection: Connection, session_id: UUID) -> list[RollEntry]:
    """Return who counts for a session that opened, by college."""
    rows = await connection.fetch(SQL["roll_of_session"], session_id)
    return [RollEntry(*row) for row in rows]


async def names(
    connection: Connection, coordination: str, members: Collection[UUID]
) -> dict[UUID, RollEntry]:
    """Return what members are called, whatever their state."""
    rows = await connection.fetch(SQL["names_of_members"], coordination, list(members))
    found = [RollEntry(*row) for row in rows]
    return {one.member_id: one for one in found}


async def rules_of(connection: Connection, coordination: str, *, call: int = 1) -> MeetingRules:
    """Return what the last rule book says of meetings, for a first or a second call."""
    row = await rule_books.one(connection, coordination)
    return called(rules_from(row.document) if row else DEFAULT_RULES, call)
