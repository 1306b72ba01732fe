"""Bodies of invitations: rights that wait for a person to prove who it is."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.http.tokens import PublicJwk
from contracts.values import Slug

DAYS_VALID_MAX = 30


class InvitedRole(StrEnum):
    """Roles that an invitation gives; those of élus and members come from their seats."""

    COORDINATOR = "coordinator"
    SECRETARY = "secretary"
    FUNDER = "funder"
    DATA_OFFICER = "data_officer"
    REFERRER = "referrer"
    OBSERVER = "observer"


class Invite(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person to invite, the roles it is to have and the organisation it has them for.

    Without roles the invitation only lets the person prove who it is: its seats do the rest. A
    funder is one for an organisation.
    """

    id: UUID | None = None
    person: UUID
    roles: Annotated[list[InvitedRole], Meta(max_length=6)] = []
    organization: Slug | None = None
    days_valid: Annotated[int, Meta(ge=1, le=DAYS_VALID_MAX)] = 7


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation; `code` is shown when it is made and never again.

    The same invitation asked for again has a new code, and the one before opens nothing more.
    """

    id: UUID
    coordination: str
    person: UUID
    roles: list[str]
    organization: str | None
    invited_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    withdrawn_at: datetime | None
    code: str | None = None


class Invitations(msgspec.Struct, frozen=True, kw_only=True):
    """A page of invitations by id; `cursor` asks for the next one, null at the end."""

    items: list[Invitation]
    cursor: str | None = None


class AcceptInvitation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The code that a person received, and its public key; or none, with a token of its sign-in."""

    code: Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{20,100}$")]
    jwk: PublicJwk | None = None


class AcceptedInvitation(msgspec.Struct, frozen=True, kw_only=True):
    """Who tokens speak for from now on, and the roles that the invitation gave."""

    subject: str
    coordination: str
    person: UUID
    roles: list[str]
    organization: str | None
