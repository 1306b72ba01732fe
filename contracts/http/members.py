"""Bodies of the members service's routes."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.events.members import AwardShare
from contracts.refusals import FieldError
from contracts.values import (
    College,
    CommuneCode,
    CoordinationSlug,
    InstitutionSlug,
    Label,
    Section,
    Siren,
    Slug,
    TerritoryLevel,
)

Siret = Annotated[
    str,
    Meta(
        pattern="^[0-9]{14}$",
        description="SIRET of an establishment; a wrong key is a warning, never a refusal.",
    ),
]
KindCode = Annotated[
    str,
    Meta(
        pattern="^[A-Z][A-Z0-9_]{0,39}$",
        description="What an organisation is: CAF, ASSOCIATION, BANK …",
    ),
]
EventType = Annotated[str, Meta(pattern="^fr\\.ctin\\.[a-z]+\\.[a-z_]+\\.v[0-9]+$", max_length=120)]
AreaScope = Annotated[
    str,
    Meta(
        pattern="^(_all|([013-9][0-9]|2[AB1-9])[0-9]{3})$",
        description="`_all`, or the INSEE code of a commune of the coordination.",
    ),
]
Sha256 = Annotated[
    str, Meta(pattern="^[0-9a-f]{64}$", description="SHA-256 of a file, in hexadecimal.")
]
Tally = Annotated[int, Meta(ge=0, le=10_000)]
Awards = Annotated[list[AwardShare], Meta(max_length=200)]


class FoundCoordination(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A coordination to found, with every commune it covers, each once."""

    slug: CoordinationSlug
    name: Label
    level: TerritoryLevel
    siren: Siren | None = None
    communes: Annotated[list[CommuneCode], Meta(min_length=1, max_length=2000)]


class Coordination(msgspec.Struct, frozen=True, kw_only=True):
    """A coordination and the communes it covers."""

    slug: str
    name: str
    level: TerritoryLevel
    siren: str | None
    communes: list[str]


class Coordinations(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the coordinations the caller may enter; `cursor` asks for the next one."""

    items: list[Coordination]
    cursor: str | None = None


class MemberRole(StrEnum):
    """What a member does in the coordination, beside voting in its college."""

    LEAD = "LEAD"
    CO_LEAD = "CO_LEAD"
    CO_FUNDER = "CO_FUNDER"
    ADVISER = "ADVISER"
    OBSERVER = "OBSERVER"


class ConfirmMember(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An organisation that takes its seat in a college; `formerly` is the name it had before.

    Citizens sit in the section CITIZEN of the college DIGITAL_MEDIATION, without a SIRET, under
    the name of their group and never under their own.
    """

    id: UUID | None = None
    organization: Slug
    name: Label
    kind: KindCode
    college: College
    section: Section | None = None
    siret: Siret | None = None
    roles: Annotated[list[MemberRole], Meta(max_length=5)] = []
    effective_on: date
    formerly: Label | None = None


class MemberState(StrEnum):
    """Where a membership stands."""

    CANDIDATE = "CANDIDATE"
    CONFIRMED = "CONFIRMED"
    WITHDRAWN = "WITHDRAWN"
    REFUSED = "REFUSED"


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A seat in a college; `warnings` are doubts kept on the record of its organisation."""

    id: UUID
    coordination: str
    organization: str
    name: str
    kind: str
    college: College
    section: Section | None
    siret: str | None
    roles: list[MemberRole]
    effective_on: date
    formerly: str | None
    state: MemberState
    warnings: list[FieldError]


class Members(msgspec.Struct, frozen=True, kw_only=True):
    """A page of members by organisation; `cursor` asks for the next one, null at the end."""

    items: list[Member]
    cursor: str | None = None


class DraftAgreement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sharing agreement as it will be signed; it opens nothing before.

    `publishes` are the types of signals its institution may send, `receives` the types of facts
    it is delivered; `areas` is `_all` alone or communes; `file_sha256` is of the signed file.
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


class AgreementState(StrEnum):
    """Where a sharing agreement stands."""

    DRAFT = "DRAFT"
    SIGNED = "SIGNED"
    SUSPENDED = "SUSPENDED"
    ENDED = "ENDED"


class SignAgreement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The day the parties signed and the hash of the signed file, where they are known."""

    signed_on: date | None = None
    file_sha256: Sha256 | None = None


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


class OpinionMode(StrEnum):
    """How the colleges came to an opinion."""

    CONSENSUS = "consensus"


class RecordOpinion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An opinion that the colleges adopted, as the secretary recorded it.

    The amounts of `awards` are what was adopted: one per action and fund.
    """

    id: UUID | None = None
    reference: Label | None = None
    title: Label
    adopted_on: date
    mode: OpinionMode = OpinionMode.CONSENSUS
    objections: Tally = 0
    reservations: Tally = 0
    diagnostic_version: Annotated[int, Meta(ge=1, le=10**6)] | None = None
    awards: Awards = []
    minutes_sha256: Sha256 | None = None


class Opinion(msgspec.Struct, frozen=True, kw_only=True):
    """An adopted opinion; `total_cents` is the sum of its awards."""

    id: UUID
    coordination: str
    reference: str | None
    title: str
    adopted_on: date
    mode: OpinionMode
    objections: int
    reservations: int
    diagnostic_version: int | None
    minutes_sha256: str | None
    awards: list[AwardShare]
    total_cents: int


class Opinions(msgspec.Struct, frozen=True, kw_only=True):
    """A page of opinions by id; `cursor` asks for the next one, null at the end."""

    items: list[Opinion]
    cursor: str | None = None


class RecordFunderDecision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a funder's competent body committed of its own money, and since when it binds."""

    id: UUID | None = None
    funder: Slug
    body: Label
    reference: Label
    decided_on: date
    enforceable_since: date
    awards: Annotated[list[AwardShare], Meta(min_length=1, max_length=200)]


class FunderDecision(msgspec.Struct, frozen=True, kw_only=True):
    """A funder's decision; `total_cents` is the sum of its awards."""

    id: UUID
    coordination: str
    funder: str
    body: str
    reference: str
    decided_on: date
    enforceable_since: date
    awards: list[AwardShare]
    total_cents: int


class FunderDecisions(msgspec.Struct, frozen=True, kw_only=True):
    """A page of funders' decisions by id; `cursor` asks for the next one, null at the end."""

    items: list[FunderDecision]
    cursor: str | None = None
