"""The only file of the portal that runs SQL."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from services.chassis import sql
from services.chassis.database import Connection
from services.portal.model.topics import Change

SQL = sql.load("services.portal")
ROWS: dict[str, type[msgspec.Struct]] = {"changes": Change, "changes_of": Change}


async def note_changes(connection: Connection, changes: Mapping[tuple[str, str], datetime]) -> None:
    """Count one change of each coordination and topic, at its instant."""
    ordered = sorted(changes)  # So that two processes never wait on each other.
    await connection.execute(
        SQL["note_changes"],
        [coordination for coordination, _ in ordered],
        [topic for _, topic in ordered],
        [changes[key] for key in ordered],
    )


async def changes(connection: Connection) -> list[Change]:
    """Return the last change of every topic of every coordination."""
    return [Change(*row) for row in await connection.fetch(SQL["changes"])]


async def changes_of(connection: Connection, coordination: str) -> list[Change]:
    """Return the last change of every topic of one coordination."""
    return [Change(*row) for row in await connection.fetch(SQL["changes_of"], coordination)]
