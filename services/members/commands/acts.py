"""Record what the colleges adopted and what each funder decided."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from contracts.events.members import FunderDecisionRecorded, OpinionAdopted
from contracts.http import members as bodies
from services.chassis import outbox
from services.chassis.database import Connection
from services.members import model, store
from services.members.commands.seats import SOURCE, coordination_of
from services.members.errors import RecordDiffers
from services.members.errors.votes import VoteIsNotRecorded
from services.members.store import resolutions


async def record_opinion(
    connection: Connection,
    coordination: str,
    asked: bodies.RecordOpinion,
    *,
    opinion_id: UUID,
    now: datetime,
    new_id: Callable[[], UUID],
) -> model.Opinion:
    """Record an adopted opinion and tell the other services; again, nothing changes.

    Raises:
        NoSuchCoordination: it was never founded.
        VoteIsNotRecorded: an opinion by vote comes from the close of its resolution.
        RecordDiffers: the id names an opinion with another content, or a resolution.
        ValueRepeats: two awards are from one fund to one action.
    """
    model.must_be_plain(asked, "reference", "title")
    model.must_award_once(asked.awards)
    row = model.Opinion(
        coordination=coordination,
        opinion_id=opinion_id,
        reference=asked.reference,
        title=asked.title,
        adopted_on=asked.adopted_on,
        mode=asked.mode.value,
        objections=asked.objections,
        reservations=asked.reservations,
        diagnostic_version=asked.diagnostic_version,
        minutes_sha256=asked.minutes_sha256,
        award_actions=[award.action for award in asked.awards],
        award_funds=[award.fund for award in asked.awards],
        award_cents=[award.amount_cents for award in asked.awards],
    )
    async with connection.transaction():
        await coordination_of(connection, coordination)
        if asked.mode is bodies.OpinionMode.VOTE:
            raise VoteIsNotRecorded
        if await resolutions.one(connection, opinion_id) is not None:
            raise RecordDiffers("L'avis", opinion_id)  # It is the resolution's own to come.
        if not await store.add_opinion(connection, row, now=now):
            if await store.opinion(connection, coordination, opinion_id) != row:
                raise RecordDiffers("L'avis", opinion_id)
            return row
        fact = OpinionAdopted(
            coordination=coordination,
            opinion_id=opinion_id,
            title=asked.title,
            adopted_on=asked.adopted_on,
            diagnostic_version=asked.diagnostic_version,
            awards=asked.awards,
        )
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
    return row


async def record_decision(
    connection: Connection,
    coordination: str,
    asked: bodies.RecordFunderDecision,
    *,
    decision_id: UUID,
    now: datetime,
    new_id: Callable[[], UUID],
) -> model.Decision:
    """Record a funder's decision and tell the other services; again, nothing changes.

    Raises:
        NoSuchCoordination: it was never founded.
        RecordDiffers: the id names a decision with another content.
        DaysAreReversed: it binds before it was taken.
        ValueRepeats: two awards are from one fund to one action.
    """
    model.must_be_plain(asked, "body", "reference")
    model.must_follow(asked.decided_on, asked.enforceable_since, field="enforceable_since")
    model.must_award_once(asked.awards)
    row = model.Decision(
        coordination=coordination,
        decision_id=decision_id,
        funder=asked.funder,
        body=asked.body,
        reference=asked.reference,
        decided_on=asked.decided_on,
        enforceable_since=asked.enforceable_since,
        award_actions=[award.action for award in asked.awards],
        award_funds=[award.fund for award in asked.awards],
        award_cents=[award.amount_cents for award in asked.awards],
    )
    async with connection.transaction():
        await coordination_of(connection, coordination)
        if not await store.add_decision(connection, row, now=now):
            if await store.decision(connection, coordination, decision_id) != row:
                raise RecordDiffers("La décision", decision_id)
            return row
        fact = FunderDecisionRecorded(
            coordination=coordination,
            decision_id=decision_id,
            funder=asked.funder,
            body=asked.body,
            reference=asked.reference,
            decided_on=asked.decided_on,
            enforceable_since=asked.enforceable_since,
            awards=asked.awards,
        )
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
    return row
