"""Prepare, open and close survey campaigns; keep their counts and what follows."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from contracts.http.diagnostics import surveys as asks
from contracts.http.diagnostics.surveys import CampaignState
from services.chassis.database import Connection
from services.diagnostics import store
from services.diagnostics.errors.field import NoSuchRecord, RecordDiffers
from services.diagnostics.errors.surveys import CampaignIsDraft, CampaignIsNotDraft
from services.diagnostics.model import surveys as rules
from services.diagnostics.model import wording
from services.diagnostics.store import surveys as rows


def _row(coordination: str, campaign_id: UUID, asked: asks.PlanCampaign) -> rules.CampaignRow:
    return rules.CampaignRow(
        coordination=coordination,
        campaign_id=campaign_id,
        title=asked.title,
        operator=asked.operator,
        subject_kind=asked.subject_kind.value,
        subject=asked.subject,
        communes=sorted(asked.communes),
        begins_on=asked.begins_on,
        ends_on=asked.ends_on,
        threshold=asked.threshold,
        questions=msgspec.json.encode(asked.questions).decode(),
        state=CampaignState.DRAFT.value,
        opened_on=None,
        closed_on=None,
    )


async def _must_fit(connection: Connection, coordination: str, asked: asks.PlanCampaign) -> None:
    wording.must_be_plain(asked, "title", "questions.text", "questions.answers.label")
    rules.must_be_closed(asked)
    here = await store.covered_codes(connection, coordination)
    wording.must_be_here("communes", asked.communes, here)


async def plan_campaign(
    connection: Connection,
    coordination: str,
    asked: asks.PlanCampaign,
    *,
    campaign_id: UUID,
    now: datetime,
) -> None:
    """Prepare a campaign; the same one again changes nothing, wherever it stands.

    Raises:
        QuestionIsUnfit, SubjectIsUnfit, CommuneIsElsewhere, ValueIsRepeated, DaysAreReversed,
        TextHoldsPerson, TextHoldsControls: a value does not fit.
        RecordDiffers: the id names another one.
    """
    async with connection.transaction():
        await _must_fit(connection, coordination, asked)
        row = _row(coordination, campaign_id, asked)
        if await rows.add_campaign(connection, row, now):
            return
        known = await rows.campaign(connection, coordination, campaign_id)
        assert known is not None, "an id that is taken names a campaign"
        if known.asked() != asked.questions or row != msgspec.structs.replace(
            known, questions=row.questions, state=row.state, opened_on=None, closed_on=None
        ):
            raise RecordDiffers("L'enquête", campaign_id)


async def _lock(connection: Connection, coordination: str, campaign_id: UUID) -> rules.CampaignRow:
    found = await rows.lock_campaign(connection, coordination, campaign_id)
    if found is None:
        raise NoSuchRecord("L'enquête", campaign_id)
    return found


async def replan_campaign(
    connection: Connection, coordination: str, campaign_id: UUID, asked: asks.PlanCampaign
) -> None:
    """Replace a campaign that is not open yet.

    Raises:
        NoSuchRecord: it is not of here.
        CampaignIsNotDraft: it was opened.
        QuestionIsUnfit, SubjectIsUnfit, CommuneIsElsewhere, ValueIsRepeated, DaysAreReversed,
        TextHoldsPerson, TextHoldsControls: a value does not fit.
    """
    async with connection.transaction():
        known = await _lock(connection, coordination, campaign_id)
        if known.state != CampaignState.DRAFT.value:
            raise CampaignIsNotDraft
        await _must_fit(connection, coordination, asked)
        await rows.set_campaign(connection, _row(coordination, campaign_id, asked))


async def move_campaign(
    connection: Connection,
    coordination: str,
    campaign_id: UUID,
    asked: asks.MoveCampaign,
    *,
    today: date,
) -> None:
    """Open or close a campaign; the same move again changes nothing.

    Raises:
        NoSuchRecord: it is not of here.
        CampaignMovesWrong, CampaignAsksNothing, DaysAreReversed, DayIsAhead: it may not.
    """
    async with connection.transaction():
        known = await _lock(connection, coordination, campaign_id)
        done = {CampaignState.OPEN: known.opened_on, CampaignState.CLOSED: known.closed_on}
        if done.get(asked.state) == asked.on:
            return
        moved = rules.moved(known, asked.state, asked.on, today=today)
        await rows.set_campaign(connection, moved)


async def load_results(
    connection: Connection,
    coordination: str,
    campaign_id: UUID,
    lines: Sequence[rules.ResultLine],
    *,
    now: datetime,
) -> list[bool]:
    """Keep counts of answers; say of each whether it is new or changed.

    Raises:
        NoSuchRecord: the campaign is not of here.
        CampaignIsDraft: it was not opened.
    """
    async with connection.transaction():
        campaign = await _lock(connection, coordination, campaign_id)
        if campaign.state == CampaignState.DRAFT.value:
            raise CampaignIsDraft
        changed = await rows.put_results(connection, coordination, campaign_id, lines, now)
    return [(line.commune, line.question, line.answer) in changed for line in lines]


async def put_follow_up(
    connection: Connection,
    coordination: str,
    campaign_id: UUID,
    asked: asks.PutFollowUp,
    *,
    today: date,
) -> None:
    """Keep what became of those a survey interested, by commune; the last told stands.

    Raises:
        NoSuchRecord: the campaign is not of here.
        CampaignIsDraft: it was not opened.
        StageComesEarly, CommuneIsElsewhere, ValueIsRepeated, DayIsAhead: a value does not fit.
    """
    for one in asked.items:
        wording.must_have_come("told_on", one.told_on, today=today)
    wording.must_be_once("items", (f"{one.commune} {one.stage}" for one in asked.items))
    async with connection.transaction():
        campaign = await _lock(connection, coordination, campaign_id)
        if campaign.state == CampaignState.DRAFT.value:
            raise CampaignIsDraft
        wording.must_be_here("commune", (one.commune for one in asked.items), campaign.communes)
        known = await rows.follow_ups(connection, coordination, campaign_id, campaign.communes)
        rules.must_come_after(
            ((one.commune, one.stage) for one in asked.items),
            {(row.commune, row.stage) for row in known},
        )
        told = [
            rules.FollowUpRow(one.commune, one.stage.value, one.count, one.told_on)
            for one in asked.items
        ]
        await rows.put_follow_up(connection, coordination, campaign_id, told)
