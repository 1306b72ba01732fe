"""What becomes of reported needs."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import Meta

from contracts.envelope import Fact
from contracts.values import Slug


class NeedState(StrEnum):
    """How far a reported need is."""

    REPORTED = "reported"
    TAKEN_IN_CHARGE = "taken_in_charge"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class NeedOutcome(StrEnum):
    """What a need that was taken in charge came to."""

    RESOLVED = "resolved"
    PARTLY_RESOLVED = "partly_resolved"
    REFERRED = "referred"
    GIVEN_UP = "given_up"
    UNREACHABLE = "unreachable"


class _AboutNeed(Fact, frozen=True, kw_only=True):
    institution: Slug
    signal_id: UUID

    @property
    def aggregate(self) -> str:
        """The need, as its sender names it."""
        return f"{self.coordination}/{self.institution}/{self.signal_id}/need"


class NeedTakenInCharge(_AboutNeed, frozen=True, kw_only=True):
    """An organisation of the coordination answers for a reported need from now on."""

    TYPE: ClassVar[str] = "fr.ctin.diagnostics.need_taken_in_charge.v1"

    organization: Slug
    taken_at: datetime


class NeedClosed(_AboutNeed, frozen=True, kw_only=True):
    """The organisation in charge of a reported need told what it came to: its last state."""

    TYPE: ClassVar[str] = "fr.ctin.diagnostics.need_closed.v1"

    organization: Slug
    outcome: NeedOutcome
    closed_at: datetime


class NeedReminderDue(_AboutNeed, frozen=True, kw_only=True):
    """A reported need is not closed `days` after its report; told once for each number of days.

    `organization` is the one in charge, null while nobody is.
    """

    TYPE: ClassVar[str] = "fr.ctin.diagnostics.need_reminder_due.v1"

    days: Annotated[int, Meta(ge=1)]
    state: NeedState
    organization: Slug | None = None
    reported_on: date
    due_on: date
