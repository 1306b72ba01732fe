"""Routes of what is heard on the ground: testimonies, visits, tours."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, delete, get, post
from litestar.params import JSONBody, Parameter, QueryParameter

from contracts.http.diagnostics.elements import TargetKind
from contracts.http.diagnostics.visits import (
    BringTestimony,
    PlanVisit,
    ReportVisit,
    Testimonies,
    Testimony,
    Tour,
    Tours,
    Visit,
    Visits,
    VisitState,
)
from services.chassis import ids
from services.chassis.http import TheService
from services.chassis.policies import Asking
from services.diagnostics.api.rights import (
    BRING,
    INSIDE,
    READ,
    WRITE,
    Commune,
    IdempotencyKey,
    Limit,
    Slug,
    TargetId,
    must_speak_for,
    named,
)
from services.diagnostics.commands import visits as commands
from services.diagnostics.model.wording import day_of
from services.diagnostics.reads import visits as reads

Stands = Annotated[VisitState | None, QueryParameter(name="state")]
PostCursor = Annotated[str, Parameter(pattern="^[a-z0-9_-]*$", max_length=60)]
PostSlug = Annotated[str, Parameter(pattern="^[a-z][a-z0-9_-]{0,59}$")]
HERE = "/v1/coordinations/{coordination:str}"


class Voices(Controller):
    """What inhabitants agreed to let be told."""

    tags = ("Témoignages",)

    @get(f"{HERE}/testimonies", opt=INSIDE.opt())
    async def testimonies(
        self,
        service: TheService,
        coordination: Slug,
        target_kind: TargetKind | None = None,
        target: TargetId = None,
        commune: Commune = None,
        limit: Limit = 50,
        cursor: UUID | None = None,
    ) -> Testimonies:
        """Return a page of the testimonies that stand, about one thing, of one commune, or all."""
        async with service.read() as connection:
            return await reads.testimonies(
                connection,
                coordination,
                target=(target_kind.value if target_kind else None, target),
                commune=commune,
                after=cursor,
                most=limit,
            )

    @post(f"{HERE}/testimonies", opt=BRING.opt())
    async def bring(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[BringTestimony],
        key: IdempotencyKey = None,
    ) -> Testimony:
        """Keep what an inhabitant agreed to let be told; the same again answers the same."""
        must_speak_for(request.user, data.organization)
        async with service.write() as connection:
            row = await commands.bring_testimony(
                connection,
                coordination,
                data,
                testimony_id=named(request, data.id, key),
                now=ids.now(),
            )
        return reads.testimony_shown(row)

    @delete(f"{HERE}/testimonies/{{testimony_id:uuid}}", opt=WRITE.opt())
    async def withdraw(self, service: TheService, coordination: Slug, testimony_id: UUID) -> None:
        """Forget the words of a testimony, everywhere."""
        async with service.write() as connection:
            await commands.withdraw_testimony(
                connection, coordination, testimony_id, today=day_of(ids.now())
            )


class Ground(Controller):
    """Visits to communes, and the tours that filled posts begin."""

    tags = ("Tournée des communes",)

    @get(f"{HERE}/visits", opt=READ.opt())
    async def visits(
        self,
        service: TheService,
        coordination: Slug,
        commune: Commune = None,
        stands: Stands = None,
        limit: Limit = 50,
        cursor: UUID | None = None,
    ) -> Visits:
        """Return a page of visits by id, of one commune or state, or all."""
        async with service.read() as connection:
            return await reads.visits(
                connection,
                coordination,
                commune=commune,
                state=stands.value if stands else None,
                after=cursor,
                most=limit,
            )

    @post(f"{HERE}/visits", opt=WRITE.opt())
    async def plan(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[PlanVisit],
        key: IdempotencyKey = None,
    ) -> Visit:
        """Plan a visit to a commune; the same one again answers the same."""
        async with service.write() as connection:
            row = await commands.plan_visit(
                connection,
                coordination,
                data,
                visit_id=named(request, data.id, key),
                now=ids.now(),
            )
        return reads.visit_shown(row)

    @post(f"{HERE}/visits/{{visit_id:uuid}}/report", opt=WRITE.opt(), status_code=200)
    async def report(
        self, service: TheService, coordination: Slug, visit_id: UUID, data: JSONBody[ReportVisit]
    ) -> Visit:
        """Keep how a visit went: who was met, by function, and which needs were heard."""
        async with service.write() as connection:
            row = await commands.report_visit(
                connection, coordination, visit_id, data, now=ids.now(), new_id=ids.new_id
            )
        return reads.visit_shown(row)

    @post(f"{HERE}/visits/{{visit_id:uuid}}/cancel", opt=WRITE.opt(), status_code=200)
    async def cancel(self, service: TheService, coordination: Slug, visit_id: UUID) -> Visit:
        """Cancel a visit that was not made."""
        async with service.write() as connection:
            row = await commands.cancel_visit(connection, coordination, visit_id)
        return reads.visit_shown(row)

    @get(f"{HERE}/tours", opt=READ.opt())
    async def tours(
        self,
        service: TheService,
        coordination: Slug,
        limit: Annotated[int, Parameter(ge=1, le=20)] = 20,
        cursor: PostCursor = "",
    ) -> Tours:
        """Return a page of tours by post, and how many communes each has visited."""
        async with service.read() as connection:
            return await reads.tours(connection, coordination, after=cursor, most=limit)

    @get(f"{HERE}/tours/{{post:str}}", opt=READ.opt())
    async def tour(self, service: TheService, coordination: Slug, post: PostSlug) -> Tour:
        """Return the checklist of a post: every commune, visited, planned or not yet."""
        async with service.read() as connection:
            return await reads.tour(connection, coordination, post)
