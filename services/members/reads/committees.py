"""Questions about committees."""

from datetime import date

from contracts.events.members import SeatKind
from services.chassis.database import Connection
from services.members.errors.committees import NoSuchCommittee
from services.members.model.committees import Committee
from services.members.reads.pages import page
from services.members.store import committees as rows
from services.members.store import mandates


async def committee(connection: Connection, coordination: str, slug: str) -> Committee:
    """Return one committee of a coordination.

    Raises:
        NoSuchCommittee: there is none of this slug here.
    """
    found = await rows.one(connection, coordination, slug)
    if found is None:
        raise NoSuchCommittee(slug)
    return found


async def committees(
    connection: Connection, coordination: str, *, after: str, most: int
) -> tuple[list[Committee], str | None]:
    """Return a page of committees by slug."""
    found, last = page(await rows.listed(connection, coordination, after, most + 1), most)
    return found, last.committee if last else None


async def holders(
    connection: Connection, coordination: str, slug: str, on: date
) -> dict[SeatKind, int]:
    """Return how many holders of each kind a committee has on a day."""
    counted = await mandates.holders(connection, coordination, slug, on)
    return {SeatKind(one.kind): one.holders for one in counted}
