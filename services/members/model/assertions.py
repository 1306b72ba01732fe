"""Public keys of clients, and what an assertion signed by one of them proves."""

import re
from collections.abc import Mapping
from datetime import datetime

import msgspec
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from contracts.http import tokens as bodies
from services.members.errors import ClientIsNotProven, KeyIsNotAdmitted
from services.members.model.persons import PERSON
from services.members.model.rows import Client

ASSERTION_SECONDS_MAX = 300
LEEWAY_SECONDS = 5
JTI_CHARS_MAX = 200
CLIENT_ID = "^[a-z0-9][a-z0-9._-]{0,99}$"
_SUBJECT = f"{CLIENT_ID}|^{PERSON}[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$"
ALGORITHMS: dict[type[OKPKey | ECKey], list[str]] = {OKPKey: ["EdDSA", "Ed25519"], ECKey: ["ES256"]}
ASSERTION_TYPES = frozenset({None, "JWT", "client-authentication+jwt"})
_NOT_PROVEN = "Client inconnu, ou assertion que n'a pas produite l'une de ses clefs."


class Assertion(msgspec.Struct, frozen=True):
    """What a client proved: its one-time mark, and when it may be forgotten (epoch seconds)."""

    jti: str
    forget_after: int


def key_of(jwk: Mapping[str, str | list[str]], *, field: str) -> OKPKey | ECKey:
    """Return the public key that a JWK writes.

    Raises:
        KeyIsNotAdmitted: it is not an Ed25519 or a P-256 key, or its point is not on its curve.
    """
    curves: dict[object, type[OKPKey | ECKey]] = {"Ed25519": OKPKey, "P-256": ECKey}
    kind = curves.get(jwk.get("crv"))
    try:
        if kind is None or kind.key_type != jwk.get("kty"):
            raise KeyIsNotAdmitted(field)
        return kind.import_key(dict(jwk))
    except (JoseError, LookupError, TypeError, ValueError) as fault:
        raise KeyIsNotAdmitted(field) from fault


def jwk_of(asked: bodies.PublicJwk, *, field: str) -> str:
    """Return a key as it is kept: its curve and its point, nothing a sender may have added.

    Raises:
        KeyIsNotAdmitted: as `key_of`.
    """
    point = {"kty": asked.kty, "crv": asked.crv, "x": asked.x, "y": asked.y}
    kept = {name: value for name, value in point.items() if value is not None}
    key_of(kept, field=field)
    return msgspec.json.encode(kept, order="deterministic").decode()


def keys_of(client: Client) -> list[OKPKey | ECKey]:
    """Return the public keys of a client, the present one first."""
    kept = [jwk for jwk in (client.jwk, client.jwk_next) if jwk is not None]
    return [key_of(msgspec.json.decode(jwk), field="jwk") for jwk in kept]


class _Claimed(msgspec.Struct):
    sub: str


def claimed_client(assertion: str) -> str:
    """Return the client, or the person, an assertion says it is from: nothing is proven yet.

    Raises:
        ClientIsNotProven: it is not a signed token that names a client.
    """
    try:
        payload = jws.extract_compact(assertion.encode()).payload
        claimed = msgspec.json.decode(payload, type=_Claimed).sub
    except (JoseError, msgspec.MsgspecError, ValueError) as fault:
        raise ClientIsNotProven(_NOT_PROVEN) from fault
    if not re.fullmatch(_SUBJECT, claimed):
        raise ClientIsNotProven(_NOT_PROVEN)
    return claimed


def prove(
    assertion: str, client: Client | None, *, audiences: frozenset[str], now: datetime
) -> Assertion:
    """Return what an assertion proves of `client`, None standing for an unknown one.

    Source: RFC 7523, sections 2.2 and 3. Every audience must be ours, so that an assertion shown
    to another server is of no use here.

    Raises:
        ClientIsNotProven: nothing is; the sentence says why once the signature is known to be
            the client's, and not before.
    """
    token = _signed_by(assertion, keys_of(client) if client else [])
    assert client is not None, "nobody signs for an unknown client"
    if token.header.get("typ") not in ASSERTION_TYPES:
        raise ClientIsNotProven("L'assertion porte un typ qui n'est pas le sien.")
    return _valid(token.claims, client.client_id, audiences, int(now.timestamp()))


def _signed_by(assertion: str, keys: list[OKPKey | ECKey]) -> jwt.Token:
    for key in keys:
        try:
            return jwt.decode(assertion, key, algorithms=ALGORITHMS[type(key)])
        except (JoseError, LookupError, TypeError, ValueError):
            continue
    raise ClientIsNotProven(_NOT_PROVEN)


def _valid(
    claims: Mapping[str, object], client_id: str, audiences: frozenset[str], now: int
) -> Assertion:
    registry = jwt.JWTClaimsRegistry(now=now, leeway=LEEWAY_SECONDS, exp={"essential": True})
    try:
        registry.validate(dict(claims))
    except JoseError as fault:
        raise ClientIsNotProven("L'assertion n'est pas valable en ce moment (exp, nbf).") from fault
    if claims.get("iss") != client_id or claims.get("sub") != client_id:
        raise ClientIsNotProven("L'assertion doit porter iss et sub, tous deux le client.")
    named = claims.get("aud")
    aimed = [named] if isinstance(named, str) else named
    if (
        not isinstance(aimed, list)
        or not aimed
        or any(one not in audiences for one in map(str, aimed))
    ):
        raise ClientIsNotProven("L'assertion vise un autre destinataire que nous seuls (aud).")
    exp, jti = claims.get("exp"), claims.get("jti")
    assert isinstance(exp, int | float), "the registry checked it"
    if exp - now > ASSERTION_SECONDS_MAX + LEEWAY_SECONDS:
        raise ClientIsNotProven("L'assertion vaut plus de cinq minutes (exp).")
    if not isinstance(jti, str) or not 0 < len(jti) <= JTI_CHARS_MAX or not jti.isprintable():
        raise ClientIsNotProven("L'assertion doit porter un jti, au plus 200 signes visibles.")
    return Assertion(jti=jti, forget_after=int(exp) + LEEWAY_SECONDS + 1)
