"""Access tokens: who is calling, for which coordination, with which roles. Checked by each service.

Only EdDSA over Ed25519, named at every call; keys come from the one published set.
"""

import asyncio
import time
import warnings
from datetime import datetime, timedelta
from typing import Annotated

import httpx
import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey
from msgspec import Meta

from contracts import transport
from services.chassis.errors import Unavailable

ALGORITHM = "EdDSA"
AUDIENCE = "urn:ctin:services"
ISSUER = "urn:ctin:tokens"
MINUTES_VALID = 10
KEYS_SECONDS = 300
KEYS_SECONDS_MIN = 2
LEEWAY_SECONDS = 5
TOKEN_CHARS_MAX = 4096
CHECKED_MAX = 1_000
"""Tokens remembered as good; a signature costs more to check than the rest of a short request."""
EVERY_COORDINATION = "*"
# RFC 9864 names the curve in the algorithm; what partners' libraries read today is `EdDSA`.
warnings.filterwarnings("ignore", message="EdDSA is deprecated via RFC 9864")


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Who a token speaks for. `coordination` is a slug, or `*` for an operator of all.

    A `derived` token was given against another one, and gives no further one. `iat` is when the
    token was given, in seconds; whoever mints one says it anew.
    """

    sub: Annotated[str, Meta(max_length=120)]
    coordination: Annotated[str, Meta(max_length=60)]
    organization: Annotated[str, Meta(max_length=60)] | None = None
    roles: Annotated[list[str], Meta(max_length=20)] = []
    acr: str = "demo"
    derived: bool = False
    iat: int = 0

    def may_enter(self, coordination: str) -> bool:
        """Tell whether the token is for this coordination."""
        return self.coordination in {coordination, EVERY_COORDINATION}


class Forged(Exception):
    """A token that nobody here gave, or that is over."""


def mint(
    key: OKPKey, caller: Caller, *, now: datetime, minutes: float = MINUTES_VALID, jti: str
) -> str:
    """Return a signed access token for `caller`, valid from `now` for `minutes`."""
    claims = {
        **msgspec.to_builtins(caller),
        "iss": ISSUER,
        "aud": AUDIENCE,
        "iat": int(now.timestamp()),
        "exp": int((now + timedelta(minutes=minutes)).timestamp()),
        "jti": jti,
    }
    header = {"alg": ALGORITHM, "typ": "at+jwt", "kid": key.thumbprint()}
    return jwt.encode(header, claims, key, algorithms=[ALGORITHM])


class Verifier:
    """Checks tokens against the published keys, which it reads again when one is unknown."""

    def __init__(self, jwks_url: str, *, ca_file: str | None = None) -> None:
        """Keep where the keys are; they are read at the first token."""
        self._url, self._ca_file = jwks_url, ca_file
        self._keys: KeySet | None = None
        self._checked: dict[str, tuple[Caller, float]] = {}
        """Tokens found good with the keys of now, and when each is over."""
        self._tried_at = 0.0
        self._reading = asyncio.Lock()

    async def caller(self, token: str) -> Caller:
        """Return who `token` speaks for.

        Raises:
            Forged: it is malformed, signed by another key, over, or meant for someone else.
            Unavailable: the keys were never read and cannot be now.
        """
        if len(token) > TOKEN_CHARS_MAX:
            raise Forged
        keys = await self._known(KEYS_SECONDS)
        kept = self._checked.get(token)
        if kept is not None and time.time() < kept[1]:
            return kept[0]
        try:
            found = _checked(token, keys)
        except Forged:
            fresh = await self._known(KEYS_SECONDS_MIN)
            if fresh is keys:
                raise
            found = _checked(token, fresh)
        if len(self._checked) >= CHECKED_MAX:
            self._checked.clear()
        self._checked[token] = found
        return found[0]

    async def _known(self, seconds_max: float) -> KeySet:
        async with self._reading:
            if self._keys and time.monotonic() - self._tried_at < seconds_max:
                return self._keys
            self._tried_at = time.monotonic()
            try:
                trust = transport.trusting(self._ca_file)
                async with httpx.AsyncClient(timeout=3, trust_env=False, verify=trust) as client:
                    answer = await client.get(self._url)
                    answer.raise_for_status()
                    self._keys = KeySet.import_key_set(answer.json())
                    self._checked.clear()  # A key that was withdrawn opens nothing any more.
            except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError) as fault:
                if self._keys is None:
                    raise Unavailable("Les clés des jetons sont injoignables.") from fault
            return self._keys


def _checked(token: str, keys: KeySet) -> tuple[Caller, float]:
    """Return who a token speaks for, and the instant after which it does not."""
    try:
        decoded = jwt.decode(token, keys, algorithms=[ALGORITHM])
        registry = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True},
            iat={"essential": True},
        )
        registry.validate(decoded.claims)
        if decoded.header.get("typ") != "at+jwt":
            raise Forged
        return msgspec.convert(decoded.claims, Caller), decoded.claims["exp"] + LEEWAY_SECONDS
    except (JoseError, ValueError, TypeError, KeyError) as fault:
        raise Forged from fault
