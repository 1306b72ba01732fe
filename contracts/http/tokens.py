"""Bodies of the routes by which systems get access tokens."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from contracts.values import Role, Slug

ClientScope = Annotated[
    str,
    Meta(
        pattern="^([a-z][a-z0-9-]{1,39}|\\*)$",
        description="Slug of a coordination, or `*` for all of them.",
    ),
]


class PublicJwk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A public key as RFC 7517 writes it: Ed25519 (RFC 8037) or P-256. A private one is refused."""

    kty: Literal["OKP", "EC"]
    crv: Literal["Ed25519", "P-256"]
    x: Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{43}$")]
    y: Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{43}$")] | None = None
    kid: Annotated[str, Meta(max_length=200)] | None = None
    use: Literal["sig"] | None = None
    alg: Literal["EdDSA", "Ed25519", "ES256"] | None = None
    key_ops: Annotated[list[Literal["verify"]], Meta(max_length=1)] | None = None


class RegisterClient(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A system that may ask for tokens: for whom, with which roles, under which keys.

    `coordination` is a slug, or `*` for a system of every coordination; `jwk_next` is the key
    that will replace `jwk`, both good meanwhile.
    """

    coordination: ClientScope
    organization: Slug | None = None
    roles: Annotated[list[Role], Meta(min_length=1, max_length=11)]
    jwk: PublicJwk
    jwk_next: PublicJwk | None = None


class Client(msgspec.Struct, frozen=True, kw_only=True):
    """A registered system; its keys by their thumbprints (RFC 7638)."""

    client_id: str
    coordination: str
    organization: str | None
    roles: list[Role]
    thumbprints: list[str]


class AskToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token request, form-encoded (RFC 6749 section 4.4, RFC 7523 section 2.2).

    `scope` is a part of the client's roles, separated by spaces; without it all are given. A
    person that has roles for several organisations names one in `organization`.
    """

    grant_type: Annotated[str, Meta(max_length=100)]
    client_assertion_type: Annotated[str, Meta(max_length=100)]
    client_assertion: Annotated[str, Meta(max_length=8192)]
    client_id: Annotated[str, Meta(max_length=120)] | None = None
    scope: Annotated[str, Meta(max_length=400)] | None = None
    organization: Annotated[str, Meta(max_length=60)] | None = None


class TokenGiven(msgspec.Struct, frozen=True, kw_only=True):
    """An access token, as RFC 6749 section 5.1 writes it."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105
    expires_in: int
    scope: str


class TokenDenied(msgspec.Struct, frozen=True, kw_only=True):
    """Why no token was given, as RFC 6749 section 5.2 writes it."""

    error: str
    error_description: str


class PublishedKey(msgspec.Struct, frozen=True, kw_only=True):
    """The public key of access tokens; `kid` is its thumbprint."""

    kty: str
    crv: str
    x: str
    kid: str
    use: Literal["sig"] = "sig"
    alg: Literal["EdDSA"] = "EdDSA"


class PublishedKeys(msgspec.Struct, frozen=True, kw_only=True):
    """The public keys of access tokens, as RFC 7517 writes a set."""

    keys: list[PublishedKey]
