"""Events published by the diagnostics service."""

from typing import Annotated, ClassVar
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.envelope import Fact
from contracts.events.diagnostics.field import (
    ContributionKind,
    ContributionShared,
    ContributionWithdrawn,
    ElementQualified,
    Finding,
)
from contracts.events.diagnostics.needs import (
    NeedClosed,
    NeedOutcome,
    NeedReminderDue,
    NeedState,
    NeedTakenInCharge,
)
from contracts.events.diagnostics.places import CommunePlaces, PlacesChanged
from contracts.events.diagnostics.states import AreaStateTold, VersionStateTold
from contracts.events.diagnostics.updates import (
    AreaUpdated,
    ExposureFigure,
    FigureStatus,
    IndicatorFigure,
    NeedFigure,
)
from contracts.events.diagnostics.versions import DiagnosticPublished
from contracts.events.signals import InSeq
from contracts.values import InstitutionSlug

__all__ = [
    "AreaStateTold",
    "AreaUpdated",
    "CommunePlaces",
    "ContributionKind",
    "ContributionShared",
    "ContributionWithdrawn",
    "Decision",
    "DiagnosticPublished",
    "ElementQualified",
    "ExposureFigure",
    "FigureStatus",
    "Finding",
    "IndicatorFigure",
    "NeedClosed",
    "NeedFigure",
    "NeedOutcome",
    "NeedReminderDue",
    "NeedState",
    "NeedTakenInCharge",
    "PlacesChanged",
    "SignalsDecided",
    "VersionStateTold",
]


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What the diagnostic made of one signal; `code` is null when it is accepted.

    `changed` is false when the signal repeated what was already known.
    """

    receipt: UUID
    signal_id: UUID
    in_seq: InSeq
    ce_id: str
    code: str | None = None
    field: str | None = None
    detail: str | None = None
    changed: bool = True


class SignalsDecided(Fact, frozen=True, kw_only=True):
    """Signals of one institution were accepted or refused, in the order they were received."""

    TYPE: ClassVar[str] = "fr.ctin.diagnostics.signals_decided.v1"

    institution: InstitutionSlug
    decisions: Annotated[list[Decision], Meta(min_length=1, max_length=100)]

    @property
    def aggregate(self) -> str:
        """The group itself, named by its first signal: groups do not wait on one another."""
        return f"{self.institution}/{self.decisions[0].signal_id}/decisions"
