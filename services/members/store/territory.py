"""Rows of coordinations."""

from datetime import datetime

import msgspec

from services.chassis.database import Connection
from services.members.model import (
    Coordination,
)
from services.members.store.queries import SQL


async def add_coordination(connection: Connection, row: Coordination, *, now: datetime) -> bool:
    """Found a coordination; return False if its slug is taken."""
    values = msgspec.structs.astuple(row)
    return await connection.fetchval(SQL["add_coordination"], *values, now) is not None


async def coordination(connection: Connection, slug: str) -> Coordination | None:
    """Return one coordination."""
    row = await connection.fetchrow(SQL["coordination"], slug)
    return Coordination(*row) if row else None


async def coordinations(
    connection: Connection, only: str | None, after: str, most: int
) -> list[Coordination]:
    """Return the coordinations with a slug above `after`, all or `only` one, at most `most`."""
    rows = await connection.fetch(SQL["coordinations"], only, after, most)
    return [Coordination(*row) for row in rows]
