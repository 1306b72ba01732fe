"""Facts about opinions and funders' decisions."""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.envelope import Fact
from contracts.values import (
    Cents,
    Label,
    Slug,
)


class AwardShare(msgspec.Struct, frozen=True, kw_only=True):
    """What one fund gives to one action."""

    action: Slug
    fund: Slug
    amount_cents: Cents


class OpinionAdopted(Fact, frozen=True, kw_only=True):
    """The colleges adopted an opinion; the sum of its awards is what was voted."""

    TYPE: ClassVar[str] = "fr.ctin.members.opinion_adopted.v1"

    opinion_id: UUID
    title: Label
    adopted_on: date
    diagnostic_version: Annotated[int, Meta(ge=1)] | None = None
    awards: Annotated[list[AwardShare], Meta(max_length=200)] = []

    @property
    def aggregate(self) -> str:
        """The opinion."""
        return str(self.opinion_id)


class OpinionRejected(Fact, frozen=True, kw_only=True):
    """The colleges did not adopt what they were asked for; nothing is awarded."""

    TYPE: ClassVar[str] = "fr.ctin.members.opinion_rejected.v1"

    opinion_id: UUID
    title: Label
    rejected_on: date
    diagnostic_version: Annotated[int, Meta(ge=1)] | None = None

    @property
    def aggregate(self) -> str:
        """The opinion."""
        return str(self.opinion_id)


class FunderDecisionRecorded(Fact, frozen=True, kw_only=True):
    """A funder's competent body committed its own money; enforceable from `enforceable_since`."""

    TYPE: ClassVar[str] = "fr.ctin.members.funder_decision_recorded.v1"

    decision_id: UUID
    funder: Slug
    body: Label
    reference: Label
    decided_on: date
    enforceable_since: date
    awards: Annotated[list[AwardShare], Meta(min_length=1, max_length=200)]

    @property
    def aggregate(self) -> str:
        """The decision."""
        return str(self.decision_id)
