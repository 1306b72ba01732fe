"""Rows of opinions and of funders' decisions."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.chassis.database import Connection
from services.members.model import (
    Decision,
    Opinion,
)
from services.members.store.queries import SQL


async def add_opinion(connection: Connection, row: Opinion, *, now: datetime) -> bool:
    """Record an opinion; return False if its id is taken."""
    values = msgspec.structs.astuple(row)
    return await connection.fetchval(SQL["add_opinion"], *values, now) is not None


async def opinion(connection: Connection, coordination: str, opinion_id: UUID) -> Opinion | None:
    """Return one opinion of a coordination."""
    row = await connection.fetchrow(SQL["opinion"], coordination, opinion_id)
    return Opinion(*row) if row else None


async def opinions(
    connection: Connection,
    coordination: str,
    after: UUID,
    most: int,
    *,
    outcome: str | None = None,
    session_id: UUID | None = None,
    about: str | None = None,
) -> list[Opinion]:
    """Return the opinions with an id above `after`, at most `most`."""
    rows = await connection.fetch(
        SQL["opinions"], coordination, after, most, outcome, session_id, about
    )
    return [Opinion(*row) for row in rows]


async def add_decision(connection: Connection, row: Decision, *, now: datetime) -> bool:
    """Record a funder's decision; return False if its id is taken."""
    values = msgspec.structs.astuple(row)
    return await connection.fetchval(SQL["add_decision"], *values, now) is not None


async def decision(connection: Connection, coordination: str, decision_id: UUID) -> Decision | None:
    """Return one funder's decision of a coordination."""
    row = await connection.fetchrow(SQL["decision"], coordination, decision_id)
    return Decision(*row) if row else None


async def decisions(
    connection: Connection, coordination: str, after: UUID, most: int, *, funder: str | None = None
) -> list[Decision]:
    """Return the decisions of a funder or of all with an id above `after`, at most `most`."""
    rows = await connection.fetch(SQL["decisions"], coordination, after, most, funder)
    return [Decision(*row) for row in rows]
