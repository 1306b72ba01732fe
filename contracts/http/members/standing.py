"""Bodies of the routes that say who calls and what it may do where."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.values import CoordinationSlug, Role, Slug

Subject = Annotated[
    str,
    Meta(
        pattern="^[!-~]+$",
        max_length=120,
        description="Who a token speaks for: a system, or a person under an opaque name.",
    ),
]


class HeldRole(msgspec.Struct, frozen=True, kw_only=True):
    """A role, and the organisation it is had for."""

    role: Role
    organization: str | None


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A coordination where the caller has roles beyond its token, from rights and seats."""

    coordination: str
    roles: list[HeldRole]


class Me(msgspec.Struct, frozen=True, kw_only=True):
    """Who the token of a request speaks for, and what its subject may do elsewhere."""

    subject: str
    coordination: str
    organization: str | None
    roles: list[str]
    places: list[Place]


class AskOwnToken(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A coordination that the caller wants a token for; its rights there may be for several."""

    coordination: CoordinationSlug
    organization: Slug | None = None


class TakeRight(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A right to take from a subject, at once."""

    subject: Subject
    role: Role


class KeptRight(msgspec.Struct, frozen=True, kw_only=True):
    """A right of a subject; `person` is who it is here, where that is known."""

    subject: str
    role: str
    organization: str | None
    origin: str
    granted_at: datetime
    revoked_at: datetime | None
    person: UUID | None


class KeptRights(msgspec.Struct, frozen=True, kw_only=True):
    """A page of rights by subject; `cursor` asks for the next one, null at the end."""

    items: list[KeptRight]
    cursor: str | None = None
