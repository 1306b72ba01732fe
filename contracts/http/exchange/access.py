"""Bodies of the routes by which an institution's system joins: invitations, keys, sandbox."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.http.tokens import PublicJwk
from contracts.values import InstitutionSlug, Label

DAYS_VALID_MAX = 30
KEYS_MAX = 2
PublicNkey = Annotated[
    str,
    Meta(
        pattern="^U[A-Z2-7]{55}$",
        description="Public NKey of a NATS user: never the seed, which begins with S.",
    ),
]


class KeyUse(StrEnum):
    """What a key opens: the NATS server, or access tokens for HTTP."""

    NATS = "nats"
    HTTP = "http"


class InviteInstitution(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An institution to invite, by the slug it will have; its name is what people read."""

    id: UUID | None = None
    institution: InstitutionSlug
    name: Label
    days_valid: Annotated[int, Meta(ge=1, le=DAYS_VALID_MAX)] = 7


class InstitutionInvitation(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation; `code` is shown when it is made and never again.

    The same invitation asked for again has a new code, and the one before opens nothing more.
    """

    id: UUID
    institution: str
    name: str
    invited_at: datetime
    expires_at: datetime
    used_at: datetime | None
    code: str | None = None


class Register(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a developer sends with its code: public keys alone, two of each at most."""

    code: Annotated[str, Meta(min_length=8, max_length=100)]
    nkeys: Annotated[list[PublicNkey], Meta(min_length=1, max_length=KEYS_MAX)]
    jwks: Annotated[list[PublicJwk], Meta(min_length=1, max_length=KEYS_MAX)]
    answers_grouped: bool = False


class AddKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One more public key: give `nkey` for NATS or `jwk` for HTTP."""

    nkey: PublicNkey | None = None
    jwk: PublicJwk | None = None


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """A public key as its registrar sees it; `id` is the NKey itself, or the JWK's thumbprint."""

    id: str
    use: KeyUse
    registered_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """The keys of an institution, those that open something first."""

    items: list[Key]


class Registered(msgspec.Struct, frozen=True, kw_only=True):
    """What a system needs to know after its registration; nothing of it is secret.

    In `sandbox` everything works at once, under the agreement `sandbox_agreement`, with made-up
    counts only. The client of a coordination is `<institution>.<coordination>`.
    """

    institution: str
    nats_url: str
    token_url: str
    sandbox: str
    sandbox_agreement: UUID
    sandbox_client: str
    sandbox_communes: list[str]
    inbox_prefix: str
    stream: str
    durables: dict[str, str]
    keys: list[Key]


class ConformanceStep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that a system was seen to do, or not."""

    name: Annotated[str, Meta(pattern="^[a-z][a-z0-9_]{1,59}$")]
    passed: bool


class EndConformance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a system saw for itself; the exchange adds what it saw of the system."""

    steps: Annotated[list[ConformanceStep], Meta(max_length=50)]


class ConformanceRun(msgspec.Struct, frozen=True, kw_only=True):
    """The last conformance run of a system: when, for what, with which steps."""

    run_id: UUID
    started_at: datetime
    ended_at: datetime | None
    passed: bool
    steps: list[ConformanceStep]


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """What an institution's system may do today.

    `coordinations` are those where an agreement or a licence opens something; `in_force` tells
    whether the NATS servers apply exactly this, or soon will.
    """

    institution: str
    name: str
    sandbox: str
    coordinations: list[str]
    live: bool
    in_force: bool
    keys: list[Key]
    conformance: ConformanceRun | None = None
