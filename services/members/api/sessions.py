"""Routes of sessions: convocation, agenda, steps."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post, put
from litestar.params import JSONBody, QueryParameter

from contracts.events.members.sessions import AgendaKind
from contracts.http.members import sessions as bodies
from contracts.http.members.attendance import FindInquorate
from contracts.http.members.sessions import SessionState
from services.chassis import ids
from services.chassis.http import TheService
from services.chassis.policies import Asking, entered
from services.members.api.asking import READ, WRITE, IdempotencyKey, Limit, Named, Slug, named
from services.members.commands import minutes as closing
from services.members.commands import sessions as commands
from services.members.model.presence import AskedQuorum
from services.members.model.sessions import Item, Session
from services.members.reads import sessions as reads

TEXT = "text/markdown"
Standing = Annotated[SessionState | None, QueryParameter(name="state")]
NO_QUORUM_ASKED = FindInquorate()


def shown(row: Session, items: list[Item]) -> bodies.Session:
    """Return a session as a reader sees it."""
    columns = msgspec.structs.asdict(row)
    columns["id"] = columns.pop("session_id")
    del columns["asked_sha256"]
    agenda = [
        bodies.AgendaItem(
            id=one.item_id,
            position=one.position,
            title=one.title,
            kind=AgendaKind(one.kind),
            presenter_seat=one.presenter_seat,
            presenter_member=one.presenter_member,
            documents=one.documents,
        )
        for one in items
    ]
    return bodies.Session(**{**columns, "state": SessionState(row.state), "agenda": agenda})


def _summary(row: Session) -> bodies.SessionSummary:
    return bodies.SessionSummary(
        id=row.session_id,
        committee=row.committee,
        title=row.title,
        starts_at=row.starts_at,
        place=row.place,
        call=row.call,
        state=SessionState(row.state),
        minutes_sha256=row.minutes_sha256,
    )


class Sessions(Controller):
    """Sessions of the committees and of the colleges together."""

    tags = ("Séances",)

    @get("/v1/coordinations/{coordination:str}/sessions", opt=READ.opt())
    async def sessions(
        self,
        service: TheService,
        coordination: Slug,
        committee: Named = None,
        standing: Standing = None,
        limit: Limit = 50,
        cursor: UUID | None = None,
    ) -> bodies.Sessions:
        """Return a page of sessions by their beginning, of one committee and state or of all."""
        async with service.read() as connection:
            found, more = await reads.sessions(
                connection,
                coordination,
                committee=committee,
                state=standing,
                after=cursor,
                most=limit,
            )
        return bodies.Sessions(
            items=[_summary(row) for row in found], cursor=str(more) if more else None
        )

    @post("/v1/coordinations/{coordination:str}/sessions", opt=WRITE.opt())
    async def convene(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[bodies.ConveneSession],
        key: IdempotencyKey = None,
    ) -> bodies.Session:
        """Convene a session; the same one again answers what it has become."""
        async with service.write() as connection:
            row, items = await commands.convene_session(
                connection,
                coordination,
                data,
                session_id=named(request, data.id, key),
                now=ids.now(),
                new_id=ids.new_id,
            )
        return shown(row, items)

    @get("/v1/sessions/{session:uuid}", opt=READ.opt())
    async def session(self, request: Asking, service: TheService, session: UUID) -> bodies.Session:
        """Return one session with its agenda."""
        async with service.read() as connection:
            row = await reads.session(connection, session)
            await entered(request, connection, row.coordination)
            return shown(row, await reads.agenda(connection, session))

    @get("/v1/sessions/{session:uuid}/convocation", opt=READ.opt())
    async def convocation(
        self, request: Asking, service: TheService, session: UUID
    ) -> Response[str]:
        """Return the convocation: date, place, agenda and a form of proxy, in French."""
        async with service.read() as connection:
            await entered(request, connection, await reads.session_home(connection, session))
            text = await reads.convocation(connection, session)
        return Response(text, media_type=TEXT)

    @put("/v1/sessions/{session:uuid}/agenda", opt=WRITE.opt())
    async def agenda(
        self,
        request: Asking,
        service: TheService,
        session: UUID,
        data: JSONBody[bodies.ChangeAgenda],
    ) -> bodies.Session:
        """Replace the agenda of a session that has not begun."""
        async with service.write() as connection:
            await entered(request, connection, await reads.session_home(connection, session))
            row, items = await commands.change_agenda(
                connection, session, data, now=ids.now(), new_id=ids.new_id
            )
        return shown(row, items)

    @post("/v1/sessions/{session:uuid}/open", opt=WRITE.opt(), status_code=200)
    async def open(self, request: Asking, service: TheService, session: UUID) -> bodies.Session:
        """Open a session on its day; who counts for its quorum is kept from then."""
        async with service.write() as connection:
            await entered(request, connection, await reads.session_home(connection, session))
            row = await commands.open_session(connection, session, now=ids.now())
            return shown(row, await reads.agenda(connection, session))

    @post("/v1/sessions/{session:uuid}/close", opt=WRITE.opt(), status_code=200)
    async def close(self, request: Asking, service: TheService, session: UUID) -> bodies.Session:
        """Close an open session and write its minutes."""
        async with service.write() as connection:
            await entered(request, connection, await reads.session_home(connection, session))
            row = await closing.close_session(connection, session, now=ids.now(), new_id=ids.new_id)
            return shown(row, await reads.agenda(connection, session))

    @post("/v1/sessions/{session:uuid}/inquorate", opt=WRITE.opt(), status_code=200)
    async def inquorate(
        self,
        request: Asking,
        service: TheService,
        session: UUID,
        data: JSONBody[FindInquorate | None] = None,
    ) -> bodies.Session:
        """End an open session that lacks its quorum; a second call may follow."""
        asked = data or NO_QUORUM_ASKED
        async with service.write() as connection:
            await entered(request, connection, await reads.session_home(connection, session))
            row = await commands.find_inquorate(
                connection,
                session,
                AskedQuorum(asked.quorum, asked.quorum_per_college),
                now=ids.now(),
                new_id=ids.new_id,
            )
            return shown(row, await reads.agenda(connection, session))

    @post("/v1/sessions/{session:uuid}/cancel", opt=WRITE.opt(), status_code=200)
    async def cancel(
        self,
        request: Asking,
        service: TheService,
        session: UUID,
        data: JSONBody[bodies.CancelSession],
    ) -> bodies.Session:
        """Cancel a session that was not opened."""
        async with service.write() as connection:
            await entered(request, connection, await reads.session_home(connection, session))
            row = await commands.cancel_session(
                connection, session, data, now=ids.now(), new_id=ids.new_id
            )
            return shown(row, await reads.agenda(connection, session))
