"""Routes of what came out of sessions."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import JSONBody, QueryParameter

from contracts.events.members.sessions import OutputKind
from contracts.http.members.outputs import RecordOutput, SessionOutput, SessionOutputs
from services.chassis import ids
from services.chassis.http import TheService
from services.chassis.policies import Asking, entered
from services.members.api.asking import READ, WRITE, IdempotencyKey, Limit, Named, Slug, named
from services.members.commands import outputs as commands
from services.members.model.outputs import OutputRow
from services.members.reads import outputs as reads
from services.members.reads import sessions

Kind = Annotated[OutputKind | None, QueryParameter(name="kind")]


def _shown(row: OutputRow) -> SessionOutput:
    return SessionOutput(
        id=row.output_id,
        session=row.session_id,
        kind=OutputKind(row.kind),
        text=row.text,
        concerns=row.concerns,
        recorded_at=row.recorded_at,
    )


class Outputs(Controller):
    """What meetings bring to the diagnostic, to the roadmap and to the strategy."""

    tags = ("Suites des séances",)

    @post("/v1/sessions/{session:uuid}/outputs", opt=WRITE.opt())
    async def record(
        self,
        request: Asking,
        service: TheService,
        session: UUID,
        data: JSONBody[RecordOutput],
        key: IdempotencyKey = None,
    ) -> SessionOutput:
        """Keep what came out of a session that opened; the same one again answers the same."""
        async with service.write() as connection:
            await entered(request, connection, await sessions.session_home(connection, session))
            row = await commands.record_output(
                connection,
                session,
                data,
                output_id=named(request, data.id, key),
                now=ids.now(),
                new_id=ids.new_id,
            )
        return _shown(row)

    @get("/v1/coordinations/{coordination:str}/session-outputs", opt=READ.opt())
    async def outputs(
        self,
        service: TheService,
        coordination: Slug,
        session: UUID | None = None,
        committee: Named = None,
        kind: Kind = None,
        limit: Limit = 50,
        cursor: UUID | None = None,
    ) -> SessionOutputs:
        """Return a page of what came out: of one session, committee or kind, or all."""
        async with service.read() as connection:
            found, more = await reads.outputs(
                connection,
                coordination,
                session=session,
                committee=committee,
                kind=kind,
                after=cursor,
                most=limit,
            )
        return SessionOutputs(
            items=[_shown(row) for row in found], cursor=str(more) if more else None
        )
