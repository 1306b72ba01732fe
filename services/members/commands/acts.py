"""Record what the colleges adopted and what each funder decided."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec

from contracts.events.members import FunderDecisionRecorded, OpinionAdopted, OpinionRejected
from contracts.http import members as bodies
from contracts.http.members.acts import OpinionOutcome
from contracts.http.members.sessions import SessionState
from services.chassis import outbox
from services.chassis.database import Connection
from services.members import model, store
from services.members.commands.seats import SOURCE, coordination_of
from services.members.errors import RecordDiffers
from services.members.errors.priorities import (
    CommitteeIsAnothers,
    DiagnosticIsNotCited,
    SessionIsNotHere,
)
from services.members.errors.sessions import NoSuchBody, NoSuchMember
from services.members.errors.votes import VoteIsNotRecorded
from services.members.model.definitions import WordedRemark, counts_of, must_give_nothing
from services.members.store import priorities, resolutions, sessions


async def record_opinion(
    connection: Connection,
    coordination: str,
    asked: bodies.RecordOpinion,
    *,
    opinion_id: UUID,
    now: datetime,
    new_id: Callable[[], UUID],
) -> model.Opinion:
    """Record what the colleges adopted or not and tell it; again, nothing changes.

    Raises:
        NoSuchCoordination: it was never founded.
        VoteIsNotRecorded: an opinion by vote comes from the close of its resolution.
        RecordDiffers: the id names an opinion with another content, or a resolution.
        ValueRepeats: two awards are from one fund to one action.
        SessionIsNotHere, CommitteeIsAnothers, NoSuchBody, NoSuchMember: where it was adopted, or
            who objected, is not there.
        DiagnosticIsNotCited: its committee is strategic, and it cites no version.
        RejectionAwardsNothing, RemarksAreMore: it says two things at once.
    """
    model.must_be_plain(asked, "reference", "title", "object_reference")
    for remark in asked.remarks:
        model.must_be_plain(remark, "text")
    model.must_award_once(asked.awards)
    must_give_nothing(asked)
    worded = [
        WordedRemark(opinion_id, one.kind.value, one.member, one.text) for one in asked.remarks
    ]
    row = _opinion(coordination, asked, opinion_id)
    async with connection.transaction():
        await coordination_of(connection, coordination)
        if asked.mode is bodies.OpinionMode.VOTE:
            raise VoteIsNotRecorded
        if await resolutions.one(connection, opinion_id) is not None:
            raise RecordDiffers("L'avis", opinion_id)  # It is the resolution's own to come.
        row = await _placed(connection, row)
        await _must_know(connection, coordination, worded)
        if not await store.add_opinion(connection, row, now=now):
            known = await store.opinion(connection, coordination, opinion_id)
            if (known, await priorities.remarks(connection, coordination, [opinion_id])) != (
                row,
                worded,
            ):
                raise RecordDiffers("L'avis", opinion_id)
            return row
        await priorities.add_remarks(connection, coordination, opinion_id, worded)
        await outbox.put(connection, [_told(row, asked)], source=SOURCE, now=now, new_id=new_id)
    return row


def _opinion(coordination: str, asked: bodies.RecordOpinion, opinion_id: UUID) -> model.Opinion:
    return model.Opinion(
        coordination=coordination,
        opinion_id=opinion_id,
        reference=asked.reference,
        title=asked.title,
        adopted_on=asked.adopted_on,
        mode=asked.mode.value,
        **counts_of(asked),
        diagnostic_version=asked.diagnostic_version,
        minutes_sha256=asked.minutes_sha256,
        award_actions=[award.action for award in asked.awards],
        award_funds=[award.fund for award in asked.awards],
        award_cents=[award.amount_cents for award in asked.awards],
        outcome=asked.outcome.value,
        session_id=asked.session,
        committee=asked.committee,
        object=asked.object.value if asked.object else None,
        object_reference=asked.object_reference,
    )


def _told(row: model.Opinion, asked: bodies.RecordOpinion) -> OpinionAdopted | OpinionRejected:
    if asked.outcome is OpinionOutcome.REJECTED:
        return OpinionRejected(
            coordination=row.coordination,
            opinion_id=row.opinion_id,
            title=asked.title,
            rejected_on=asked.adopted_on,
            diagnostic_version=asked.diagnostic_version,
        )
    return OpinionAdopted(
        coordination=row.coordination,
        opinion_id=row.opinion_id,
        title=asked.title,
        adopted_on=asked.adopted_on,
        diagnostic_version=asked.diagnostic_version,
        awards=asked.awards,
    )


async def _placed(connection: Connection, row: model.Opinion) -> model.Opinion:
    """Return the opinion with the committee of its session, which may ask for a citation."""
    committee = row.committee
    if row.session_id is not None:
        session = await sessions.one(connection, row.session_id)
        if (
            session is None
            or session.coordination != row.coordination
            or session.state not in {SessionState.OPEN, SessionState.HELD}
        ):
            raise SessionIsNotHere(row.session_id)
        if committee not in {None, session.committee}:
            raise CommitteeIsAnothers
        committee = session.committee
    if committee is not None:
        body = await sessions.body(connection, row.coordination, committee)
        if body is None:
            raise NoSuchBody(committee)
        if body.type == "STRATEGIC" and row.diagnostic_version is None:
            raise DiagnosticIsNotCited(committee)
    return msgspec.structs.replace(row, committee=committee)


async def _must_know(connection: Connection, coordination: str, worded: list[WordedRemark]) -> None:
    asked = {one.member_id for one in worded if one.member_id}
    known = await sessions.names(connection, coordination, asked)
    for place, one in enumerate(worded):
        if one.member_id and one.member_id not in known:
            raise NoSuchMember(f"remarks[{place}].member", one.member_id)


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
