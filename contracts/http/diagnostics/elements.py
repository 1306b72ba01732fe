"""Bodies of what the field confirms: elements of the diagnostic, their steps, their evidence."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.values import CommuneCode, Label, Sentence, Slug

Communes = Annotated[list[CommuneCode], Meta(min_length=1, max_length=2000)]
Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$", description="SHA-256, in hexadecimal.")]
Url = Annotated[
    str, Meta(pattern="^https://[^\\s]+$", max_length=500, description="An address that is public.")
]
Bytes = Annotated[int, Meta(ge=1, le=10**12)]


class ElementState(StrEnum):
    """How far the field has confirmed a risk."""

    RISK_OBSERVED = "RISK_OBSERVED"
    SURVEYED = "SURVEYED"
    QUALIFIED = "QUALIFIED"
    REFUTED = "REFUTED"


class FigureKind(StrEnum):
    """The family of the figure that reveals a risk."""

    INDICATOR = "INDICATOR"
    EXPOSURE = "EXPOSURE"
    NEED = "NEED"


class CitedFigure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The figure that reveals a risk, as it read that day."""

    kind: FigureKind
    figure: Slug
    reading: Label
    source: Label
    vintage: Label


class ObserveElement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A risk observed in some communes from a figure, not yet met in the field."""

    id: UUID | None = None
    title: Label
    problem: Slug
    public: Slug
    communes: Communes
    figure: CitedFigure
    observed_on: date
    organization: Slug


class TakeStep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An element goes one step on: who decided, as what (a function), when, on which evidence.

    A survey is named by its campaign, or by evidence; a finding always stands on evidence.
    """

    id: UUID | None = None
    state: ElementState
    decided_on: date
    organization: Slug
    capacity: Label
    campaign: UUID | None = None
    evidence: Annotated[list[UUID], Meta(max_length=50)] = []
    reason: Sentence


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A step that was taken."""

    id: UUID
    state: ElementState
    decided_on: date
    organization: str
    capacity: str
    campaign: UUID | None
    evidence: list[UUID]
    reason: str


class Element(msgspec.Struct, frozen=True, kw_only=True):
    """An element of the diagnostic; `changed_on` is the day of its last step."""

    id: UUID
    coordination: str
    title: str
    problem: str
    problem_label: str
    public: str
    public_label: str
    communes: list[str]
    figure: CitedFigure
    observed_on: date
    organization: str
    state: ElementState
    state_label: str
    changed_on: date


class ElementHistory(msgspec.Struct, frozen=True, kw_only=True):
    """An element with its steps, the first comes first, its evidence and the actions it has."""

    element: Element
    steps: list[Step]
    evidence: list["Evidence"]
    actions: list[str]


class Elements(msgspec.Struct, frozen=True, kw_only=True):
    """A page of elements by id; `cursor` asks for the next one, null at the end."""

    items: list[Element]
    cursor: str | None = None


class AnswerElement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An action of the roadmap that answers an element."""

    action: Slug


class ElementCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """How many elements there are by state, and how many of the qualified an action answers."""

    observed: int
    surveyed: int
    qualified: int
    refuted: int
    answered: int
    share: str | None
    """Answered over qualified, as a fraction; null when none is qualified."""


class TargetKind(StrEnum):
    """What evidence and testimonies are about."""

    NEED = "NEED"
    ELEMENT = "ELEMENT"
    ACTION = "ACTION"


class EvidenceKind(StrEnum):
    """What a piece of evidence is."""

    FIGURE = "FIGURE"
    SURVEY = "SURVEY"
    STUDY = "STUDY"
    MINUTES = "MINUTES"
    PRESS = "PRESS"
    PHOTO = "PHOTO"
    RECORD = "RECORD"


class Target(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What something is about: the id of a need or of an element, the slug of an action."""

    kind: TargetKind
    id: Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9_-]{0,59}$")]


class AttachEvidence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A document that shows something is so: where it may be read, or its fingerprint and size."""

    id: UUID | None = None
    target: Target
    commune: CommuneCode | None = None
    kind: EvidenceKind
    title: Label
    source: Label
    dated: date
    url: Url | None = None
    sha256: Sha256 | None = None
    size_bytes: Bytes | None = None


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of evidence."""

    id: UUID
    coordination: str
    target: Target
    commune: str | None
    kind: EvidenceKind
    title: str
    source: str
    dated: date
    url: str | None
    sha256: str | None
    size_bytes: int | None


class EvidenceList(msgspec.Struct, frozen=True, kw_only=True):
    """A page of evidence by id; `cursor` asks for the next one, null at the end."""

    items: list[Evidence]
    cursor: str | None = None
