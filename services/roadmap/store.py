"""The only file of the roadmap service that runs SQL."""

from datetime import datetime

import msgspec

from contracts.http.roadmap import MoveActionSheet, SheetState
from services.chassis import sql
from services.chassis.database import Connection
from services.roadmap.model import Sheet

SQL = sql.load("services.roadmap")
ROWS: dict[str, type[msgspec.Struct]] = {"sheet": Sheet, "lock_sheet": Sheet, "sheets": Sheet}


async def add_sheet(connection: Connection, sheet: Sheet) -> bool:
    """Write a new sheet; return False if its slug or number is taken."""
    added = await connection.fetchval(SQL["add_sheet"], *msgspec.structs.astuple(sheet))
    return added is not None


async def sheet(
    connection: Connection, coordination: str, action: str, *, lock: bool = False
) -> Sheet | None:
    """Return one sheet, held until the transaction ends when `lock`."""
    query = SQL["lock_sheet"] if lock else SQL["sheet"]
    row = await connection.fetchrow(query, coordination, action)
    return Sheet(*row) if row else None


async def sheets(connection: Connection, coordination: str, after: int, most: int) -> list[Sheet]:
    """Return the sheets with a number above `after`, at most `most`."""
    rows = await connection.fetch(SQL["sheets"], coordination, after, most)
    return [Sheet(*row) for row in rows]


async def move_sheet(
    connection: Connection, found: Sheet, asked: MoveActionSheet, *, by: str, now: datetime
) -> None:
    """Bring a sheet to a state and keep the step."""
    to = SheetState(asked.to).value
    await connection.execute(SQL["move_sheet"], found.coordination, found.action, to)
    await connection.execute(
        SQL["add_step"],
        found.coordination,
        found.action,
        to,
        asked.on,
        asked.decision,
        asked.reason,
        by,
        now,
    )
