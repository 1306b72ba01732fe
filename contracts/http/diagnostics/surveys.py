"""Bodies of survey campaigns: questions, aggregated results, what follows."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.http.diagnostics.elements import Communes
from contracts.values import CommuneCode, Label, Slug

QUESTIONS_MAX = 20


class CampaignState(StrEnum):
    """Where a campaign stands; results come in once it is open, and after it is closed."""

    DRAFT = "DRAFT"
    OPEN = "OPEN"
    CLOSED = "CLOSED"


class SubjectKind(StrEnum):
    """What a campaign asks about: a territory, or the effect of a post or of an action."""

    TERRITORY = "TERRITORY"
    POST = "POST"
    ACTION = "ACTION"


class QuestionTopic(StrEnum):
    """What a question is about."""

    USES = "USES"
    SKILLS = "SKILLS"
    APPETITES = "APPETITES"
    SATISFACTION = "SATISFACTION"
    OUTCOME = "OUTCOME"


class QuestionKind(StrEnum):
    """How a question is answered; never in one's own words."""

    SINGLE = "SINGLE"
    MULTIPLE = "MULTIPLE"
    SCALE = "SCALE"


class Answer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One answer that may be chosen."""

    answer: Slug
    label: Label


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A closed question: some answers, or a scale from 1 to `scale_max`."""

    question: Slug
    text: Label
    topic: QuestionTopic
    kind: QuestionKind
    answers: Annotated[list[Answer], Meta(max_length=20)] = []
    scale_max: Annotated[int, Meta(ge=2, le=10)] | None = None


class PlanCampaign(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A campaign in draft: who asks, where, when, what, and the smallest count it tells."""

    id: UUID | None = None
    title: Label
    operator: Slug
    subject_kind: SubjectKind = SubjectKind.TERRITORY
    subject: Slug | None = None
    communes: Communes
    begins_on: date
    ends_on: date
    threshold: Annotated[int, Meta(ge=5, le=1000)] = 11
    questions: Annotated[list[Question], Meta(max_length=QUESTIONS_MAX)]


class MoveCampaign(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A campaign opens, or closes, on a day."""

    state: CampaignState
    on: date


class Campaign(msgspec.Struct, frozen=True, kw_only=True):
    """A survey campaign."""

    id: UUID
    coordination: str
    title: str
    operator: str
    subject_kind: SubjectKind
    subject: str | None
    communes: list[str]
    begins_on: date
    ends_on: date
    threshold: int
    questions: list[Question]
    state: CampaignState
    opened_on: date | None
    closed_on: date | None


class Campaigns(msgspec.Struct, frozen=True, kw_only=True):
    """A page of campaigns by id; `cursor` asks for the next one, null at the end."""

    items: list[Campaign]
    cursor: str | None = None


class AnswerCount(msgspec.Struct, frozen=True, kw_only=True):
    """How often an answer was given; `count` is null when it is secret."""

    answer: str
    label: str
    count: int | None
    revision: int


class QuestionResult(msgspec.Struct, frozen=True, kw_only=True):
    """The answers to one question in one commune; those nobody sent are not there.

    `mean` is that of a scale whose every answer is known, as a fraction; null otherwise.
    """

    question: str
    text: str
    topic: QuestionTopic
    kind: QuestionKind
    answers: list[AnswerCount]
    mean: str | None


class FollowUpStage(StrEnum):
    """What became of those a survey interested."""

    INTERESTED = "INTERESTED"
    WORKSHOP_PLANNED = "WORKSHOP_PLANNED"
    REACHED = "REACHED"


class FollowUp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many people of a commune came to a stage, as known on a day."""

    commune: CommuneCode
    stage: FollowUpStage
    count: Annotated[int, Meta(ge=0, le=10**7)]
    told_on: date


class PutFollowUp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of those a survey interested; each replaces what was told of its stage."""

    items: Annotated[list[FollowUp], Meta(min_length=1, max_length=1000)]


class AreaResults(msgspec.Struct, frozen=True, kw_only=True):
    """What a campaign found in one commune; `respondents` is null when unknown or secret."""

    commune: str
    respondents: int | None
    questions: list[QuestionResult]
    follow_up: list[FollowUp]


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """A page of results by commune; `cursor` asks for the next one, null at the end."""

    campaign: Campaign
    items: list[AreaResults]
    cursor: str | None = None


class Satisfaction(msgspec.Struct, frozen=True, kw_only=True):
    """What one question found of a post or an action, over the communes of its campaign.

    `mean` is null where an answer is secret; `secret_parts` says how many are.
    """

    campaign: UUID
    question: str
    text: str
    topic: QuestionTopic
    known: int
    secret_parts: int
    mean: str | None


class SatisfactionList(msgspec.Struct, frozen=True, kw_only=True):
    """Satisfaction with a post or an action, and its outcome, by campaign and question."""

    items: list[Satisfaction]
