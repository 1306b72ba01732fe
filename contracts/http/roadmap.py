"""Bodies of the roadmap service's routes."""

from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from contracts.events.roadmap import ActionCategory
from contracts.values import CentsOrZero, Label, Slug


class SheetState(StrEnum):
    """Where an action sheet stands."""

    PROPOSED = "PROPOSED"
    PRIORITISED = "PRIORITISED"
    VALIDATED = "VALIDATED"
    STARTED = "STARTED"
    DONE = "DONE"
    DROPPED = "DROPPED"


class WriteActionSheet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A proposed action. `action` is its slug, chosen by who writes it."""

    action: Slug
    number: Annotated[int, Meta(ge=1, le=9999)]
    title: Label
    category: ActionCategory
    leads: Annotated[list[Slug], Meta(min_length=1, max_length=20)]
    territories: Annotated[list[str], Meta(max_length=200)] = []
    publics: Annotated[list[Slug], Meta(max_length=20)] = []
    budget_cents: CentsOrZero = 0


class MoveActionSheet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step of an action sheet: to which state, on which day, by which decision, and why."""

    to: SheetState
    on: date
    decision: Label | None = None
    reason: Label | None = None


class ActionSheet(msgspec.Struct, frozen=True, kw_only=True):
    """An action sheet as it stands. `id` names it in `/v1/action-sheets/{id}`."""

    id: str
    coordination: str
    action: str
    number: int
    title: str
    category: str
    leads: list[str]
    territories: list[str]
    publics: list[str]
    budget_cents: int
    state: SheetState


class ActionSheets(msgspec.Struct, frozen=True, kw_only=True):
    """A page of action sheets; `cursor` asks for the next one, null at the end."""

    items: list[ActionSheet]
    cursor: str | None = None
