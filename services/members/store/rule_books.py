"""Rows of rule books."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.chassis.database import Connection
from services.members.model.votes import RuleBookRow
from services.members.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "rule_book": RuleBookRow,
    "rule_book_by_id": RuleBookRow,
    "rule_books": RuleBookRow,
}


async def latest_version(connection: Connection, coordination: str) -> int:
    """Return the number of the last rule book, zero when there is none; the next one is ours."""
    version: int = await connection.fetchval(SQL["latest_version"], coordination)
    return version


async def add(connection: Connection, row: RuleBookRow, *, now: datetime) -> bool:
    """Adopt a rule book; return False if its id is taken."""
    values = (row.coordination, row.version, row.rule_book_id, row.adopted_on, row.document)
    added = await connection.fetchval(SQL["add_rule_book"], *values, row.sha256, now)
    return added is not None


async def one(
    connection: Connection, coordination: str, version: int | None = None
) -> RuleBookRow | None:
    """Return a version of the rule book, the last one when none is named."""
    row = await connection.fetchrow(SQL["rule_book"], coordination, version)
    return RuleBookRow(*row) if row else None


async def by_id(connection: Connection, rule_book_id: UUID) -> RuleBookRow | None:
    """Return the rule book that an id stands for."""
    row = await connection.fetchrow(SQL["rule_book_by_id"], rule_book_id)
    return RuleBookRow(*row) if row else None


async def page(
    connection: Connection, coordination: str, before: int, most: int
) -> list[RuleBookRow]:
    """Return the rule books under version `before`, the last one first, at most `most`."""
    rows = await connection.fetch(SQL["rule_books"], coordination, before, most)
    return [RuleBookRow(*row) for row in rows]
