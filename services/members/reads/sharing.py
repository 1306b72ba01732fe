"""Questions about sharing agreements."""

from datetime import date, timedelta
from uuid import UUID

from services.chassis.database import Connection
from services.members import store
from services.members.errors import NoSuchAgreement
from services.members.model import Agreement
from services.members.model.agreements import ALERT_DAYS_MAX, summary_of
from services.members.reads.pages import FIRST, page
from services.members.reads.territory import coordination as coordination_of
from services.members.store import sharing as rows


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


async def agreement(connection: Connection, agreement_id: UUID) -> Agreement:
    """Return one agreement.

    Raises:
        NoSuchAgreement: there is none of this id.
    """
    found = await store.agreement(connection, agreement_id)
    if found is None:
        raise NoSuchAgreement(agreement_id)
    return found


async def summary(connection: Connection, agreement_id: UUID) -> str:
    """Return what the parties of an agreement read: as they signed it, or as they would now.

    Raises:
        NoSuchAgreement: there is none of this id.
    """
    signed = await rows.summary(connection, agreement_id)
    if signed is not None:
        return signed
    found = await agreement(connection, agreement_id)
    home = await coordination_of(connection, found.coordination)
    names = await rows.names(connection, [*found.parties, found.institution])
    return summary_of(found, coordination=home.name, names=names)


async def ending(
    connection: Connection,
    coordination: str,
    *,
    today: date,
    after: UUID | None,
    most: int,
) -> tuple[list[Agreement], UUID | None]:
    """Return a page of the agreements whose last day is near or past, by last day."""
    before = today + timedelta(days=ALERT_DAYS_MAX)
    found = await rows.ending(connection, coordination, before, after, most + 1)
    cut, last = page(found, most)
    return cut, last.agreement_id if last else None


async def processing(
    connection: Connection, coordination: str, *, after: UUID | None, most: int
) -> tuple[list[Agreement], UUID | None]:
    """Return a page of the agreements that were signed one day, by id.

    Raises:
        NoSuchCoordination: there is none of this slug.
    """
    await coordination_of(connection, coordination)
    found, last = page(
        await rows.processing(connection, coordination, after or FIRST, most + 1), most
    )
    return found, last.agreement_id if last else None
