"""Open ballots on priorities, take rankings, close them."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec

from contracts.events.members.priorities import PrioritisationClosed, RankedAction
from contracts.http.members import priorities as bodies
from services.chassis import outbox
from services.chassis.database import Connection
from services.members.commands.seats import SOURCE, coordination_of
from services.members.errors.priorities import (
    CloseIsPast,
    NoSuchPrioritisation,
    RankerIsNotOnTheRoll,
    RankingIsOver,
)
from services.members.errors.records import RecordDiffers
from services.members.errors.sessions import NoSuchBody
from services.members.model import priorities as model
from services.members.model.days import day_of
from services.members.model.rules import must_be_plain, must_name_once
from services.members.store import priorities as store
from services.members.store import sessions


async def open_prioritisation(
    connection: Connection,
    coordination: str,
    asked: bodies.OpenPrioritisation,
    *,
    ballot_id: UUID,
    now: datetime,
) -> model.Ballot:
    """Open a ballot on priorities; the same again answers what it has become.

    Raises:
        NoSuchCoordination, NoSuchBody: what it belongs to is not there.
        RecordDiffers: the id names a ballot with another content.
        CloseIsPast: it would close before it opens.
        ValueRepeats: an action is given twice.
    """
    must_be_plain(asked, "title")
    must_name_once("actions", asked.actions)
    async with connection.transaction():
        await coordination_of(connection, coordination)
        rules = await sessions.rules_of(connection, coordination)
        row = model.Ballot(
            coordination=coordination,
            prioritisation_id=ballot_id,
            title=asked.title,
            committee=asked.committee,
            actions=asked.actions,
            colleges=list(rules.weights),
            weights=[str(weight) for weight in rules.weights.values()],
            closes_at=asked.closes_at,
            opened_at=now,
            closed_at=None,
        )
        found = await store.ballot(connection, ballot_id)
        if found is None:
            await _must_open(connection, row, now)
            if await store.add_ballot(connection, row):
                return row
            found = await store.ballot(connection, ballot_id)
            assert found is not None, "its id is taken, and no ballot is ever removed"
    as_opened = msgspec.structs.replace(
        found, opened_at=now, closed_at=None, colleges=row.colleges, weights=row.weights
    )
    if as_opened != row:
        raise RecordDiffers("La priorisation", ballot_id)
    return found


async def _must_open(connection: Connection, row: model.Ballot, now: datetime) -> None:
    if row.committee:
        body = await sessions.body(connection, row.coordination, row.committee)
        if body is None or body.state != "ACTIVE":
            raise NoSuchBody(row.committee)
    if row.closes_at <= now:
        raise CloseIsPast


async def _locked(connection: Connection, ballot_id: UUID) -> model.Ballot:
    found = await store.ballot(connection, ballot_id, lock=True)
    if found is None:
        raise NoSuchPrioritisation(ballot_id)
    return found


async def rank_actions(
    connection: Connection, ballot_id: UUID, asked: bodies.Rank, *, now: datetime
) -> model.CastRanking:
    """Keep a member's ranking in place of the one it gave; none is taken after the close.

    Raises:
        NoSuchPrioritisation, RankingIsOver: there is none, or it is closed or past its end.
        RankerIsNotOnTheRoll: the member does not take part.
        RankingDoesNotFit: as `model.must_rank`.
    """
    async with connection.transaction():
        ballot = await _locked(connection, ballot_id)
        over_at = ballot.closed_at or ballot.closes_at
        if over_at <= now or ballot.closed_at is not None:
            raise RankingIsOver(over_at)
        model.must_rank(ballot.actions, asked.actions)
        roll = await sessions.roll_of_day(
            connection, ballot.coordination, ballot.committee, day_of(now)
        )
        entry = next((one for one in roll if one.member_id == asked.member), None)
        if entry is None or entry.college not in ballot.colleges:
            raise RankerIsNotOnTheRoll(asked.member)
        cast = model.CastRanking(asked.member, entry.college, asked.actions, 1)
        times = await store.put_ranking(connection, ballot, cast, now=now)
    return msgspec.structs.replace(cast, times=times)


async def close_prioritisation(
    connection: Connection, ballot_id: UUID, *, now: datetime, new_id: Callable[[], UUID]
) -> model.Ballot:
    """Close a ballot on priorities and tell its ranks; again, nothing changes.

    Raises:
        NoSuchPrioritisation: there is none of this id.
    """
    async with connection.transaction():
        ballot = await _locked(connection, ballot_id)
        if ballot.closed_at is not None:
            return ballot
        await store.close_ballot(connection, ballot_id, now=now)
        cast = await store.rankings(connection, ballot_id)
        found = model.places(ballot.actions, model.by_college(ballot, cast), ballot.weight_of())
        fact = PrioritisationClosed(
            coordination=ballot.coordination,
            prioritisation_id=ballot_id,
            title=ballot.title,
            closed_on=day_of(now),
            rankings=len(cast),
            ranks=[
                RankedAction(action=one.action, rank=one.rank, score=str(one.score))
                for one in found
            ],
        )
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
    return msgspec.structs.replace(ballot, closed_at=now)
