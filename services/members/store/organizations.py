"""Rows of organisations and of members."""

from datetime import datetime

import msgspec

from services.chassis.database import Connection
from services.members.model import (
    Organization,
    Seat,
)
from services.members.store.queries import SQL


async def add_organization(connection: Connection, row: Organization) -> None:
    """Describe an organisation, unless it is known."""
    await connection.execute(SQL["add_organization"], *msgspec.structs.astuple(row))


async def organization(connection: Connection, slug: str) -> Organization | None:
    """Return one organisation."""
    row = await connection.fetchrow(SQL["organization"], slug)
    return Organization(*row) if row else None


async def add_member(connection: Connection, row: Seat, *, now: datetime) -> bool:
    """Give a seat; return False if the organisation has one here or the id is taken."""
    added = await connection.fetchval(
        SQL["add_member"],
        row.coordination,
        row.member_id,
        row.organization,
        row.college,
        row.section,
        row.roles,
        row.effective_on,
        row.state,
        now,
    )
    return added is not None


async def member(connection: Connection, coordination: str, organization: str) -> Seat | None:
    """Return the seat of an organisation in a coordination."""
    row = await connection.fetchrow(SQL["member"], coordination, organization)
    return Seat(*row) if row else None
