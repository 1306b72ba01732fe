"""The HTTP face of the exchange for a partner's system: access tokens, and how things stand."""

import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from joserfc import jwt

from contracts.partner import keys
from contracts.partner.client import NotKept

ANSWER_SECONDS = 10.0
ASSERTION_SECONDS = 120
AUDIENCE = "urn:ctin:token"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def access_token(members: str, folder: Path, client: str) -> str:
    """Return an access token for `client`, by an assertion signed with the folder's key.

    Raises:
        NotKept: there is no key, the service is away, or it refuses.
    """
    try:
        key = keys.http_key(folder)
    except FileNotFoundError:
        raise NotKept(
            f"{folder} n'a pas de clé HTTP ; faites-en une par « ctin partner keys new »."
        ) from None
    now = int(time.time())
    claims = {
        "iss": client,
        "sub": client,
        "aud": AUDIENCE,
        "jti": str(uuid4()),
        "iat": now,
        "exp": now + ASSERTION_SECONDS,
    }
    assertion = jwt.encode({"alg": "EdDSA"}, claims, key, algorithms=["EdDSA"])
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION,
        "client_assertion": assertion,
    }
    return str(_asked(members, "POST", "/v1/token", data=form)["access_token"])


def status(exchange: str, token: str, institution: str, coordination: str) -> dict[str, Any]:
    """Return how the exchange of an institution goes in a coordination.

    Raises:
        NotKept: the service is away, or refuses.
    """
    headers = {"Authorization": f"Bearer {token}"}
    found = _asked(exchange, "GET", f"/v1/partners/{institution}/status", headers=headers)
    path = f"/v1/coordinations/{coordination}/exchanges"
    return {**found, "exchanges": _asked(exchange, "GET", path, headers=headers)}


def _asked(url: str, verb: str, path: str, **options: Any) -> dict[str, Any]:
    try:
        with httpx.Client(timeout=ANSWER_SECONDS, trust_env=False) as client:
            answer = client.request(verb, f"{url.rstrip('/')}{path}", **options)
        document: dict[str, Any] = answer.json()
    except (httpx.HTTPError, ValueError):
        raise NotKept(f"{url} ne répond pas ; relancez la même commande.") from None
    if not answer.is_success:
        told = document.get("detail") or document.get("error_description") or answer.status_code
        raise NotKept(f"{url} refuse : {told}")
    return document
