"""Rows of what came out of sessions."""

from uuid import UUID

import msgspec

from services.chassis.database import Connection
from services.members.model.outputs import OutputRow
from services.members.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {"output": OutputRow, "outputs": OutputRow}


async def add(connection: Connection, row: OutputRow) -> bool:
    """Keep what came out of a session; return False if its id is taken."""
    values = msgspec.structs.astuple(row)
    return await connection.fetchval(SQL["add_output"], *values) is not None


async def one(connection: Connection, output_id: UUID) -> OutputRow | None:
    """Return one thing that came out of a session."""
    row = await connection.fetchrow(SQL["output"], output_id)
    return OutputRow(*row) if row else None


async def page_of(
    connection: Connection,
    coordination: str,
    *,
    session: UUID | None,
    committee: str | None,
    kind: str | None,
    after: UUID,
    most: int,
) -> list[OutputRow]:
    """Return what came out with an id above `after`, at most `most`."""
    rows = await connection.fetch(
        SQL["outputs"], coordination, session, committee, kind, after, most
    )
    return [OutputRow(*row) for row in rows]
