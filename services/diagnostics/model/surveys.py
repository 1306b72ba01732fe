"""Survey campaigns: their rows, their life, and what counts of answers say together."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from uuid import UUID

import msgspec

from contracts.http.diagnostics.surveys import (
    CampaignState,
    FollowUpStage,
    PlanCampaign,
    Question,
    QuestionKind,
    SubjectKind,
)
from services.diagnostics.errors.surveys import (
    CampaignAsksNothing,
    CampaignMovesWrong,
    QuestionIsUnfit,
    StageComesEarly,
    SubjectIsUnfit,
)
from services.diagnostics.model.carrying import COMMUNE, Count, hidden_beside
from services.diagnostics.model.wording import must_be_once, must_follow, must_have_come

RESPONDENTS, ALL = "respondents", "all"
"""The question and the answer under which the number of people who answered is told."""
ANSWERS_MIN = 2
STATES = {
    CampaignState.DRAFT: "en préparation",
    CampaignState.OPEN: "ouverte",
    CampaignState.CLOSED: "fermée",
}
BEFORE = {
    FollowUpStage.WORKSHOP_PLANNED: FollowUpStage.INTERESTED,
    FollowUpStage.REACHED: FollowUpStage.WORKSHOP_PLANNED,
}


class CampaignRow(msgspec.Struct, frozen=True):
    """Columns of a campaign, in the order of the queries; `questions` is JSON."""

    coordination: str
    campaign_id: UUID
    title: str
    operator: str
    subject_kind: str
    subject: str | None
    communes: list[str]
    begins_on: date
    ends_on: date
    threshold: int
    questions: str
    state: str
    opened_on: date | None
    closed_on: date | None

    def asked(self) -> list[Question]:
        """Return the questions."""
        return msgspec.json.decode(self.questions, type=list[Question])


class ResultRow(msgspec.Struct, frozen=True):
    """Columns of one count of answers, in the order of the queries."""

    commune: str
    question: str
    answer: str
    count: int | None
    revision: int


class FollowUpRow(msgspec.Struct, frozen=True):
    """Columns of what became of people, in the order of the queries."""

    commune: str
    stage: str
    count: int
    told_on: date


class ResultLine(msgspec.Struct, frozen=True):
    """A count of answers as a file tells it; None is secret."""

    commune: str
    question: str
    answer: str
    count: int | None


def must_be_closed(asked: PlanCampaign) -> None:
    """Refuse questions that are not closed, named twice, or about nothing named.

    Raises:
        QuestionIsUnfit, SubjectIsUnfit, ValueIsRepeated, DaysAreReversed: a value does not fit.
    """
    must_follow("ends_on", asked.begins_on, asked.ends_on)
    if (asked.subject is None) != (asked.subject_kind is SubjectKind.TERRITORY):
        raise SubjectIsUnfit
    must_be_once("communes", asked.communes)
    must_be_once("questions", [RESPONDENTS, *(one.question for one in asked.questions)])
    for number, one in enumerate(asked.questions):
        field = f"questions.{number}"
        is_scale = one.kind is QuestionKind.SCALE
        chosen = 0 if is_scale else ANSWERS_MIN
        fits = len(one.answers) == 0 if is_scale else len(one.answers) >= chosen
        if not fits or (one.scale_max is not None) != is_scale:
            raise QuestionIsUnfit(field, one.question)
        must_be_once(f"{field}.answers", (answer.answer for answer in one.answers))


def answers_of(question: Question) -> dict[str, str]:
    """Return the answers a question takes, with their labels; a scale's are its numbers."""
    if question.scale_max is not None:
        return {str(number): str(number) for number in range(1, question.scale_max + 1)}
    return {one.answer: one.label for one in question.answers}


def moved(campaign: CampaignRow, state: CampaignState, on: date, *, today: date) -> CampaignRow:
    """Return the campaign as it opens or closes.

    Raises:
        CampaignMovesWrong: it goes from draft to open, then to closed, and no other way.
        CampaignAsksNothing: it opens without a question.
        DaysAreReversed, DayIsAhead: it closes before it opens, or on a day to come.
    """
    now = CampaignState(campaign.state)
    must_have_come("on", on, today=today)
    if (now, state) == (CampaignState.DRAFT, CampaignState.OPEN):
        if not campaign.asked():
            raise CampaignAsksNothing
        return msgspec.structs.replace(campaign, state=state.value, opened_on=on)
    if (now, state) == (CampaignState.OPEN, CampaignState.CLOSED):
        assert campaign.opened_on is not None, "what is open was opened on a day"
        must_follow("on", campaign.opened_on, on)
        return msgspec.structs.replace(campaign, state=state.value, closed_on=on)
    raise CampaignMovesWrong(STATES[now], STATES[state])


def must_come_after(told: Iterable[tuple[str, FollowUpStage]], known: set[tuple[str, str]]) -> None:
    """Refuse a stage of a commune that nothing leads to; `known` is added to as it is told.

    Raises:
        StageComesEarly: the stage before is not known.
    """
    stages = list(told)
    there = known | {(commune, stage.value) for commune, stage in stages}
    for commune, stage in stages:
        before = BEFORE.get(stage)
        if before is not None and (commune, before.value) not in there:
            raise StageComesEarly(commune, stage.value, before.value)


def mean_of(counts: Mapping[str, int | None], question: Question) -> Fraction | None:
    """Return the mean of a scale whose every answer told is known, None when it is not."""
    if question.kind is not QuestionKind.SCALE or None in counts.values():
        return None
    people = sum(count or 0 for count in counts.values())
    points = sum(int(answer) * (count or 0) for answer, count in counts.items())
    return Fraction(points, people) if people else None


def leaving(
    rows: Sequence[ResultRow], questions: Iterable[Question], threshold: int
) -> list[ResultRow]:
    """Return what a campaign found in one commune as those outside the coordination may read it.

    The answers to a question that takes one of them add up to the people who answered: where that
    would give a secret answer away, more answers, or the number of people, are hidden.
    """
    parts = {one.question for one in questions if one.kind is not QuestionKind.MULTIPLE}
    named = {
        row: f"{row.question}={row.answer}" if row.question in parts else ""
        for row in rows
        if row.question in parts or row.question == RESPONDENTS
    }
    counts = [
        Count(COMMUNE, "", name, row.count or 0, int(row.count is not None), int(row.count is None))
        for row, name in named.items()
    ]
    now = {one.place: one for one in counts}
    hidden = hidden_beside(now, (), [{}], threshold)
    return [
        msgspec.structs.replace(row, count=None)
        if row in named and (COMMUNE, "", named[row]) in hidden
        else row
        for row in rows
    ]


class Together(msgspec.Struct, frozen=True):
    """One question over several communes: how many answers are known, how many are secret."""

    known: int
    secret_parts: int
    mean: Fraction | None


def together(rows: Sequence[ResultRow], question: Question) -> Together:
    """Add the answers to one question; with a secret part there is no mean."""
    own = [row for row in rows if row.question == question.question]
    counts: dict[str, int | None] = {}
    for row in own:
        before = counts.get(row.answer, 0)
        counts[row.answer] = None if before is None or row.count is None else before + row.count
    return Together(
        known=sum(row.count for row in own if row.count is not None),
        secret_parts=sum(row.count is None for row in own),
        mean=mean_of(counts, question),
    )
