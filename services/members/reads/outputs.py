"""Questions about what came out of sessions."""

from uuid import UUID

from services.chassis.database import Connection
from services.members.model.outputs import OutputRow
from services.members.reads.pages import FIRST, page
from services.members.reads.territory import coordination as founded
from services.members.store import outputs as rows


async def outputs(
    connection: Connection,
    coordination: str,
    *,
    session: UUID | None,
    committee: str | None,
    kind: str | None,
    after: UUID | None,
    most: int,
) -> tuple[list[OutputRow], UUID | None]:
    """Return a page of what came out of the sessions of a coordination.

    Raises:
        NoSuchCoordination: it was never founded.
    """
    await founded(connection, coordination)
    found, last = page(
        await rows.page_of(
            connection,
            coordination,
            session=session,
            committee=committee,
            kind=kind,
            after=after or FIRST,
            most=most + 1,
        ),
        most,
    )
    return found, last.output_id if last else None
