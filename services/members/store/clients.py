"""Rows of systems and of the assertions they used."""

from datetime import UTC, datetime

import msgspec

from services.chassis.database import Connection
from services.members.model import (
    Assertion,
    Client,
)
from services.members.store.queries import SQL

FORGOTTEN_MAX = 100


async def put_client(connection: Connection, row: Client, *, now: datetime) -> bool:
    """Register or change a client; return False if it is of another coordination."""
    values = msgspec.structs.astuple(row)
    return await connection.fetchval(SQL["put_client"], *values, now) is not None


async def client(connection: Connection, client_id: str) -> Client | None:
    """Return one client."""
    row = await connection.fetchrow(SQL["client"], client_id)
    return Client(*row) if row else None


async def drop_client(connection: Connection, client_id: str, coordination: str) -> None:
    """Forget a client of a coordination, if it is known."""
    await connection.execute(SQL["drop_client"], client_id, coordination)


async def use_assertion(
    connection: Connection, client_id: str, proven: Assertion, *, now: datetime
) -> bool:
    """Use an assertion once; return False if it was used before. Drop some that are over."""
    await connection.execute(SQL["forget_assertions"], now, FORGOTTEN_MAX)
    forgotten_at = datetime.fromtimestamp(proven.forget_after, UTC)
    used = await connection.fetchval(SQL["use_assertion"], client_id, proven.jti, forgotten_at)
    return used is not None
