"""What the sender of a reported need is told of its follow-up."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from contracts.envelope import Fact
from contracts.events.diagnostics.needs import NeedOutcome, NeedState
from contracts.values import InstitutionSlug, Slug


class NeedFollowed(Fact, frozen=True, kw_only=True):
    """A need you reported was taken in charge, or came to an outcome.

    `organization` is the one in charge, never a person; `outcome` is null before the end.
    """

    TYPE: ClassVar[str] = "fr.ctin.exchange.need_followed.v1"
    TIER: ClassVar[Literal["evt", "pub", "out"]] = "out"

    institution: InstitutionSlug
    signal_id: UUID
    state: NeedState
    organization: Slug
    outcome: NeedOutcome | None = None
    at: datetime

    @property
    def area(self) -> str:
        """The institution stands where other facts have their area."""
        return self.institution

    @property
    def aggregate(self) -> str:
        """The need."""
        return f"{self.institution}/{self.signal_id}/need"
