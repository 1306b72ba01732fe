"""Frozen sets of events that services set aside, and what became of each."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from contracts.http.exchange.parked import AskRedrive, ChosenEvent
from services.chassis.database import Connection
from services.exchange.store.queries import SQL


class RedriveRow(msgspec.Struct, frozen=True):
    """Columns of `redrive`."""

    redrive_id: UUID
    verb: str
    who: str
    why: str
    edited: str | None
    asked_at: datetime
    finished_at: datetime | None


class ItemRow(msgspec.Struct, frozen=True):
    """Columns of `redrive_items`."""

    n: int
    service: str
    consumer: str
    event_id: str
    outcome: str | None
    error: str | None
    behind: int


class LineRow(msgspec.Struct, frozen=True):
    """Columns of `redrive_log`."""

    redrive_id: UUID
    verb: str
    who: str
    why: str
    asked_at: datetime
    finished_at: datetime | None
    events: int


ROWS: dict[str, type[msgspec.Struct]] = {
    "redrive": RedriveRow,
    "redrive_items": ItemRow,
    "redrive_log": LineRow,
}


async def add_redrive(
    connection: Connection,
    asked: AskRedrive,
    events: Sequence[ChosenEvent],
    *,
    who: str,
    now: datetime,
) -> None:
    """Freeze a set; one whose id is known stays as it is."""
    new = await connection.fetchval(
        SQL["add_redrive"], asked.id, asked.verb.value, who, asked.why, asked.edited, now
    )
    if new is not None and events:
        columns = zip(*((one.service, one.consumer, one.event_id) for one in events), strict=True)
        await connection.execute(SQL["add_redrive_items"], asked.id, *map(list, columns))


async def redrive(connection: Connection, redrive_id: UUID) -> RedriveRow | None:
    """Return a set."""
    row = await connection.fetchrow(SQL["redrive"], redrive_id)
    return RedriveRow(*row) if row else None


async def redrive_items(connection: Connection, redrive_id: UUID) -> list[ItemRow]:
    """Return the events of a set, in order."""
    return [ItemRow(*row) for row in await connection.fetch(SQL["redrive_items"], redrive_id)]


async def note_outcome(
    connection: Connection,
    redrive_id: UUID,
    event: ChosenEvent,
    *,
    outcome: str,
    error: str | None,
    behind: int,
) -> None:
    """Write what became of an event of a set."""
    named = (event.service, event.consumer, event.event_id)
    await connection.execute(SQL["note_outcome"], redrive_id, *named, outcome, error, behind)


async def finish_redrive(connection: Connection, redrive_id: UUID, *, now: datetime) -> None:
    """Close a set of which nothing is left."""
    await connection.execute(SQL["finish_redrive"], redrive_id, now)


async def redrive_log(
    connection: Connection, *, before: datetime | None, most: int
) -> list[LineRow]:
    """Return the sets asked, latest first."""
    return [LineRow(*row) for row in await connection.fetch(SQL["redrive_log"], before, most)]
