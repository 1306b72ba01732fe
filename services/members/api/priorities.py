"""Routes of ballots on priorities, definitions and validations by other bodies."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import JSONBody, Parameter

from contracts.events.members.priorities import RankedAction
from contracts.http.members import priorities as bodies
from contracts.http.members.priorities import PrioritisationState
from contracts.values import College
from services.chassis import ids
from services.chassis.http import TheService
from services.chassis.policies import Asking, entered
from services.members.api.asking import (
    READ,
    TAKE_PART,
    WRITE,
    IdempotencyKey,
    Limit,
    Slug,
    named,
)
from services.members.commands import definitions as wording
from services.members.commands import priorities as commands
from services.members.model import definitions as texts
from services.members.model import priorities as model
from services.members.reads import priorities as reads

VersionCursor = Annotated[int, Parameter(ge=0, le=10**6)]


def _state(row: model.Ballot) -> PrioritisationState:
    return PrioritisationState.CLOSED if row.closed_at else PrioritisationState.OPEN


def _ballot(row: model.Ballot, cast: list[model.CastRanking]) -> bodies.Prioritisation:
    """Return a ballot; nobody reads what is ranked before its close."""
    weights = row.weight_of()
    found = model.by_college(row, cast) if row.closed_at else {}
    return bodies.Prioritisation(
        id=row.prioritisation_id,
        coordination=row.coordination,
        title=row.title,
        committee=row.committee,
        actions=row.actions,
        closes_at=row.closes_at,
        closed_at=row.closed_at,
        state=_state(row),
        rankings=len(cast),
        ranks=[
            RankedAction(action=one.action, rank=one.rank, score=str(one.score))
            for one in model.places(row.actions, found, weights)
        ],
        colleges=[
            bodies.CollegeScores(
                college=College(college),
                weight=str(weights[college]),
                rankings=sum(one.college == college for one in cast),
                scores={action: str(score) for action, score in scores.items()},
            )
            for college, scores in found.items()
        ],
    )


def _definition(row: texts.Definition, in_force: texts.Definition | None) -> bodies.Definition:
    return bodies.Definition(
        id=row.definition_id,
        coordination=row.coordination,
        version=row.version,
        text=row.text,
        text_sha256=row.text_sha256,
        opinion=row.opinion_id,
        adopted_on=row.adopted_on,
        in_force=in_force is not None and in_force.definition_id == row.definition_id,
    )


def _validation(row: texts.Validation) -> bodies.Validation:
    return bodies.Validation(
        id=row.validation_id,
        coordination=row.coordination,
        opinion=row.opinion_id,
        body=row.body,
        reference=row.reference,
        validated_on=row.validated_on,
    )


class Prioritisations(Controller):
    """Ballots that rank action sheets: advice on priorities, never on money."""

    tags = ("Priorités",)

    @get("/v1/coordinations/{coordination:str}/prioritisations", opt=READ.opt())
    async def prioritisations(
        self, service: TheService, coordination: Slug, limit: Limit = 50, cursor: UUID | None = None
    ) -> bodies.Prioritisations:
        """Return a page of ballots on priorities by id."""
        async with service.read() as connection:
            found, more = await reads.ballots(connection, coordination, after=cursor, most=limit)
        return bodies.Prioritisations(
            items=[
                bodies.PrioritisationSummary(
                    id=row.prioritisation_id,
                    title=row.title,
                    committee=row.committee,
                    closes_at=row.closes_at,
                    state=_state(row),
                )
                for row in found
            ],
            cursor=str(more) if more else None,
        )

    @post("/v1/coordinations/{coordination:str}/prioritisations", opt=WRITE.opt())
    async def open(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[bodies.OpenPrioritisation],
        key: IdempotencyKey = None,
    ) -> bodies.Prioritisation:
        """Open a ballot on priorities; the same one again answers what it has become."""
        async with service.write() as connection:
            row = await commands.open_prioritisation(
                connection,
                coordination,
                data,
                ballot_id=named(request, data.id, key),
                now=ids.now(),
            )
            return _ballot(row, await reads.rankings(connection, row.prioritisation_id))

    @get("/v1/prioritisations/{ballot:uuid}", opt=READ.opt())
    async def prioritisation(
        self, request: Asking, service: TheService, ballot: UUID
    ) -> bodies.Prioritisation:
        """Return a ballot, with its ranks once it is closed."""
        async with service.read() as connection:
            row = await reads.ballot(connection, ballot)
            await entered(request, connection, row.coordination)
            return _ballot(row, await reads.rankings(connection, ballot))

    @post("/v1/prioritisations/{ballot:uuid}/rankings", opt=TAKE_PART.opt())
    async def rank(
        self, request: Asking, service: TheService, ballot: UUID, data: JSONBody[bodies.Rank]
    ) -> bodies.Ranking:
        """Give a member's ranking, in place of the one it gave."""
        async with service.write() as connection:
            row = await reads.ballot(connection, ballot)
            await entered(request, connection, row.coordination)
            if WRITE.roles.isdisjoint(request.user.roles):
                await reads.must_rank_for(
                    connection, row.coordination, data.member, request.user.organization
                )
            cast = await commands.rank_actions(connection, ballot, data, now=ids.now())
        return bodies.Ranking(
            member=cast.member_id,
            college=College(cast.college),
            actions=cast.actions,
            times=cast.times,
        )

    @post("/v1/prioritisations/{ballot:uuid}/close", opt=WRITE.opt(), status_code=200)
    async def close(
        self, request: Asking, service: TheService, ballot: UUID
    ) -> bodies.Prioritisation:
        """Close a ballot and rank its actions; again, nothing changes."""
        async with service.write() as connection:
            await entered(
                request, connection, (await reads.ballot(connection, ballot)).coordination
            )
            row = await commands.close_prioritisation(
                connection, ballot, now=ids.now(), new_id=ids.new_id
            )
            return _ballot(row, await reads.rankings(connection, ballot))


class Definitions(Controller):
    """What digital inclusion means here, in versions, and what other bodies validated."""

    tags = ("Avis et décisions",)

    @get("/v1/coordinations/{coordination:str}/definitions", opt=READ.opt())
    async def definitions(
        self,
        service: TheService,
        coordination: Slug,
        limit: Limit = 50,
        cursor: VersionCursor = 0,
    ) -> bodies.Definitions:
        """Return a page of definitions by version; one at most is in force."""
        async with service.read() as connection:
            found, more = await reads.definitions(
                connection, coordination, after=cursor, most=limit
            )
            current = await reads.in_force(connection, coordination)
        return bodies.Definitions(
            items=[_definition(row, current) for row in found],
            cursor=str(more) if more else None,
        )

    @post("/v1/coordinations/{coordination:str}/definitions", opt=WRITE.opt())
    async def write(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[bodies.WriteDefinition],
        key: IdempotencyKey = None,
    ) -> bodies.Definition:
        """Write the next version, which nobody adopted yet; the same one again is the same."""
        async with service.write() as connection:
            row = await wording.write_definition(
                connection,
                coordination,
                data,
                definition_id=named(request, data.id, key),
                now=ids.now(),
            )
            return _definition(row, await reads.in_force(connection, coordination))

    @post("/v1/definitions/{definition:uuid}/adopt", opt=WRITE.opt(), status_code=200)
    async def adopt(
        self,
        request: Asking,
        service: TheService,
        definition: UUID,
        data: JSONBody[bodies.AdoptDefinition],
    ) -> bodies.Definition:
        """Link a version to the opinion that adopted it; the highest adopted one is in force."""
        async with service.write() as connection:
            await entered(request, connection, await reads.definition_home(connection, definition))
            row = await wording.adopt_definition(
                connection, definition, data, now=ids.now(), new_id=ids.new_id
            )
            return _definition(row, await reads.in_force(connection, row.coordination))

    @get("/v1/coordinations/{coordination:str}/validations", opt=READ.opt())
    async def validations(
        self,
        service: TheService,
        coordination: Slug,
        opinion: UUID | None = None,
        limit: Limit = 50,
        cursor: UUID | None = None,
    ) -> bodies.Validations:
        """Return a page of validations by id, of one opinion or of all."""
        async with service.read() as connection:
            found, more = await reads.validations(
                connection, coordination, opinion_id=opinion, after=cursor, most=limit
            )
        return bodies.Validations(
            items=[_validation(row) for row in found], cursor=str(more) if more else None
        )

    @post("/v1/coordinations/{coordination:str}/validations", opt=WRITE.opt())
    async def validate(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[bodies.RecordValidation],
        key: IdempotencyKey = None,
    ) -> bodies.Validation:
        """Record what another body validated; the same one again answers the same."""
        async with service.write() as connection:
            row = await wording.record_validation(
                connection,
                coordination,
                data,
                validation_id=named(request, data.id, key),
                now=ids.now(),
                new_id=ids.new_id,
            )
        return _validation(row)
