"""Facts about sharing agreements and licences."""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import Meta

from contracts.envelope import Fact
from contracts.values import (
    InstitutionSlug,
    Label,
    Slug,
)


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


class AgreementSuspended(Fact, frozen=True, kw_only=True):
    """A sharing agreement opens nothing until it is resumed; delivery stops with this fact."""

    TYPE: ClassVar[str] = "fr.ctin.members.agreement_suspended.v1"

    agreement_id: UUID
    institution: InstitutionSlug
    reason: Label

    @property
    def aggregate(self) -> str:
        """The agreement."""
        return str(self.agreement_id)


class AgreementResumed(Fact, frozen=True, kw_only=True):
    """A suspended sharing agreement opens again what it opened when it was signed."""

    TYPE: ClassVar[str] = "fr.ctin.members.agreement_resumed.v1"

    agreement_id: UUID
    institution: InstitutionSlug

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
