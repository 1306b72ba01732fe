"""Events published by the roadmap service."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from msgspec import Meta

from contracts.envelope import Fact
from contracts.values import CentsOrZero, Label, Slug


class ActionCategory(StrEnum):
    """The five steps of the strategy an action belongs to."""

    ASSIST = "ASSIST"
    SUPPORT = "SUPPORT"
    PREVENT = "PREVENT"
    STRUCTURE = "STRUCTURE"
    EXPERIMENT = "EXPERIMENT"


class ActionProposed(Fact, frozen=True, kw_only=True):
    """An action sheet was written; nothing is decided of it yet."""

    TYPE: ClassVar[str] = "fr.ctin.roadmap.action_proposed.v1"

    action: Slug
    number: Annotated[int, Meta(ge=1, le=9999)]
    title: Label
    category: ActionCategory
    budget_cents: CentsOrZero

    @property
    def aggregate(self) -> str:
        """The action, in its coordination."""
        return f"{self.coordination}/{self.action}"


class ActionValidated(Fact, frozen=True, kw_only=True):
    """An action was validated by the body that `decision` names; funding may open it."""

    TYPE: ClassVar[str] = "fr.ctin.roadmap.action_validated.v1"

    action: Slug
    number: Annotated[int, Meta(ge=1, le=9999)]
    title: Label
    category: ActionCategory
    budget_cents: CentsOrZero
    leads: Annotated[list[Slug], Meta(min_length=1, max_length=20)]
    territories: Annotated[list[str], Meta(max_length=200)] = []
    decision: Label
    validated_on: date

    @property
    def aggregate(self) -> str:
        """The action, in its coordination."""
        return f"{self.coordination}/{self.action}"
