"""What a convocation or minutes are written from, gathered in one reading."""

from collections.abc import Collection
from uuid import UUID

from services.chassis.database import Connection
from services.members.model.minutes import Record
from services.members.model.sessions import Session
from services.members.store import sessions, territory

TOGETHER = "Les collèges réunis"


async def record_of(
    connection: Connection, session: Session, members: Collection[UUID] = ()
) -> Record:
    """Return what is known of a session, and how `members` and its presenters are called."""
    home = await territory.coordination(connection, session.coordination)
    assert home is not None, "a session is of a coordination"
    body = (
        await sessions.body(connection, session.coordination, session.committee)
        if session.committee
        else None
    )
    items = await sessions.items_of(connection, session.session_id)
    wanted = {one.presenter_seat for one in items if one.presenter_seat}
    seats = await sessions.seats(connection, session.coordination, wanted)
    named = {*members, *(one.presenter_member for one in items if one.presenter_member)}
    return Record(
        session=session,
        coordination=home.name,
        body=body.name if body else TOGETHER,
        items=items,
        seats={one.seat_id: one for one in seats},
        names=await sessions.names(connection, session.coordination, named),
    )
