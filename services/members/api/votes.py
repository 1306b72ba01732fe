"""Routes of rule books and of resolutions: what is voted, by whom, and what it decides."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.params import JSONBody, Parameter
from litestar.response import Stream

from contracts.events.members.votes import RecusalGround, ResolutionObject, RuleBook
from contracts.http.members.votes import (
    AdoptedRuleBook,
    AdoptedRuleBooks,
    AdoptRuleBook,
    DeclareRecusal,
    OpenResolution,
    Resolution,
    Resolutions,
    Result,
    Roll,
    Voter,
    VoteState,
)
from services.chassis import ids
from services.chassis.http import TheService
from services.chassis.policies import Asking, entered
from services.members.api.asking import READ, WRITE, IdempotencyKey, Limit, Slug, named
from services.members.api.voting import VOTE, must_act_for, must_be_shown
from services.members.commands import closing
from services.members.commands import resolutions as commands
from services.members.commands import rule_books as rule_book_commands
from services.members.model import votes as model
from services.members.reads import FIRST
from services.members.reads import votes as reads

VERSION_MAX = 2**31 - 1
Version = Annotated[int, Parameter(ge=1, le=VERSION_MAX)]
VersionCursor = Annotated[int | None, Parameter(ge=1, le=VERSION_MAX)]


def _rule_book(row: model.RuleBookRow) -> AdoptedRuleBook:
    return AdoptedRuleBook(
        coordination=row.coordination,
        version=row.version,
        adopted_on=row.adopted_on,
        rule_book=msgspec.json.decode(row.document, type=RuleBook),
        sha256=row.sha256,
    )


def _resolution(row: model.ResolutionRow) -> Resolution:
    return Resolution(
        id=row.resolution_id,
        coordination=row.coordination,
        title=row.title,
        text=row.text,
        object=ResolutionObject(row.object),
        session=row.session_id,
        committee=row.committee,
        rule_book=row.rule_book,
        rule_book_sha256=row.rule_book_sha256,
        diagnostic_version=row.diagnostic_version,
        awards=row.awards,
        total_cents=sum(row.award_cents),
        interested=row.interested,
        chair=row.chair,
        call=row.call,
        second_call_of=row.second_call_of,
        opened_at=row.opened_at,
        closes_at=row.closes_at,
        closed_at=row.closed_at,
        state=VoteState.OPEN if row.closed_at is None else VoteState.CLOSED,
        ballots=row.last_seq,
    )


def _voter(row: model.VoterRow) -> Voter:
    return Voter(
        member=row.member_id,
        organization=row.organization,
        college=row.college,
        units=row.units,
        recusal=RecusalGround(row.recusal) if row.recusal else None,
    )


class RuleBooks(Controller):
    """How a coordination votes: versions that never change, each with its hash."""

    tags = ("Votes",)

    @get("/v1/coordinations/{coordination:str}/rule-books", opt=READ.opt())
    async def rule_books(
        self,
        service: TheService,
        coordination: Slug,
        limit: Limit = 50,
        cursor: VersionCursor = None,
    ) -> AdoptedRuleBooks:
        """Return a page of rule books, the last one first."""
        async with service.read() as connection:
            found, more = await reads.rule_books(
                connection, coordination, before=cursor, most=limit
            )
        items = [_rule_book(row) for row in found]
        return AdoptedRuleBooks(items=items, cursor=str(more) if more else None)

    @get(
        "/v1/coordinations/{coordination:str}/rule-books/model",
        opt=READ.opt(),
        sync_to_thread=False,
    )
    def model(self, coordination: Slug) -> RuleBook:
        """Return what a coordination of three colleges may start from; nothing is adopted."""
        del coordination  # The model is the same for all.
        return model.MODEL

    @get("/v1/coordinations/{coordination:str}/rule-books/{version:int}", opt=READ.opt())
    async def rule_book(
        self, service: TheService, coordination: Slug, version: Version
    ) -> AdoptedRuleBook:
        """Return one version of the rule book."""
        async with service.read() as connection:
            return _rule_book(await reads.rule_book(connection, coordination, version))

    @post("/v1/coordinations/{coordination:str}/rule-books", opt=WRITE.opt())
    async def adopt(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[AdoptRuleBook],
        key: IdempotencyKey = None,
    ) -> AdoptedRuleBook:
        """Adopt a rule book as the next version; the same as the last one answers the last one."""
        async with service.write() as connection:
            row = await rule_book_commands.adopt_rule_book(
                connection,
                coordination,
                data,
                rule_book_id=named(request, data.id, key),
                now=ids.now(),
                new_id=ids.new_id,
            )
        return _rule_book(row)


class Votes(Controller):
    """Resolutions: opened on a frozen roll, voted, closed once; their facts prove the result."""

    tags = ("Votes",)

    @get("/v1/coordinations/{coordination:str}/resolutions", opt=READ.opt())
    async def resolutions(
        self, service: TheService, coordination: Slug, limit: Limit = 50, cursor: UUID | None = None
    ) -> Resolutions:
        """Return a page of resolutions by id."""
        async with service.read() as connection:
            found, more = await reads.resolutions(
                connection, coordination, after=cursor or FIRST, most=limit
            )
        items = [_resolution(row) for row in found]
        return Resolutions(items=items, cursor=str(more) if more else None)

    @post("/v1/coordinations/{coordination:str}/resolutions", opt=WRITE.opt())
    async def open(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[OpenResolution],
        key: IdempotencyKey = None,
    ) -> Resolution:
        """Open a vote and freeze its roll; the same one again answers what it has become."""
        async with service.write() as connection:
            row = await commands.open_resolution(
                connection,
                coordination,
                data,
                resolution_id=named(request, data.id, key),
                new_id=ids.new_id,
            )
        return _resolution(row)

    @get("/v1/resolutions/{resolution:uuid}", opt=READ.opt())
    async def resolution(
        self, request: Asking, service: TheService, resolution: UUID
    ) -> Resolution:
        """Return one resolution."""
        async with service.read() as connection:
            row = await reads.resolution(connection, resolution)
            await entered(request, connection, row.coordination)
        return _resolution(row)

    @get("/v1/resolutions/{resolution:uuid}/roll", opt=READ.opt())
    async def roll(
        self,
        request: Asking,
        service: TheService,
        resolution: UUID,
        limit: Limit = 50,
        cursor: UUID | None = None,
    ) -> Roll:
        """Return a page of the roll frozen at the opening, by member."""
        async with service.read() as connection:
            row = await reads.resolution(connection, resolution)
            await entered(request, connection, row.coordination)
            found, more = await reads.roll(
                connection, resolution, after=cursor or FIRST, most=limit
            )
        items = [_voter(one) for one in found]
        return Roll(items=items, cursor=str(more) if more else None)

    @post("/v1/resolutions/{resolution:uuid}/recusals", opt=VOTE.opt())
    async def recuse(
        self,
        request: Asking,
        service: TheService,
        resolution: UUID,
        data: JSONBody[DeclareRecusal],
    ) -> Voter:
        """Take a member off the roll, with its ballots and proxies; again, nothing changes."""
        async with service.write() as connection:
            home = await reads.resolution_home(connection, resolution)
            await entered(request, connection, home)
            voter = await reads.voter(connection, resolution, data.member)
            must_act_for(request.user, voter, data.member)
            recused = await commands.declare_recusal(
                connection, resolution, data.member, new_id=ids.new_id
            )
        return _voter(recused)

    @post("/v1/resolutions/{resolution:uuid}/close", opt=WRITE.opt(), status_code=200)
    async def close(self, request: Asking, service: TheService, resolution: UUID) -> Result:
        """Close a vote and count it once; again, the answer is the same."""
        async with service.write() as connection:
            home = await reads.resolution_home(connection, resolution)
            await entered(request, connection, home)
            closed = await closing.close_resolution(connection, resolution, new_id=ids.new_id)
        return reads.result(closed)

    @get("/v1/resolutions/{resolution:uuid}/result", opt=READ.opt())
    async def result(self, request: Asking, service: TheService, resolution: UUID) -> Result:
        """Return what a closed vote decided, as `ctin tally` gives it."""
        async with service.read() as connection:
            row = await reads.resolution(connection, resolution)
            await entered(request, connection, row.coordination)
        return reads.result(row)

    @get("/v1/resolutions/{resolution:uuid}/tally", opt=READ.opt())
    async def tally(self, request: Asking, service: TheService, resolution: UUID) -> Result:
        """Return what the ballots add up to now, as if the vote closed without a casting vote."""
        async with service.read() as connection:
            row = await reads.resolution(connection, resolution)
            must_be_shown(await entered(request, connection, row.coordination), row)
            return await reads.standing(connection, row)

    @get(
        "/v1/resolutions/{resolution:uuid}/facts",
        opt=READ.opt(),
        media_type="application/x-ndjson",
    )
    async def facts(self, request: Asking, service: TheService, resolution: UUID) -> Stream:
        """Return the facts told of a resolution, one structured CloudEvent a line, in order."""
        async with service.read() as connection:
            row = await reads.resolution(connection, resolution)
            must_be_shown(await entered(request, connection, row.coordination), row)
        return Stream(reads.fact_lines(service.read, resolution), media_type="application/x-ndjson")
