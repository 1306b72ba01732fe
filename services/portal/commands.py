"""What the portal can be asked to change: only its own note of what moved."""

from collections.abc import Iterable
from datetime import datetime

from services.chassis.database import Connection
from services.portal import store
from services.portal.model.topics import Topic


async def note_changes(
    connection: Connection, moved: Iterable[tuple[str, Topic, datetime]]
) -> None:
    """Keep which topic of which coordination moved, at the latest of its instants."""
    latest: dict[tuple[str, str], datetime] = {}
    for coordination, topic, at in moved:
        key = (coordination, topic.value)
        latest[key] = max(at, latest.get(key, at))
    if latest:
        async with connection.transaction():
            await store.note_changes(connection, latest)
