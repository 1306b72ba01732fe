"""Rows of sharing agreements and licences."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.chassis.database import Connection
from services.members.model import (
    Agreement,
    Licence,
)
from services.members.store.queries import SQL


async def add_agreement(connection: Connection, row: Agreement, *, now: datetime) -> bool:
    """Write a draft; return False if its id is taken."""
    values = msgspec.structs.astuple(row)
    return await connection.fetchval(SQL["add_agreement"], *values, now) is not None


async def agreement(
    connection: Connection, agreement_id: UUID, *, lock: bool = False
) -> Agreement | None:
    """Return one agreement, held until the transaction ends when `lock`."""
    query = SQL["lock_agreement"] if lock else SQL["agreement"]
    row = await connection.fetchrow(query, agreement_id)
    return Agreement(*row) if row else None


async def agreements(
    connection: Connection, coordination: str, after: UUID, most: int
) -> list[Agreement]:
    """Return the agreements with an id above `after`, at most `most`."""
    rows = await connection.fetch(SQL["agreements"], coordination, after, most)
    return [Agreement(*row) for row in rows]


async def sign_agreement(connection: Connection, signed: Agreement, *, now: datetime) -> None:
    """Keep that a draft is signed, on which day and under which hash."""
    await connection.execute(
        SQL["sign_agreement"], signed.agreement_id, signed.signed_on, signed.file_sha256, now
    )


async def end_agreement(
    connection: Connection, agreement_id: UUID, reason: str, *, now: datetime
) -> None:
    """Keep that a signed agreement ended, and why."""
    await connection.execute(SQL["end_agreement"], agreement_id, reason, now)


async def add_licence(connection: Connection, row: Licence, *, now: datetime) -> bool:
    """Record a licence; return False if its slug is taken here."""
    values = msgspec.structs.astuple(row)
    return await connection.fetchval(SQL["add_licence"], *values, now) is not None


async def licence(connection: Connection, coordination: str, slug: str) -> Licence | None:
    """Return one licence of a coordination."""
    row = await connection.fetchrow(SQL["licence"], coordination, slug)
    return Licence(*row) if row else None
