"""Questions about survey campaigns: what they asked, what they found, what followed."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from contracts.http.diagnostics import surveys as told
from contracts.http.diagnostics.versions import Tier
from services.chassis.database import Connection
from services.diagnostics.errors.field import NoSuchRecord
from services.diagnostics.model import surveys as rules
from services.diagnostics.model.tiers import Leaving
from services.diagnostics.reads.elements import FIRST, page
from services.diagnostics.store import surveys as rows

COMMUNES_PER_TURN = 100
CAMPAIGNS_MAX = 200


def campaign_shown(row: rules.CampaignRow) -> told.Campaign:
    """Return a campaign as it is shown."""
    return told.Campaign(
        id=row.campaign_id,
        coordination=row.coordination,
        title=row.title,
        operator=row.operator,
        subject_kind=told.SubjectKind(row.subject_kind),
        subject=row.subject,
        communes=row.communes,
        begins_on=row.begins_on,
        ends_on=row.ends_on,
        threshold=row.threshold,
        questions=row.asked(),
        state=told.CampaignState(row.state),
        opened_on=row.opened_on,
        closed_on=row.closed_on,
    )


async def campaign_row(
    connection: Connection, coordination: str, campaign_id: UUID
) -> rules.CampaignRow:
    """Return the row of one campaign.

    Raises:
        NoSuchRecord: it is not of here.
    """
    row = await rows.campaign(connection, coordination, campaign_id)
    if row is None:
        raise NoSuchRecord("L'enquête", campaign_id)
    return row


async def campaign(connection: Connection, coordination: str, campaign_id: UUID) -> told.Campaign:
    """Return one campaign.

    Raises:
        NoSuchRecord: it is not of here.
    """
    return campaign_shown(await campaign_row(connection, coordination, campaign_id))


async def campaigns(
    connection: Connection,
    coordination: str,
    wanted: tuple[str | None, str | None, str | None, str | None],
    *,
    after: UUID | None,
    most: int,
) -> told.Campaigns:
    """Return a page of campaigns by id, of a state, a commune, a kind of subject, a subject."""
    found, last = page(
        await rows.campaigns(connection, coordination, wanted, after or FIRST, most + 1), most
    )
    return told.Campaigns(
        items=[campaign_shown(row) for row in found], cursor=str(last.campaign_id) if last else None
    )


def _question_result(
    question: told.Question, found: Sequence[rules.ResultRow]
) -> told.QuestionResult:
    labels = rules.answers_of(question)
    own = {row.answer: row for row in found if row.question == question.question}
    mean = rules.mean_of({answer: row.count for answer, row in own.items()}, question)
    return told.QuestionResult(
        question=question.question,
        text=question.text,
        topic=question.topic,
        kind=question.kind,
        answers=[
            told.AnswerCount(
                answer=answer, label=label, count=own[answer].count, revision=own[answer].revision
            )
            for answer, label in labels.items()
            if answer in own
        ],
        mean=str(mean) if mean is not None else None,
    )


async def areas_found(
    connection: Connection, campaign: rules.CampaignRow, communes: Sequence[str], *, to: Leaving
) -> list[told.AreaResults]:
    """Return what a campaign found in some communes, as it may be read."""
    named = (connection, campaign.coordination, campaign.campaign_id, communes)
    found, followed = await rows.results(*named), await rows.follow_ups(*named)
    questions = campaign.asked()
    areas = []
    for commune in communes:
        own = [row for row in found if row.commune == commune]
        if to.tier is not Tier.INSIDE:
            own = rules.leaving(own, questions, max(to.threshold, campaign.threshold))
        asked = {row.question for row in own}
        people = [row.count for row in own if row.question == rules.RESPONDENTS]
        areas.append(
            told.AreaResults(
                commune=commune,
                respondents=people[0] if people else None,
                questions=[
                    _question_result(one, own) for one in questions if one.question in asked
                ],
                follow_up=[
                    told.FollowUp(
                        commune=row.commune,
                        stage=told.FollowUpStage(row.stage),
                        count=row.count,
                        told_on=row.told_on,
                    )
                    for row in followed
                    if row.commune == commune
                ],
            )
        )
    return areas


async def results(
    connection: Connection,
    coordination: str,
    campaign_id: UUID,
    *,
    commune: str | None,
    after: str,
    most: int,
    to: Leaving,
) -> told.Results:
    """Return a page of results by commune, as they may be read.

    Raises:
        NoSuchRecord: the campaign is not of here.
    """
    row = await campaign_row(connection, coordination, campaign_id)
    found, last = page(
        await rows.communes_of(connection, coordination, campaign_id, commune, after, most + 1),
        most,
    )
    items = await areas_found(connection, row, found, to=to)
    return told.Results(campaign=campaign_shown(row), items=items, cursor=last)


async def every_result(
    connection: Connection, campaign: rules.CampaignRow, *, to: Leaving
) -> AsyncIterator[told.AreaResults]:
    """Yield what a campaign found, by commune."""
    after = ""
    while True:
        communes = await rows.communes_of(
            connection,
            campaign.coordination,
            campaign.campaign_id,
            None,
            after,
            COMMUNES_PER_TURN,
        )
        for area in await areas_found(connection, campaign, communes, to=to):
            yield area
        if len(communes) < COMMUNES_PER_TURN:
            return
        after = communes[-1]


async def satisfaction(
    connection: Connection, coordination: str, kind: told.SubjectKind, subject: str
) -> told.SatisfactionList:
    """Return what campaigns found of a post or an action, by question, over all their communes."""
    items = []
    wanted = (None, None, kind.value, subject)
    for row in await rows.campaigns(connection, coordination, wanted, FIRST, CAMPAIGNS_MAX):
        found = await rows.results(connection, coordination, row.campaign_id, row.communes)
        for question in row.asked():
            whole = rules.together(found, question)
            if not whole.known and not whole.secret_parts:
                continue
            items.append(
                told.Satisfaction(
                    campaign=row.campaign_id,
                    question=question.question,
                    text=question.text,
                    topic=question.topic,
                    known=whole.known,
                    secret_parts=whole.secret_parts,
                    mean=str(whole.mean) if whole.mean is not None else None,
                )
            )
    return told.SatisfactionList(items=items)
