"""Questions about opinions and funders' decisions."""

from uuid import UUID

from services.chassis.database import Connection
from services.members import store
from services.members.model import Decision, Opinion
from services.members.reads.pages import FIRST, page


async def opinions(
    connection: Connection, coordination: str, *, after: UUID | None, most: int
) -> tuple[list[Opinion], UUID | None]:
    """Return a page of opinions by id."""
    rows = await store.opinions(connection, coordination, after or FIRST, most + 1)
    found, last = page(rows, most)
    return found, last.opinion_id if last else None


async def decisions(
    connection: Connection, coordination: str, *, after: UUID | None, most: int
) -> tuple[list[Decision], UUID | None]:
    """Return a page of funders' decisions by id."""
    rows = await store.decisions(connection, coordination, after or FIRST, most + 1)
    found, last = page(rows, most)
    return found, last.decision_id if last else None
