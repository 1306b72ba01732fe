"""Bodies of sharing agreements and licences."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.http.members.values import AreaScope, EventType, Sha256
from contracts.values import (
    InstitutionSlug,
    Label,
    Slug,
)

Labels = Annotated[list[Label], Meta(max_length=20)]
FieldName = Annotated[str, Meta(pattern="^[a-z][a-z0-9_.]{0,59}$")]


class GdprRole(StrEnum):
    """What a party is for the data that are shared (RGPD, articles 4, 26 and 28)."""

    CONTROLLER = "CONTROLLER"
    JOINT_CONTROLLER = "JOINT_CONTROLLER"
    PROCESSOR = "PROCESSOR"


class SharingTier(StrEnum):
    """How much is shared: what anyone may read, or the exact counts of an agreement."""

    PUBLIC = "PUBLIC"
    AGREEMENT = "AGREEMENT"


class PartyRole(msgspec.Struct, frozen=True, kw_only=True):
    """What one party is for the data that are shared."""

    party: Slug
    role: GdprRole


class DpoContact(msgspec.Struct, frozen=True, kw_only=True):
    """How to reach the data protection officer of a party; it is told to no other service."""

    party: Slug
    contact: Label


class DraftAgreement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sharing agreement as it will be signed; it opens nothing before.

    `publishes` are the types of signals its institution may send, `receives` the types of facts
    it is delivered, `fields` the only ones of them where that is agreed; `areas` is `_all` alone or
    communes; `file_sha256` is of the signed file. `party_roles` names every party, or none yet.
    """

    id: UUID | None = None
    institution: InstitutionSlug
    reference: Label
    parties: Annotated[list[Slug], Meta(min_length=2, max_length=20)]
    legal_basis: Label
    health_data: bool = False
    purposes: Annotated[list[Slug], Meta(min_length=1, max_length=20)]
    publishes: Annotated[list[EventType], Meta(max_length=20)] = []
    receives: Annotated[list[EventType], Meta(max_length=20)] = []
    areas: Annotated[list[AreaScope], Meta(min_length=1, max_length=2000)]
    threshold: Annotated[int, Meta(ge=1, le=1000)] = 11
    valid_from: date
    valid_until: date
    retention_months: Annotated[int, Meta(ge=1, le=60)] = 36
    file_sha256: Sha256 | None = None
    party_roles: Annotated[list[PartyRole], Meta(max_length=20)] = []
    legal_text: Label | None = None
    persons_categories: Labels = []
    data_categories: Labels = []
    fields: Annotated[list[FieldName], Meta(max_length=100)] = []
    tier: SharingTier = SharingTier.AGREEMENT
    recipients: Labels = []
    dpia_reference: Label | None = None
    register_reference: Label | None = None
    dpo_contacts: Annotated[list[DpoContact], Meta(max_length=20)] = []


class AgreementState(StrEnum):
    """Where a sharing agreement stands."""

    DRAFT = "DRAFT"
    SIGNED = "SIGNED"
    SUSPENDED = "SUSPENDED"
    ENDED = "ENDED"


class SignAgreement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The day the parties signed and the hash of the signed file, where they are known.

    With a `party`, it alone signed; the agreement is in force once each of them did.
    """

    party: Slug | None = None
    signed_on: date | None = None
    file_sha256: Sha256 | None = None


class SuspendAgreement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a signed agreement opens nothing until it is resumed."""

    reason: Label


class Signatory(msgspec.Struct, frozen=True, kw_only=True):
    """A party that signed, and on which day."""

    party: str
    signed_on: date


class EndAgreement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a signed agreement ends."""

    reason: Label


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """A sharing agreement as it stands."""

    id: UUID
    coordination: str
    institution: str
    reference: str
    parties: list[str]
    legal_basis: str
    health_data: bool
    purposes: list[str]
    publishes: list[str]
    receives: list[str]
    areas: list[str]
    threshold: int
    valid_from: date
    valid_until: date
    retention_months: int
    file_sha256: str | None
    state: AgreementState
    signed_on: date | None
    end_reason: str | None
    party_roles: list[PartyRole]
    legal_text: str | None
    persons_categories: list[str]
    data_categories: list[str]
    fields: list[str]
    tier: SharingTier
    recipients: list[str]
    dpia_reference: str | None
    register_reference: str | None
    dpo_contacts: list[DpoContact]
    signatories: list[Signatory]
    suspend_reason: str | None
    summary_sha256: str | None


class Agreements(msgspec.Struct, frozen=True, kw_only=True):
    """A page of sharing agreements by id; `cursor` asks for the next one, null at the end."""

    items: list[Agreement]
    cursor: str | None = None


class RecordLicence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Open data that institutions may bring without an agreement, under its licence."""

    licence: Slug
    producer: Label
    label: Label
    text: Label
    vintage: Label | None = None
    threshold: Annotated[int, Meta(ge=1, le=1000)]
    institutions: Annotated[list[InstitutionSlug], Meta(min_length=1, max_length=50)]


class Licence(msgspec.Struct, frozen=True, kw_only=True):
    """A licence as it was recorded."""

    coordination: str
    licence: str
    producer: str
    label: str
    text: str
    vintage: str | None
    threshold: int
    institutions: list[str]
