"""Bodies of committees."""

from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from contracts.events.members.committees import CommitteeType
from contracts.events.members.mandates import SeatKind
from contracts.values import Label, Slug

MeetsEveryDays = Annotated[
    int, Meta(ge=1, le=1100, description="Days between two meetings at most.")
]


class CommitteeState(StrEnum):
    """Where a committee stands."""

    ACTIVE = "ACTIVE"
    TRANSFORMED = "TRANSFORMED"
    CLOSED = "CLOSED"


class FormCommittee(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A committee that begins on `since`; its agenda may be presented by elected persons only."""

    committee: Slug
    name: Label
    type: CommitteeType
    meets_every_days: MeetsEveryDays | None = None
    presenter_is_elected: bool = False
    since: date


class CloseCommittee(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The last day of a committee, which is the last of its mandates, and why."""

    closed_on: date
    reason: Label


class CompleteCommittee(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The day on which a committee is declared complete."""

    completed_on: date


class TransformCommittee(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a committee becomes; it begins on `into.since`, with all its seats."""

    into: FormCommittee
    reason: Label


class Committee(msgspec.Struct, frozen=True, kw_only=True):
    """A committee; `was` are those it was made of, `became` the one it is now."""

    committee: str
    coordination: str
    name: str
    type: CommitteeType
    meets_every_days: int | None
    presenter_is_elected: bool
    since: date
    state: CommitteeState
    became: str | None
    was: list[str]
    completed_on: date | None
    closed_on: date | None
    close_reason: str | None


class Committees(msgspec.Struct, frozen=True, kw_only=True):
    """A page of committees by slug; `cursor` asks for the next one, null at the end."""

    items: list[Committee]
    cursor: str | None = None


class Composition(msgspec.Struct, frozen=True, kw_only=True):
    """Who holds the seats of a committee on a day, by kind; `details` says what is missing."""

    committee: str
    on: date
    holders: dict[SeatKind, int]
    missing: list[SeatKind]
    complete: bool
    details: list[str]
