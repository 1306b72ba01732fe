"""Rows of the rights that subjects of tokens have in a coordination."""

from datetime import date, datetime

import msgspec

from services.chassis.database import Connection
from services.members.model import Right
from services.members.model.standing import Held, Kept
from services.members.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {"rights_of": Held, "rights": Kept}
HELD_MAX = 1000


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


async def rights_of(
    connection: Connection, coordination: str | None, subject: str, *, today: date
) -> list[Held]:
    """Return what a subject may do in a coordination or in all, beyond its token."""
    rows = await connection.fetch(SQL["rights_of"], coordination, subject, today, HELD_MAX)
    return [Held(*row) for row in rows]


async def kept(
    connection: Connection, coordination: str, subject: str, role: str, most: int
) -> list[Kept]:
    """Return the rights kept in a coordination after a subject's role, at most `most`."""
    rows = await connection.fetch(SQL["rights"], coordination, subject, role, most)
    return [Kept(*row) for row in rows]


async def revoke(
    connection: Connection, coordination: str, subject: str, role: str, *, now: datetime
) -> bool:
    """Take a right, which may be taken already; return False if it was never given."""
    if await connection.fetchval(SQL["revoke_right"], coordination, subject, role, now):
        return True
    given = await connection.fetchval(SQL["right_was_given"], coordination, subject, role)
    return given is not None
