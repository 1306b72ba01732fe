"""Questions about coordinations."""

from services.chassis.database import Connection
from services.members import store
from services.members.errors import NoSuchCoordination
from services.members.model import Coordination
from services.members.reads.pages import page


async def coordination(connection: Connection, slug: str) -> Coordination:
    """Return one coordination.

    Raises:
        NoSuchCoordination: there is none of this slug.
    """
    found = await store.coordination(connection, slug)
    if found is None:
        raise NoSuchCoordination(slug)
    return found


async def coordinations(
    connection: Connection, *, only: str | None, after: str, most: int
) -> tuple[list[Coordination], str | None]:
    """Return a page of coordinations by slug, all of them or `only` one."""
    found, last = page(await store.coordinations(connection, only, after, most + 1), most)
    return found, last.coordination if last else None
