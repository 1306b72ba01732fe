"""Questions about the seats of persons."""

from datetime import date
from uuid import UUID

from services.chassis.database import Connection
from services.members.errors.mandates import NoSuchSeat
from services.members.model.mandates import NamedSeat
from services.members.reads.pages import FIRST, page
from services.members.store import mandates as rows

ELECTED_LEADS_MAX = 50


async def seat_home(connection: Connection, seat_id: UUID) -> str:
    """Return the coordination of a seat, so that the caller's right can be checked.

    Raises:
        NoSuchSeat: there is none of this id.
    """
    found = await rows.one(connection, seat_id)
    if found is None:
        raise NoSuchSeat(seat_id)
    return found.coordination


async def seats(
    connection: Connection,
    coordination: str,
    *,
    member: UUID | None,
    committee: str | None,
    person: UUID | None,
    on: date | None,
    after: UUID | None,
    most: int,
) -> tuple[list[NamedSeat], UUID | None]:
    """Return a page of seats by id: those that fit what is given, past ones too without a day."""
    found = await rows.listed(
        connection,
        coordination,
        member_id=member,
        committee=committee,
        person_id=person,
        on=on,
        after=after or FIRST,
        most=most + 1,
    )
    cut, last = page(found, most)
    return cut, last.seat_id if last else None


async def elected_leads(connection: Connection, coordination: str, on: date) -> list[UUID]:
    """Return the seats of elected holders for members that lead, on a day."""
    return await rows.elected_leads(connection, coordination, on, ELECTED_LEADS_MAX)
