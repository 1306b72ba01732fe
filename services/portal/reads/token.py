"""The portal's own access token: asked of `members` with its private key, kept until near its end.

Source: RFC 7523, section 2.2 (client authentication by a signed assertion).
"""

import asyncio
import time
from pathlib import Path

import httpx
import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from contracts.http.tokens import TokenGiven
from services.chassis import ids
from services.chassis.tokens import ALGORITHM

CLIENT = "portal"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS = 60
EARLY_SECONDS = 60
"""A token is renewed this long before its end."""
SAID_CHARS_MAX = 500
PAUSE_SECONDS = 1.0
"""After a failure nobody asks again for this long, so that a page waits once and not six times."""


class NotGranted(Exception):
    """No token can be had for now; `refused` when `members` answers and denies it."""

    def __init__(self, why: str, *, refused: bool) -> None:
        """Keep why, for the log."""
        super().__init__(why)
        self.refused = refused


def load_key(path: str) -> OKPKey:
    """Return the Ed25519 private key that `path` holds as a JWK.

    Raises:
        SystemExit: there is no such file, or no such key in it; one French sentence.
    """
    try:
        key = OKPKey.import_key(
            msgspec.json.decode(Path(path).read_bytes(), type=dict[str, str | list[str]])
        )
    except (OSError, ValueError, TypeError, JoseError) as fault:
        raise SystemExit(
            f"PORTAL_CLIENT_KEY_FILE ne donne pas de clé : {path} doit contenir une clé privée "
            f"Ed25519 en JWK ({type(fault).__name__})."
        ) from None
    if not key.is_private:
        raise SystemExit(f"PORTAL_CLIENT_KEY_FILE ne donne pas de clé privée : {path}.")
    return key


class Token:
    """Gives the token of the client `portal`, renewed when needed."""

    def __init__(self, http: httpx.AsyncClient, members_url: str, key: OKPKey) -> None:
        """Keep what asking takes; nothing is asked before the first use."""
        self._http, self._url, self._key = http, f"{members_url}/v1/token", key
        self._token, self._until = "", 0.0
        self._failure: NotGranted | None = None
        self._failed_at = 0.0
        self._asking = asyncio.Lock()

    async def get(self) -> str:
        """Return a token that is good for a minute at least.

        Raises:
            NotTokenGiven: `members` is away or refuses.
        """
        async with self._asking:
            if time.monotonic() < self._until:
                return self._token
            if self._failure and time.monotonic() - self._failed_at < PAUSE_SECONDS:
                raise self._failure
            try:
                granted = await self._ask()
            except (httpx.HTTPError, msgspec.MsgspecError) as fault:
                self._failure, self._failed_at = _not_granted(fault), time.monotonic()
                raise self._failure from fault
            self._token = granted.access_token
            self._until = time.monotonic() + max(1, granted.expires_in - EARLY_SECONDS)
            return self._token

    def forget(self, token: str) -> None:
        """Ask for another one next time: a service refused this one."""
        if token == self._token:
            self._until = 0.0

    async def _ask(self) -> TokenGiven:
        answer = await self._http.post(
            self._url,
            data={
                "grant_type": "client_credentials",
                "client_assertion_type": ASSERTION_TYPE,
                "client_assertion": self._assertion(),
            },
        )
        answer.raise_for_status()
        return msgspec.json.decode(answer.content, type=TokenGiven)

    def _assertion(self) -> str:
        began = int(time.time())
        claims = {
            "iss": CLIENT,
            "sub": CLIENT,
            "aud": self._url,
            "jti": str(ids.new_id()),
            "iat": began,
            "exp": began + ASSERTION_SECONDS,
        }
        header = {"alg": ALGORITHM, "typ": "JWT", "kid": self._key.thumbprint()}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])


def _not_granted(fault: Exception) -> NotGranted:
    if isinstance(fault, httpx.HTTPStatusError) and fault.response.is_client_error:
        said = f"{fault.response.status_code} {fault.response.text[:SAID_CHARS_MAX]}"
        return NotGranted(said, refused=True)
    return NotGranted(str(fault) or type(fault).__name__, refused=False)
