"""Rows of committees."""

from datetime import date

import msgspec

from services.chassis.database import Connection
from services.members.model.committees import Committee
from services.members.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {"committee": Committee, "committees": Committee}


async def add(connection: Connection, row: Committee) -> bool:
    """Begin a committee; return False if its slug is taken here."""
    added = await connection.fetchval(
        SQL["add_committee"],
        row.coordination,
        row.committee,
        row.name,
        row.type,
        row.meets_every_days,
        row.presenter_is_elected,
        row.since,
    )
    return added is not None


async def one(connection: Connection, coordination: str, committee: str) -> Committee | None:
    """Return one committee of a coordination."""
    row = await connection.fetchrow(SQL["committee"], coordination, committee)
    return Committee(*row) if row else None


async def listed(
    connection: Connection, coordination: str, after: str, most: int
) -> list[Committee]:
    """Return the committees with a slug above `after`, at most `most`."""
    rows = await connection.fetch(SQL["committees"], coordination, after, most)
    return [Committee(*row) for row in rows]


async def complete(connection: Connection, coordination: str, committee: str, on: date) -> None:
    """Keep that a committee is declared complete."""
    await connection.execute(SQL["complete_committee"], coordination, committee, on)


async def close(connection: Connection, row: Committee) -> None:
    """Keep that a committee is over, and what it became."""
    await connection.execute(
        SQL["close_committee"],
        row.coordination,
        row.committee,
        row.state,
        row.became,
        row.closed_on,
        row.close_reason,
    )
