"""Bodies of what is done on the ground: responsibilities, leads, support, relays, contacts."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.values import CommuneCode, Label, Sentence, Slug

Communes = Annotated[list[CommuneCode], Meta(min_length=1, max_length=2000)]
CommunesOrAll = Annotated[list[CommuneCode], Meta(max_length=2000)]


class Part(StrEnum):
    """What a member is to a duty."""

    RESPONSIBLE = "RESPONSIBLE"
    ACCOUNTABLE = "ACCOUNTABLE"
    CONSULTED = "CONSULTED"
    INFORMED = "INFORMED"


class Responsibility(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of the matrix: who does what, where, and up to where; no commune is all of them."""

    responsibility: Slug
    member: UUID
    duty: Label
    part: Part
    communes: CommunesOrAll = []
    up_to: Label


class PutResponsibilities(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole matrix, which replaces the one before."""

    items: Annotated[list[Responsibility], Meta(max_length=1000)]


class Responsibilities(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the matrix by slug; `cursor` asks for the next one, null at the end."""

    items: list[Responsibility]
    cursor: str | None = None


class DesignateLead(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member that leads in some communes between two days, both included."""

    id: UUID | None = None
    member: UUID
    communes: Communes
    since: date
    until: date | None = None
    reason: Label


class Lead(msgspec.Struct, frozen=True, kw_only=True):
    """The lead of a sub-territory."""

    id: UUID
    coordination: str
    member: UUID
    communes: list[str]
    since: date
    until: date | None
    reason: str


class Leads(msgspec.Struct, frozen=True, kw_only=True):
    """A page of leads by id; `cursor` asks for the next one, null at the end."""

    items: list[Lead]
    cursor: str | None = None


class SupportLevel(StrEnum):
    """The level a support comes from."""

    STATE = "STATE"
    REGION = "REGION"
    DEPARTMENT = "DEPARTMENT"
    EPCI = "EPCI"
    COMMUNE = "COMMUNE"
    INHABITANTS = "INHABITANTS"


class RecordEndorsement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who supports what, from which level and since when."""

    id: UUID | None = None
    endorser: Label
    level: SupportLevel
    subject: Label
    given_on: date


class Endorsement(msgspec.Struct, frozen=True, kw_only=True):
    """A support that was given."""

    id: UUID
    coordination: str
    endorser: str
    level: SupportLevel
    subject: str
    given_on: date


class Endorsements(msgspec.Struct, frozen=True, kw_only=True):
    """A page of supports by id; `cursor` asks for the next one, null at the end."""

    items: list[Endorsement]
    cursor: str | None = None


class RelayKind(StrEnum):
    """Who carries the subject to inhabitants."""

    TECHNICAL_AGENT = "TECHNICAL_AGENT"
    ELECTED_AMBASSADOR = "ELECTED_AMBASSADOR"
    COORDINATOR = "COORDINATOR"
    INHABITANT = "INHABITANT"
    OPERATOR = "OPERATOR"


class RecordRelay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A relay and its communes; `label` names the function, `person` is the id of a known one."""

    id: UUID | None = None
    kind: RelayKind
    label: Label
    organization: Slug | None = None
    person: UUID | None = None
    communes: Communes
    since: date


class Relay(msgspec.Struct, frozen=True, kw_only=True):
    """Who carries the subject in some communes."""

    id: UUID
    coordination: str
    kind: RelayKind
    label: str
    organization: str | None
    person: UUID | None
    communes: list[str]
    since: date


class Relays(msgspec.Struct, frozen=True, kw_only=True):
    """A page of relays by id; `cursor` asks for the next one, null at the end."""

    items: list[Relay]
    cursor: str | None = None


class Channel(StrEnum):
    """How a contact was made."""

    VISIT = "VISIT"
    MEETING = "MEETING"
    CALL = "CALL"
    LETTER = "LETTER"
    PRESS = "PRESS"
    EVENT = "EVENT"


class RecordContact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was said, in which commune or to all; a visit names its commune."""

    id: UUID | None = None
    channel: Channel
    commune: CommuneCode | None = None
    happened_on: date
    subject: Label
    outcome: Sentence | None = None


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """A contact that was made."""

    id: UUID
    coordination: str
    channel: Channel
    commune: str | None
    happened_on: date
    subject: str
    outcome: str | None


class Contacts(msgspec.Struct, frozen=True, kw_only=True):
    """A page of contacts by id; `cursor` asks for the next one, null at the end."""

    items: list[Contact]
    cursor: str | None = None


class VisitCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """Which communes were visited since a day; `share` is a fraction, `percent` its half-up."""

    since: date | None
    visited: list[str]
    left: list[str]
    share: str
    percent: int


class TerritorialRoleKind(StrEnum):
    """How the carrying body intervenes."""

    INITIATE = "INITIATE"
    SUPPORT = "SUPPORT"
    ANIMATE = "ANIMATE"
    ACCOMPANY = "ACCOMPANY"


class TerritorialRole(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the carrying body intervenes from a day on; `maturity` of the actors, from 1 to 5."""

    since: date
    role: TerritorialRoleKind
    maturity: Annotated[int, Meta(ge=1, le=5)]
    reason: Label


class TerritorialRoles(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the roles taken so far, the first comes first; `cursor` is null at the end."""

    items: list[TerritorialRole]
    cursor: str | None = None
