"""Rows of the rights that subjects of tokens have in a coordination."""

from datetime import datetime

import msgspec

from services.chassis.database import Connection
from services.members.model import Right
from services.members.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {"rights_of": Right}


async def grant(
    connection: Connection,
    coordination: str,
    subject: str,
    right: Right,
    *,
    origin: str,
    now: datetime,
) -> None:
    """Give a subject a role here; given again, nothing changes."""
    await connection.execute(
        SQL["grant_right"], coordination, subject, right.role, right.organization, origin, now
    )


async def rights_of(connection: Connection, coordination: str, subject: str) -> list[Right]:
    """Return what a subject may do in a coordination, beyond its token."""
    rows = await connection.fetch(SQL["rights_of"], coordination, subject)
    return [Right(*row) for row in rows]
