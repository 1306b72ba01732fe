"""Close votes: count once, tell the result, and what it makes of the opinion."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec

from contracts.envelope import Fact
from contracts.events.members import OpinionAdopted, OpinionRejected
from contracts.events.members.votes import (
    Choice,
    ResolutionClosed,
    RuleBook,
    VoteOutcome,
    VoteResult,
)
from contracts.http.members import OpinionMode
from contracts.http.members.acts import OpinionOutcome
from services.chassis import outbox
from services.chassis.database import Connection
from services.members import model, store
from services.members.commands.seats import SOURCE
from services.members.errors.votes import NoSuchResolution
from services.members.model import chain as chains
from services.members.model import tally, votes
from services.members.model.days import day_of
from services.members.store import ballots, resolutions, rule_books


async def close_resolution(
    connection: Connection, resolution_id: UUID, *, new_id: Callable[[], UUID]
) -> votes.ResolutionRow:
    """Close a vote, count it once and tell what it decided; again, nothing changes.

    An adopted resolution becomes an opinion of the same id, with its awards; one that was not
    deliberated becomes nothing, and a second call may follow.

    Raises:
        NoSuchResolution: there is none of this id.
    """
    async with connection.transaction():
        row = await resolutions.one(connection, resolution_id, lock=True)
        if row is None:
            raise NoSuchResolution(resolution_id)
        if row.closed_at is not None:
            return row
        at = await resolutions.tick(connection, resolution_id)
        result, casting_vote = await _counted(connection, row)
        chain = chains.chain_of(row)
        closed = chain.tell(
            ResolutionClosed(
                coordination=row.coordination,
                resolution_id=resolution_id,
                **chains.unplaced(),
                closed_at=at,
                ballots=row.last_seq,
                casting_vote=casting_vote,
                result=result,
            )
        )
        await resolutions.close(
            connection,
            resolution_id,
            closed_at=at,
            casting_vote=casting_vote.value if casting_vote else None,
            result=votes.canonical(result),
            chain=chain,
        )
        told: list[Fact] = [closed, *await _opinion(connection, row, result, at=at)]
        await outbox.put(connection, told, source=SOURCE, now=at, new_id=new_id)
        found = await resolutions.one(connection, resolution_id)
        assert found is not None, "it was just closed"
    return found


async def _counted(
    connection: Connection, row: votes.ResolutionRow
) -> tuple[VoteResult, Choice | None]:
    """Return what a vote decides, and the chair's casting vote when it had one to give."""
    book = await rule_books.one(connection, row.coordination, row.rule_book)
    assert book is not None, "a resolution has its rule book"
    document = msgspec.json.decode(book.document, type=RuleBook)
    rule = votes.rule_of(document, call=row.call)
    counts = await ballots.counts(connection, row.resolution_id)
    result = tally.tally(rule, counts)
    if result.reason is not VoteOutcome.TIED or row.chair is None:
        return result, None
    chair = await resolutions.voters_named(connection, row.resolution_id, [row.chair])
    if chair[row.chair].recusal is not None:
        return result, None
    own = await ballots.own(connection, row.resolution_id, row.chair)
    casting_vote = votes.casting_vote(document, own)
    return tally.tally(rule, counts, casting_vote=casting_vote), casting_vote


async def _opinion(
    connection: Connection, row: votes.ResolutionRow, result: VoteResult, *, at: datetime
) -> list[Fact]:
    """Keep what was decided as an opinion; return what is told of it, nothing without a quorum."""
    if not result.quorum:
        return []
    day = day_of(at)
    awards = row.awards if result.adopted else []
    opinion = model.Opinion(
        coordination=row.coordination,
        opinion_id=row.resolution_id,
        reference=None,
        title=row.title,
        adopted_on=day,
        mode=OpinionMode.VOTE.value,
        objections=0,
        reservations=0,
        diagnostic_version=row.diagnostic_version,
        minutes_sha256=None,
        award_actions=[one.action for one in awards],
        award_funds=[one.fund for one in awards],
        award_cents=[one.amount_cents for one in awards],
        outcome=(OpinionOutcome.ADOPTED if result.adopted else OpinionOutcome.REJECTED).value,
        session_id=row.session_id,
        committee=row.committee,
        object=row.object,
    )
    added = await store.add_opinion(connection, opinion, now=at)
    assert added, "no opinion takes the id of a resolution"
    if not result.adopted:
        return [
            OpinionRejected(
                coordination=row.coordination,
                opinion_id=row.resolution_id,
                title=row.title,
                rejected_on=day,
                diagnostic_version=row.diagnostic_version,
            )
        ]
    return [
        OpinionAdopted(
            coordination=row.coordination,
            opinion_id=row.resolution_id,
            title=row.title,
            adopted_on=day,
            diagnostic_version=row.diagnostic_version,
            awards=awards,
        )
    ]
