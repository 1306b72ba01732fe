"""Bodies of the life of a membership: applying, confirming, refusing, withdrawing, changing."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.http.members.seats import MemberRole, MemberState
from contracts.http.members.values import KindCode, Siret
from contracts.values import College, Label, Section, Slug

Units = Annotated[
    int, Meta(ge=1, le=1000, description="Voting units of a member, all cast together.")
]


class ApplyForSeat(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An organisation that asks for a seat in a college; `id` names the demand.

    The first demand of an organisation also names its membership, which a later one finds again.
    """

    id: UUID | None = None
    organization: Slug
    name: Label
    kind: KindCode
    college: College
    section: Section | None = None
    siret: Siret | None = None
    roles: Annotated[list[MemberRole], Meta(max_length=5)] = []
    formerly: Label | None = None
    asked_on: date
    reason: Label | None = None


class MembershipStep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a membership moves, and from which day; `id` names the act."""

    id: UUID | None = None
    effective_on: date
    reason: Label


class ChangeRoles(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The roles of a member from a day on, all of them."""

    id: UUID | None = None
    roles: Annotated[list[MemberRole], Meta(max_length=5)]
    effective_on: date
    reason: Label


class ChangeUnits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The voting units of a member from a day on."""

    id: UUID | None = None
    units: Units
    effective_on: date
    reason: Label


class Membership(msgspec.Struct, frozen=True, kw_only=True):
    """Where an organisation stands in a coordination; `state` holds since `effective_on`.

    `votes` says whether its roles leave it a vote: an adviser or an observer alone has none.
    """

    id: UUID
    coordination: str
    organization: str
    name: str
    kind: str
    college: College
    section: Section | None
    roles: list[MemberRole]
    units: int
    votes: bool
    state: MemberState
    effective_on: date


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation in the queue, and what it said when it asked."""

    member: Membership
    reason: str | None


class Candidates(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the queue, who asked first comes first; `cursor` is null at the end."""

    items: list[Candidate]
    cursor: str | None = None


class MemberActKind(StrEnum):
    """What was done with a membership."""

    APPLIED = "APPLIED"
    CONFIRMED = "CONFIRMED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"
    ROLES_CHANGED = "ROLES_CHANGED"
    UNITS_CHANGED = "UNITS_CHANGED"


class MemberAct(msgspec.Struct, frozen=True, kw_only=True):
    """One act of a membership's history; college, roles and units are as it left them.

    `subject` is the subject of the token that acted.
    """

    id: UUID
    act: MemberActKind
    effective_on: date
    reason: str | None
    college: College
    roles: list[MemberRole]
    units: int
    subject: str | None
    acted_at: datetime


class MemberActs(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a membership's history, the oldest first; `cursor` is null at the end."""

    items: list[MemberAct]
    cursor: str | None = None


class KindsOfCollege(msgspec.Struct, frozen=True, kw_only=True):
    """The kinds of organisations that a college is expected to hold, there or not."""

    college: College
    there: list[str]
    missing: list[str]


class ActorRole(StrEnum):
    """The four parts that digital inclusion is played by."""

    BENEFICIARY = "BENEFICIARY"
    REFERRER = "REFERRER"
    OPERATOR = "OPERATOR"
    MEDIATION_PLACE = "MEDIATION_PLACE"


class Completeness(msgspec.Struct, frozen=True, kw_only=True):
    """Which expected actors have no confirmed member; `details` says so in French."""

    complete: bool
    colleges: list[KindsOfCollege]
    missing_roles: list[ActorRole]
    details: list[str]
