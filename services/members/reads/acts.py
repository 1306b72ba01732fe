"""Questions about opinions and funders' decisions."""

from uuid import UUID

from services.chassis.database import Connection
from services.members import store
from services.members.model import Decision, Opinion
from services.members.reads.pages import FIRST, page


async def opinions(
    connection: Connection,
    coordination: str,
    *,
    after: UUID | None,
    most: int,
    outcome: str | None = None,
    session_id: UUID | None = None,
    about: str | None = None,
) -> tuple[list[Opinion], UUID | None]:
    """Return a page of opinions by id, of one outcome, session and object or of all."""
    rows = await store.opinions(
        connection,
        coordination,
        after or FIRST,
        most + 1,
        outcome=outcome,
        session_id=session_id,
        about=about,
    )
    found, last = page(rows, most)
    return found, last.opinion_id if last else None


async def decisions(
    connection: Connection,
    coordination: str,
    *,
    after: UUID | None,
    most: int,
    funder: str | None = None,
) -> tuple[list[Decision], UUID | None]:
    """Return a page of decisions by id, of one funder or of all."""
    rows = await store.decisions(connection, coordination, after or FIRST, most + 1, funder=funder)
    found, last = page(rows, most)
    return found, last.decision_id if last else None
