"""Facts about what the field confirms, and what partners share."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from msgspec import Meta

from contracts.envelope import Fact
from contracts.values import CommuneCode, Label, Slug


class Finding(StrEnum):
    """What the field says of a risk that a figure revealed."""

    QUALIFIED = "QUALIFIED"
    REFUTED = "REFUTED"


class ContributionKind(StrEnum):
    """What a partner shares."""

    STRATEGY = "STRATEGY"
    DIAGNOSTIC_ELEMENT = "DIAGNOSTIC_ELEMENT"
    NEWS = "NEWS"
    DIFFICULTY = "DIFFICULTY"


class ElementQualified(Fact, frozen=True, kw_only=True):
    """The field confirmed or refuted a risk, on evidence; it is final.

    `organization` is who decided; `actions` are those that answer it so far.
    """

    TYPE: ClassVar[str] = "fr.ctin.diagnostics.element_qualified.v1"
    TIER: ClassVar[Literal["evt", "pub", "out"]] = "pub"

    element: UUID
    finding: Finding
    communes: Annotated[list[CommuneCode], Meta(min_length=1, max_length=2000)]
    problem: Slug
    public: Slug
    decided_on: date
    organization: Slug
    evidence_count: Annotated[int, Meta(ge=1)]
    actions: list[Slug] = []

    @property
    def area(self) -> str:
        """The commune, when it is one."""
        return f"c{self.communes[0]}" if len(self.communes) == 1 else "_all"

    @property
    def aggregate(self) -> str:
        """The element."""
        return f"{self.coordination}/element/{self.element}"


class ContributionShared(Fact, frozen=True, kw_only=True):
    """A partner shared a document, or a new version of it; no commune is all of them.

    The summary is read at the source: once it is withdrawn, it is nowhere.
    """

    TYPE: ClassVar[str] = "fr.ctin.diagnostics.contribution_shared.v1"
    TIER: ClassVar[Literal["evt", "pub", "out"]] = "pub"

    contribution: UUID
    version: Annotated[int, Meta(ge=1)]
    kind: ContributionKind
    organization: Slug
    title: Label
    theme: Slug | None = None
    communes: Annotated[list[CommuneCode], Meta(max_length=2000)] = []
    shared_on: date

    @property
    def aggregate(self) -> str:
        """The contribution."""
        return f"{self.coordination}/contribution/{self.contribution}"


class ContributionWithdrawn(Fact, frozen=True, kw_only=True):
    """A partner no longer shares a document: forget every version of it."""

    TYPE: ClassVar[str] = "fr.ctin.diagnostics.contribution_withdrawn.v1"
    TIER: ClassVar[Literal["evt", "pub", "out"]] = "pub"

    contribution: UUID
    organization: Slug
    withdrawn_on: date

    @property
    def aggregate(self) -> str:
        """The contribution."""
        return f"{self.coordination}/contribution/{self.contribution}"
