"""Questions about the roadmap."""

from services.chassis.database import Connection
from services.roadmap import store
from services.roadmap.model import Sheet


async def sheets(
    connection: Connection, coordination: str, *, after: int, most: int
) -> tuple[list[Sheet], int | None]:
    """Return a page of sheets by number, and the number to go on from, None at the end."""
    found = await store.sheets(connection, coordination, after, most + 1)
    more = len(found) > most
    return found[:most], found[most - 1].number if more else None
