"""Keep what comes out of sessions, for the diagnostic, the roadmap and who leads."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec

from contracts.events.members.sessions import OutputKind, SessionOutputRecorded
from contracts.http.members.outputs import RecordOutput
from contracts.http.members.sessions import SessionState
from services.chassis import outbox
from services.chassis.database import Connection
from services.members import model
from services.members.commands.seats import SOURCE
from services.members.commands.sessions import locked_session
from services.members.errors import RecordDiffers
from services.members.model.outputs import OutputRow
from services.members.model.sessions import must_be
from services.members.store import outputs as rows


async def record_output(
    connection: Connection,
    session_id: UUID,
    asked: RecordOutput,
    *,
    output_id: UUID,
    now: datetime,
    new_id: Callable[[], UUID],
) -> OutputRow:
    """Keep what came out of a session and tell the other services; again, nothing changes.

    Raises:
        NoSuchSession, SessionStands: there is none, or it did not open.
        RecordDiffers: the id is that of something else.
        TextIsNotPlain, HoldsPersonalData: as their names say.
    """
    model.must_be_plain(asked, "text", "concerns")
    async with connection.transaction():
        session = await locked_session(connection, session_id)
        must_be(session, SessionState.OPEN, SessionState.HELD, to="suivie de ses suites")
        row = OutputRow(
            session.coordination,
            output_id,
            session_id,
            asked.kind.value,
            asked.text,
            asked.concerns,
            now,
        )
        if not await rows.add(connection, row):
            known = await rows.one(connection, output_id)
            assert known is not None, "its id was taken"
            if msgspec.structs.replace(row, recorded_at=known.recorded_at) != known:
                raise RecordDiffers("La suite", output_id)
            return known
        fact = SessionOutputRecorded(
            coordination=session.coordination,
            session_id=session_id,
            output_id=output_id,
            committee=session.committee,
            kind=OutputKind(row.kind),
            text=row.text,
            concerns=row.concerns,
        )
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
    return row
