"""Rows of the members service's tables, each in the order of its queries."""

from datetime import date
from uuid import UUID

import msgspec

from contracts.events.members import AwardShare


class Coordination(msgspec.Struct, frozen=True):
    """Columns of a coordination, in the order of the queries."""

    coordination: str
    name: str
    level: str
    siren: str | None
    communes: list[str]
    department: str | None = None
    epcis: list[str] = []
    parent: str | None = None
    experiment: bool = False
    starts_on: date | None = None
    ends_on: date | None = None
    strategy: str | None = None
    process: str | None = None


class Organization(msgspec.Struct, frozen=True):
    """Columns of an organisation, in the order of the queries."""

    organization: str
    name: str
    kind: str
    siret: str | None
    siret_is_doubtful: bool
    formerly: str | None
    rna: str | None = None
    commune: str | None = None
    name_key: str = ""
    merged_into: str | None = None


class Right(msgspec.Struct, frozen=True):
    """A role in a coordination, and the organisation it is had for."""

    role: str
    organization: str | None


class Seat(msgspec.Struct, frozen=True):
    """Columns of a member with those of its organisation, in the order of the queries."""

    coordination: str
    member_id: UUID
    organization: str
    name: str
    kind: str
    siret: str | None
    siret_is_doubtful: bool
    formerly: str | None
    college: str
    section: str | None
    roles: list[str]
    effective_on: date
    state: str


class Agreement(msgspec.Struct, frozen=True):
    """Columns of an agreement, in the order of the queries."""

    coordination: str
    agreement_id: UUID
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
    state: str
    signed_on: date | None
    end_reason: str | None
    party_roles: list[str]
    legal_text: str | None
    persons_categories: list[str]
    data_categories: list[str]
    fields: list[str]
    tier: str
    recipients: list[str]
    dpia_reference: str | None
    register_reference: str | None
    dpo_parties: list[str]
    dpo_contacts: list[str]
    suspend_reason: str | None
    summary_sha256: str | None
    signed_parties: list[str]
    signed_days: list[date]


class Licence(msgspec.Struct, frozen=True):
    """Columns of a licence, in the order of the queries."""

    coordination: str
    licence: str
    producer: str
    label: str
    text: str
    vintage: str | None
    threshold: int
    institutions: list[str]


class Opinion(msgspec.Struct, frozen=True):
    """Columns of an opinion, in the order of the queries."""

    coordination: str
    opinion_id: UUID
    reference: str | None
    title: str
    adopted_on: date
    mode: str
    objections: int
    reservations: int
    diagnostic_version: int | None
    minutes_sha256: str | None
    award_actions: list[str]
    award_funds: list[str]
    award_cents: list[int]
    outcome: str = "ADOPTED"
    session_id: UUID | None = None
    committee: str | None = None
    object: str | None = None
    object_reference: str | None = None


class Decision(msgspec.Struct, frozen=True):
    """Columns of a funder's decision, in the order of the queries."""

    coordination: str
    decision_id: UUID
    funder: str
    body: str
    reference: str
    decided_on: date
    enforceable_since: date
    award_actions: list[str]
    award_funds: list[str]
    award_cents: list[int]


class Client(msgspec.Struct, frozen=True):
    """Columns of a client, in the order of the queries; the keys are public JWKs in JSON."""

    client_id: str
    coordination: str
    organization: str | None
    roles: list[str]
    jwk: str
    jwk_next: str | None


def awards_of(row: Opinion | Decision) -> list[AwardShare]:
    """Return the awards that the three columns of a row hold, in order."""
    columns = zip(row.award_actions, row.award_funds, row.award_cents, strict=True)
    return [AwardShare(action=one, fund=fund, amount_cents=cents) for one, fund, cents in columns]
