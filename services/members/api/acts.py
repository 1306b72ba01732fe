"""Routes of opinions and of funders' decisions."""

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import JSONBody

from contracts.events.members.votes import ResolutionObject
from contracts.http.members import (
    FunderDecision,
    FunderDecisions,
    Opinion,
    OpinionMode,
    Opinions,
    RecordFunderDecision,
    RecordOpinion,
)
from contracts.http.members.acts import OpinionOutcome, Remark, RemarkKind
from services.chassis import ids
from services.chassis.http import TheService
from services.chassis.policies import Asking
from services.chassis.tokens import Caller
from services.members import commands, model, reads
from services.members.api.asking import (
    DECIDE,
    READ,
    WRITE,
    IdempotencyKey,
    Limit,
    Named,
    Slug,
    named,
)
from services.members.errors import DecisionIsAnothers
from services.members.model.definitions import WordedRemark
from services.members.reads.priorities import remarks as remarks_of


def _opinion(row: model.Opinion, remarks: list[WordedRemark]) -> Opinion:
    return Opinion(
        id=row.opinion_id,
        coordination=row.coordination,
        reference=row.reference,
        title=row.title,
        adopted_on=row.adopted_on,
        mode=OpinionMode(row.mode),
        objections=row.objections,
        reservations=row.reservations,
        diagnostic_version=row.diagnostic_version,
        minutes_sha256=row.minutes_sha256,
        awards=model.awards_of(row),
        total_cents=sum(row.award_cents),
        outcome=OpinionOutcome(row.outcome),
        session=row.session_id,
        committee=row.committee,
        object=ResolutionObject(row.object) if row.object else None,
        object_reference=row.object_reference,
        remarks=[
            Remark(kind=RemarkKind(one.kind), member=one.member_id, text=one.text)
            for one in remarks
            if one.opinion_id == row.opinion_id
        ],
    )


def _decision(row: model.Decision) -> FunderDecision:
    return FunderDecision(
        id=row.decision_id,
        coordination=row.coordination,
        funder=row.funder,
        body=row.body,
        reference=row.reference,
        decided_on=row.decided_on,
        enforceable_since=row.enforceable_since,
        awards=model.awards_of(row),
        total_cents=sum(row.award_cents),
    )


def _must_speak_for(caller: Caller, funder: str) -> None:
    """Refuse a funder that records another one's decision; the secretary records any."""
    if WRITE.roles.isdisjoint(caller.roles) and caller.organization != funder:
        raise DecisionIsAnothers(funder)


class Acts(Controller):
    """What the colleges adopted, and what each funder decided for its own money."""

    tags = ("Avis et décisions",)

    @get("/v1/coordinations/{coordination:str}/opinions", opt=READ.opt())
    async def opinions(
        self,
        service: TheService,
        coordination: Slug,
        outcome: OpinionOutcome | None = None,
        session: UUID | None = None,
        about: ResolutionObject | None = None,
        limit: Limit = 50,
        cursor: UUID | None = None,
    ) -> Opinions:
        """Return a page of opinions by id, of one outcome, session and object or of all."""
        async with service.read() as connection:
            found, more = await reads.opinions(
                connection,
                coordination,
                after=cursor,
                most=limit,
                outcome=outcome,
                session_id=session,
                about=about,
            )
            worded = await remarks_of(connection, coordination, [row.opinion_id for row in found])
        return Opinions(
            items=[_opinion(row, worded) for row in found], cursor=str(more) if more else None
        )

    @post("/v1/coordinations/{coordination:str}/opinions", opt=WRITE.opt())
    async def adopt(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[RecordOpinion],
        key: IdempotencyKey = None,
    ) -> Opinion:
        """Record what was adopted, or rejected; the same one again answers the same."""
        async with service.write() as connection:
            row = await commands.record_opinion(
                connection,
                coordination,
                data,
                opinion_id=named(request, data.id, key),
                now=ids.now(),
                new_id=ids.new_id,
            )
            worded = await remarks_of(connection, coordination, [row.opinion_id])
        return _opinion(row, worded)

    @get("/v1/coordinations/{coordination:str}/funder-decisions", opt=READ.opt())
    async def decisions(
        self,
        service: TheService,
        coordination: Slug,
        funder: Named = None,
        limit: Limit = 50,
        cursor: UUID | None = None,
    ) -> FunderDecisions:
        """Return a page of funders' decisions by id, of one funder or of all."""
        async with service.read() as connection:
            found, more = await reads.decisions(
                connection, coordination, after=cursor, most=limit, funder=funder
            )
        return FunderDecisions(
            items=[_decision(row) for row in found], cursor=str(more) if more else None
        )

    @post("/v1/coordinations/{coordination:str}/funder-decisions", opt=DECIDE.opt())
    async def decide(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[RecordFunderDecision],
        key: IdempotencyKey = None,
    ) -> FunderDecision:
        """Record a funder's decision; the same one again answers the same."""
        _must_speak_for(request.user, data.funder)
        async with service.write() as connection:
            row = await commands.record_decision(
                connection,
                coordination,
                data,
                decision_id=named(request, data.id, key),
                now=ids.now(),
                new_id=ids.new_id,
            )
        return _decision(row)
