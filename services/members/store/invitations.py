"""Rows of invitations."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.chassis.database import Connection
from services.members.model.persons import Invitation
from services.members.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "invitation": Invitation,
    "invitation_of_code": Invitation,
    "lock_invitation": Invitation,
    "invitations": Invitation,
}


async def add(connection: Connection, row: Invitation) -> bool:
    """Invite a person; return False if the id is taken."""
    values = msgspec.structs.astuple(row)[:9]
    return await connection.fetchval(SQL["add_invitation"], *values) is not None


async def one(
    connection: Connection, invitation_id: UUID, *, lock: bool = False
) -> Invitation | None:
    """Return one invitation, held until the transaction ends when `lock`."""
    query = SQL["lock_invitation"] if lock else SQL["invitation"]
    row = await connection.fetchrow(query, invitation_id)
    return Invitation(*row) if row else None


async def of_code(connection: Connection, code_sha256: str) -> Invitation | None:
    """Return the invitation that a code opens."""
    row = await connection.fetchrow(SQL["invitation_of_code"], code_sha256)
    return Invitation(*row) if row else None


async def some(
    connection: Connection, coordination: str, person_id: UUID | None, after: UUID, most: int
) -> list[Invitation]:
    """Return the invitations with an id above `after`, of one person or all, at most `most`."""
    rows = await connection.fetch(SQL["invitations"], coordination, person_id, after, most)
    return [Invitation(*row) for row in rows]


async def replace_code(connection: Connection, invitation_id: UUID, code_sha256: str) -> None:
    """Give an invitation another code."""
    await connection.execute(SQL["replace_code"], invitation_id, code_sha256)


async def close(
    connection: Connection,
    invitation_id: UUID,
    *,
    accepted_at: datetime | None = None,
    withdrawn_at: datetime | None = None,
) -> None:
    """Keep that an invitation was accepted or withdrawn."""
    await connection.execute(SQL["close_invitation"], invitation_id, accepted_at, withdrawn_at)
