"""Routes of what the field confirms: elements of the diagnostic, their steps, their evidence."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import JSONBody, QueryParameter

from contracts.http.diagnostics.elements import (
    AnswerElement,
    AttachEvidence,
    ElementCoverage,
    ElementHistory,
    Elements,
    ElementState,
    Evidence,
    EvidenceList,
    ObserveElement,
    TakeStep,
    TargetKind,
)
from services.chassis import ids
from services.chassis.http import TheService
from services.chassis.policies import Asking
from services.diagnostics.api.rights import (
    DECIDE,
    READ,
    WRITE,
    Commune,
    IdempotencyKey,
    Limit,
    Slug,
    TargetId,
    Word,
    named,
)
from services.diagnostics.commands import elements as commands
from services.diagnostics.model.elements import Wanted
from services.diagnostics.reads import elements as reads

Reached = Annotated[ElementState | None, QueryParameter(name="state")]


class Qualification(Controller):
    """Risks that figures reveal, and what the field says of them."""

    tags = ("Qualification",)

    @get("/v1/coordinations/{coordination:str}/elements", opt=READ.opt())
    async def elements(
        self,
        service: TheService,
        coordination: Slug,
        commune: Commune = None,
        reached: Reached = None,
        problem: Word = None,
        public: Word = None,
        limit: Limit = 50,
        cursor: UUID | None = None,
    ) -> Elements:
        """Return a page of elements by id, of one commune, state, problem or public, or all."""
        wanted = Wanted(
            commune=commune,
            state=reached.value if reached else None,
            problem=problem,
            public=public,
        )
        async with service.read() as connection:
            return await reads.elements(connection, coordination, wanted, after=cursor, most=limit)

    @post("/v1/coordinations/{coordination:str}/elements", opt=WRITE.opt())
    async def observe(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[ObserveElement],
        key: IdempotencyKey = None,
    ) -> ElementHistory:
        """Keep a risk that a figure reveals; the same one again answers the same."""
        element_id = named(request, data.id, key)
        async with service.write() as connection:
            await commands.observe_element(
                connection, coordination, data, element_id=element_id, now=ids.now()
            )
            return await reads.element(connection, coordination, element_id)

    @get("/v1/coordinations/{coordination:str}/elements/coverage", opt=READ.opt())
    async def coverage(self, service: TheService, coordination: Slug) -> ElementCoverage:
        """Return how many elements there are by state, and how many an action answers."""
        async with service.read() as connection:
            return await reads.coverage(connection, coordination)

    @get("/v1/coordinations/{coordination:str}/elements/{element_id:uuid}", opt=READ.opt())
    async def element(
        self, service: TheService, coordination: Slug, element_id: UUID
    ) -> ElementHistory:
        """Return one element with its steps, its evidence and its actions."""
        async with service.read() as connection:
            return await reads.element(connection, coordination, element_id)

    @post("/v1/coordinations/{coordination:str}/elements/{element_id:uuid}/steps", opt=DECIDE.opt())
    async def step(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        element_id: UUID,
        data: JSONBody[TakeStep],
        key: IdempotencyKey = None,
    ) -> ElementHistory:
        """Bring an element one step on: surveyed, then qualified or refuted on evidence."""
        async with service.write() as connection:
            await commands.take_step(
                connection,
                coordination,
                element_id,
                data,
                step_id=named(request, data.id, key),
                now=ids.now(),
                new_id=ids.new_id,
            )
            return await reads.element(connection, coordination, element_id)

    @post(
        "/v1/coordinations/{coordination:str}/elements/{element_id:uuid}/actions",
        opt=WRITE.opt(),
        status_code=200,
    )
    async def answer(
        self,
        service: TheService,
        coordination: Slug,
        element_id: UUID,
        data: JSONBody[AnswerElement],
    ) -> ElementHistory:
        """Keep that an action of the roadmap answers an element."""
        async with service.write() as connection:
            await commands.answer_element(connection, coordination, element_id, data.action)
            return await reads.element(connection, coordination, element_id)


class Proofs(Controller):
    """Documents that show something is so."""

    tags = ("Preuves",)

    @get("/v1/coordinations/{coordination:str}/evidence", opt=READ.opt())
    async def evidence(
        self,
        service: TheService,
        coordination: Slug,
        target_kind: TargetKind | None = None,
        target: TargetId = None,
        commune: Commune = None,
        limit: Limit = 50,
        cursor: UUID | None = None,
    ) -> EvidenceList:
        """Return a page of evidence by id, about one kind of thing or one thing, or all."""
        async with service.read() as connection:
            return await reads.evidence(
                connection,
                coordination,
                target=(target_kind.value if target_kind else None, target),
                commune=commune,
                after=cursor,
                most=limit,
            )

    @post("/v1/coordinations/{coordination:str}/evidence", opt=WRITE.opt())
    async def attach(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[AttachEvidence],
        key: IdempotencyKey = None,
    ) -> Evidence:
        """Attach a document to what it shows; the same one again answers the same."""
        async with service.write() as connection:
            row = await commands.attach_evidence(
                connection,
                coordination,
                data,
                evidence_id=named(request, data.id, key),
                now=ids.now(),
            )
        return reads.evidence_shown(row)
