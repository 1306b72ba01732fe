"""Join the exchange from a developer's machine: keys made here, a registration, access tokens.

Private keys are written in files that their owner alone reads, and never sent.
"""

import os
import time
import warnings
from pathlib import Path
from uuid import uuid4

import httpx
import msgspec
import nkeys
from joserfc import jwt
from joserfc.jwk import OKPKey

from contracts import transport
from contracts.http.exchange.access import Registered
from contracts.http.tokens import TokenGiven
from contracts.partner.credentials import Credentials

PRIVATE = 0o600
SEED, JWK = "seed.nk", "client.jwk"
ASSERTION_SECONDS = 60
ASKED_SECONDS_MAX = 10.0
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# RFC 9864 names the curve in the algorithm; what servers read today is `EdDSA`.
warnings.filterwarnings("ignore", message="EdDSA is deprecated via RFC 9864")


class NotJoined(Exception):
    """The exchange or the tokens' service refused or is away; the message says why, in French."""


def ask(
    method: str, url: str, *, token: str | None = None, ca_file: str = "", **options: object
) -> bytes:
    """Return the body of an answer.

    Raises:
        NotJoined: it is a refusal, whose sentence is quoted, or nobody answers.
    """
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        answer = httpx.request(
            method,
            url,
            headers=headers,
            timeout=ASKED_SECONDS_MAX,
            verify=transport.trusting(ca_file),
            **options,  # type: ignore[arg-type]
        )
    except httpx.HTTPError as fault:
        if reason := transport.why(fault):
            raise NotJoined(f"On ne peut se fier à {url} : {reason}.") from fault
        raise NotJoined(f"{url} ne répond pas : {fault}") from fault
    if not answer.is_success:
        raise NotJoined(_sentence(answer))
    return answer.content


def _sentence(answer: httpx.Response) -> str:
    try:
        told = answer.json()
        return str(told.get("detail") or told.get("error_description") or answer.text)
    except ValueError:
        return f"{answer.url} a répondu {answer.status_code}."


def _private_file(path: Path, text: str) -> Path:
    """Write a secret once; one that is there is kept."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    return path


def make_keys(folder: Path) -> tuple[Path, Path]:
    """Return the files of an NKey seed and of a JWK, made when they are not there."""
    seed: bytes = nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER)
    key = OKPKey.generate_key("Ed25519").as_dict(private=True)
    return (
        _private_file(folder / SEED, seed.decode() + "\n"),
        _private_file(folder / JWK, msgspec.json.encode(key).decode() + "\n"),
    )


def public_nkey(seed_file: Path) -> str:
    """Return the public key of an NKey seed."""
    seed = seed_file.read_text(encoding="utf-8").strip()
    key: bytes = nkeys.from_seed(bytearray(seed.encode())).public_key
    return key.decode()


def client_key(path: Path) -> OKPKey:
    """Return the private key that signs assertions."""
    return OKPKey.import_key(msgspec.json.decode(path.read_bytes()))


def register(folder: Path, *, exchange_url: str, code: str, ca_file: str = "") -> Credentials:
    """Register the keys of a folder by an invitation's code, and write `partner.json` beside them.

    Raises:
        NotJoined: the code opens nothing, or a key is refused.
    """
    seed_file, key_file = make_keys(folder)
    body = {
        "code": code,
        "nkeys": [public_nkey(seed_file)],
        "jwks": [client_key(key_file).as_dict(private=False)],
    }
    answer = ask("POST", f"{exchange_url}/v1/registrations", json=body, ca_file=ca_file)
    told = msgspec.json.decode(answer, type=Registered)
    document = {
        "institution": told.institution,
        "coordination": told.sandbox,
        "nats_url": told.nats_url,
        "nkey_seed_file": str(seed_file.resolve()),
        "inbox_prefix": told.inbox_prefix,
        "stream": told.stream,
        "durables": told.durables,
        "exchange_url": exchange_url,
        "token_url": told.token_url,
        "client_key_file": str(key_file.resolve()),
        "agreement": str(told.sandbox_agreement),
        "communes": told.sandbox_communes,
    }
    if ca_file:
        document["ca_file"] = str(Path(ca_file).resolve())
    text = msgspec.json.format(msgspec.json.encode(document), indent=1)
    (folder / "partner.json").write_bytes(text + b"\n")
    return msgspec.convert(document, Credentials)


def assertion(client: str, token_url: str, key: OKPKey) -> str:
    """Return what a system signs to get a token: it serves once, for a minute."""
    at = int(time.time())
    claims = {
        "iss": client,
        "sub": client,
        "aud": token_url,
        "iat": at,
        "exp": at + ASSERTION_SECONDS,
        "jti": str(uuid4()),
    }
    header = {"alg": "EdDSA", "typ": "client-authentication+jwt", "kid": key.thumbprint()}
    return jwt.encode(header, claims, key, algorithms=["EdDSA"])


def token(own: Credentials) -> str:
    """Return an access token for the coordination of the credentials, good for five minutes.

    Raises:
        NotJoined: the key is not known there, or not any more.
    """
    client = f"{own.institution}.{own.coordination}"
    key = client_key(Path(own.client_key_file))
    return granted(client, own.token_url, key, ca_file=own.ca_file)


def granted(client: str, token_url: str, key: OKPKey, *, ca_file: str = "") -> str:
    """Return an access token for a client, by an assertion signed with its key.

    Raises:
        NotJoined: the key is not known there, or not any more.
    """
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion(client, token_url, key),
    }
    answer = ask("POST", token_url, data=form, ca_file=ca_file)
    return msgspec.json.decode(answer, type=TokenGiven).access_token
