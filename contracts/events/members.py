"""Events published by the members service."""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.envelope import Fact
from contracts.values import (
    Cents,
    College,
    CommuneCode,
    InstitutionSlug,
    Label,
    Section,
    Siren,
    Slug,
    TerritoryLevel,
)


class CoordinationFounded(Fact, frozen=True, kw_only=True):
    """A coordination exists, with the communes it covers."""

    TYPE: ClassVar[str] = "fr.ctin.members.coordination_founded.v1"

    name: Label
    level: TerritoryLevel
    siren: Siren | None = None
    communes: Annotated[list[CommuneCode], Meta(min_length=1, max_length=2000)]

    @property
    def aggregate(self) -> str:
        """The coordination."""
        return self.coordination


class MemberConfirmed(Fact, frozen=True, kw_only=True):
    """A member took its seat in a college; its vote counts from `effective_on`, inclusive."""

    TYPE: ClassVar[str] = "fr.ctin.members.member_confirmed.v1"

    member_id: UUID
    organization: Slug
    name: Label
    college: College
    section: Section | None = None
    effective_on: date

    @property
    def aggregate(self) -> str:
        """The member."""
        return str(self.member_id)


class AgreementSigned(Fact, frozen=True, kw_only=True):
    """A sharing agreement is in force between its dates, inclusive; it opens exactly what it says.

    `publishes` are the types of signals its institution may send; `receives` the types of facts
    it is delivered. `areas` is `_all` or codes of communes; `threshold` the smallest count that
    may be sent, zero excepted.
    """

    TYPE: ClassVar[str] = "fr.ctin.members.agreement_signed.v1"

    agreement_id: UUID
    institution: InstitutionSlug
    reference: Label
    purposes: Annotated[list[Slug], Meta(min_length=1, max_length=20)]
    publishes: Annotated[list[str], Meta(max_length=20)] = []
    receives: Annotated[list[str], Meta(max_length=20)] = []
    areas: Annotated[list[str], Meta(min_length=1, max_length=2000)]
    threshold: Annotated[int, Meta(ge=1, le=1000)] = 11
    valid_from: date
    valid_until: date
    retention_months: Annotated[int, Meta(ge=1, le=60)] = 36

    @property
    def aggregate(self) -> str:
        """The agreement."""
        return str(self.agreement_id)


class AgreementEnded(Fact, frozen=True, kw_only=True):
    """A sharing agreement no longer opens anything; delivery stops with this fact."""

    TYPE: ClassVar[str] = "fr.ctin.members.agreement_ended.v1"

    agreement_id: UUID
    institution: InstitutionSlug
    reason: Label

    @property
    def aggregate(self) -> str:
        """The agreement."""
        return str(self.agreement_id)


class LicenceRecorded(Fact, frozen=True, kw_only=True):
    """Open data that an institution may bring without an agreement, under its licence."""

    TYPE: ClassVar[str] = "fr.ctin.members.licence_recorded.v1"

    licence: Slug
    producer: Label
    label: Label
    text: Label
    threshold: Annotated[int, Meta(ge=1, le=1000)]
    institutions: Annotated[list[InstitutionSlug], Meta(min_length=1, max_length=50)]

    @property
    def aggregate(self) -> str:
        """The licence, in its coordination."""
        return f"{self.coordination}/{self.licence}"


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
