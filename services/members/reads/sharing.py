"""Questions about sharing agreements."""

from uuid import UUID

from services.chassis.database import Connection
from services.members import store
from services.members.errors import NoSuchAgreement
from services.members.model import Agreement
from services.members.reads.pages import FIRST, page


async def agreement_home(connection: Connection, agreement_id: UUID) -> str:
    """Return the coordination of an agreement, so that the caller's right can be checked.

    Raises:
        NoSuchAgreement: there is none of this id.
    """
    found = await store.agreement(connection, agreement_id)
    if found is None:
        raise NoSuchAgreement(agreement_id)
    return found.coordination


async def agreements(
    connection: Connection, coordination: str, *, after: UUID | None, most: int
) -> tuple[list[Agreement], UUID | None]:
    """Return a page of agreements by id."""
    rows = await store.agreements(connection, coordination, after or FIRST, most + 1)
    found, last = page(rows, most)
    return found, last.agreement_id if last else None
