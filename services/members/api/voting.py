"""Routes of ballots, and who may cast or see them."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, Parameter

from contracts.events.members.votes import Choice
from contracts.http.members.votes import (
    BALLOTS_MAX,
    Ballot,
    BallotAnswer,
    BallotAnswers,
    Ballots,
    BallotStatus,
    CastBallot,
)
from contracts.values import Role
from services.chassis import ids
from services.chassis.errors import Refusal
from services.chassis.http import TheService
from services.chassis.policies import Asking, Policy, entered
from services.chassis.tokens import Caller
from services.members.api.asking import READ, WRITE, IdempotencyKey, Limit
from services.members.errors.votes import (
    BallotIsAnothers,
    NotOnTheRoll,
    TooManyBallots,
    VoteIsNotPublic,
)
from services.members.lane import Lane
from services.members.model.box import AskedBallot, Taken
from services.members.model.votes import ResolutionRow, ShownBallot, VoterRow
from services.members.reads import votes as reads

VOTE = Policy("voter", WRITE.roles | {Role.MEMBER, Role.ELECTED})
TheLane = NamedDependency[Lane]
SeqCursor = Annotated[int, Parameter(ge=0, le=2**53)]


def may_act_for_all(caller: Caller) -> bool:
    """Tell whether a caller acts for any member: who holds the vote does."""
    return not WRITE.roles.isdisjoint(caller.roles)


def must_act_for(caller: Caller, voter: VoterRow | None, member: UUID) -> None:
    """Refuse a caller that acts for another's member.

    Raises:
        NotOnTheRoll: the member is not on the roll.
        BallotIsAnothers: it is another organisation's.
    """
    if voter is None:
        raise NotOnTheRoll("member", member)
    if not may_act_for_all(caller) and voter.organization != caller.organization:
        raise BallotIsAnothers(member)


def must_be_shown(caller: Caller, row: ResolutionRow) -> None:
    """Refuse the detail of a vote in progress, unless money is at stake or the caller holds it.

    Raises:
        VoteIsNotPublic: it is to be read at the close.
    """
    if row.closed_at is None and not row.is_about_money and not may_act_for_all(caller):
        raise VoteIsNotPublic


def _asked(request: Asking, one: CastBallot, key: str | None, index: int) -> AskedBallot:
    named = one.id
    if named is None and key:
        named = ids.from_key(request.user.sub, f"{request.url.path}:{key}:{index}")
    return AskedBallot(
        ballot_id=named or ids.new_id(),
        member=one.member,
        choice=one.choice,
        holder=one.holder,
        speaks_for=request.user.organization,
        speaks_for_all=may_act_for_all(request.user),
    )


def _answer(asked: AskedBallot, found: Taken | Refusal) -> BallotAnswer:
    told: dict[str, Any] = {
        "id": asked.ballot_id,
        "member": asked.member,
        "choice": asked.choice,
        "holder": asked.holder,
    }
    if isinstance(found, Taken):
        status = BallotStatus.CAST if found.is_new else BallotStatus.EXISTS
        return BallotAnswer(**told, status=status, seq=found.row.seq)
    return BallotAnswer(
        **told,
        status=BallotStatus.REFUSED,
        code=found.code,
        field=found.field,
        detail=str(found),
    )


def _shown(row: ShownBallot) -> Ballot:
    return Ballot(
        seq=row.seq,
        member=row.member_id,
        college=row.college,
        choice=Choice(row.choice),
        holder=row.holder_id,
        cast_at=row.cast_at,
    )


class BallotBox(Controller):
    """Ballots: cast in the room by the secretary, or by each member for itself."""

    tags = ("Votes",)

    @post("/v1/resolutions/{resolution:uuid}/ballots", opt=VOTE.opt())
    async def cast(
        self,
        request: Asking,
        service: TheService,
        lane: TheLane,
        resolution: UUID,
        data: JSONBody[CastBallot | list[CastBallot]],
        key: IdempotencyKey = None,
    ) -> BallotAnswer | BallotAnswers:
        """Cast a ballot, or up to 500 answered one by one; the same again answers the same.

        A member's last ballot counts; it may be replaced until the close.
        """
        async with service.read() as connection:
            home = await reads.resolution_home(connection, resolution)
            await entered(request, connection, home)
        given = data if isinstance(data, list) else [data]
        if not 1 <= len(given) <= BALLOTS_MAX:
            raise TooManyBallots(len(given), BALLOTS_MAX)
        asked = [_asked(request, one, key, index) for index, one in enumerate(given)]
        found = await lane.cast(resolution, asked)
        if not isinstance(data, list):
            if isinstance(found[0], Refusal):
                raise found[0]
            return _answer(asked[0], found[0])
        return BallotAnswers(
            items=[_answer(one, other) for one, other in zip(asked, found, strict=True)]
        )

    @get("/v1/resolutions/{resolution:uuid}/ballots", opt=READ.opt())
    async def ballots(
        self,
        request: Asking,
        service: TheService,
        resolution: UUID,
        limit: Limit = 50,
        cursor: SeqCursor = 0,
    ) -> Ballots:
        """Return a page of ballots by sequence number, replaced ones too."""
        async with service.read() as connection:
            row = await reads.resolution(connection, resolution)
            must_be_shown(await entered(request, connection, row.coordination), row)
            found, more = await reads.ballots(connection, resolution, after=cursor, most=limit)
        items = [_shown(row) for row in found]
        return Ballots(items=items, cursor=str(more) if more else None)
