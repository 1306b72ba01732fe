"""Questions about members."""

from services.chassis.database import Connection
from services.members import store
from services.members.model import Seat
from services.members.reads.pages import page


async def members(
    connection: Connection, coordination: str, *, college: str | None, after: str, most: int
) -> tuple[list[Seat], str | None]:
    """Return a page of members by organisation."""
    rows = await store.members(connection, coordination, college, after, most + 1)
    found, last = page(rows, most)
    return found, last.organization if last else None
