"""Access tokens: what is published of their key, and what every service's check refuses."""

import base64
import json
import time
from datetime import timedelta

import httpx
import msgspec
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey

from services.chassis import ids, tokens
from services.chassis.tokens import Caller, Forged, Verifier
from services.members.app import create_app

CALLER = Caller(sub="caf-31", coordination="sicoval", roles=["institution"])
STRANGER = OKPKey.generate_key("Ed25519")
CLAIMS = {
    **msgspec.to_builtins(CALLER),
    "iss": tokens.ISSUER,
    "aud": tokens.AUDIENCE,
}


def signed(key, *, alg="EdDSA", header=None, **changed):
    now = int(time.time())
    claims = {**CLAIMS, "iat": now, "exp": now + 600, "jti": "1", **changed}
    kept = {name: value for name, value in claims.items() if value is not None}
    full = {"alg": alg, "typ": "at+jwt", "kid": key.thumbprint(), **(header or {})}
    return jwt.encode(full, kept, key, algorithms=[alg])


def undated(caller):
    """Return who a token speaks for, whenever it was given."""
    return msgspec.structs.replace(caller, iat=0)


def unsigned(token, header):
    raw = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    return f"{raw}.{token.split('.')[1]}."


async def test_the_published_key_has_no_private_part(http, signing_key):
    answer = await http.get("/v1/jwks")

    assert answer.status_code == 200
    assert answer.json() == {
        "keys": [
            {
                "kty": "OKP",
                "crv": "Ed25519",
                "x": signing_key.as_dict(private=False)["x"],
                "kid": signing_key.thumbprint(),
                "use": "sig",
                "alg": "EdDSA",
            }
        ]
    }


async def test_a_token_is_checked_with_the_key_as_published(http, signing_key, published_keys):
    published_keys.document = (await http.get("/v1/jwks")).json()
    token = tokens.mint(signing_key, CALLER, now=ids.now(), jti="1")

    assert undated(await Verifier(published_keys.url).caller(token)) == CALLER


FORGED = {
    "another key": lambda _: signed(STRANGER),
    "another key under our name": lambda key: signed(STRANGER, header={"kid": key.thumbprint()}),
    "its own key in the header": lambda _: signed(
        STRANGER, header={"jwk": STRANGER.as_dict(private=False)}
    ),
    "ES256": lambda key: signed(
        ECKey.generate_key("P-256"), alg="ES256", header={"kid": key.thumbprint()}
    ),
    "typ JWT": lambda key: signed(key, header={"typ": "JWT"}),
    "no typ": lambda key: signed(key, header={"typ": ""}),
    "a client's assertion": lambda key: signed(key, header={"typ": "client-authentication+jwt"}),
    "another issuer": lambda key: signed(key, iss="https://elsewhere.test"),
    "no issuer": lambda key: signed(key, iss=None),
    "another audience": lambda key: signed(key, aud="urn:ctin:token"),
    "no audience": lambda key: signed(key, aud=None),
    "expired": lambda key: signed(key, exp=int(time.time()) - 10),
    "no expiry": lambda key: signed(key, exp=None),
    "no instant": lambda key: signed(key, iat=None),
    "issued tomorrow": lambda key: signed(key, iat=int(time.time()) + 86_400),
    "no coordination": lambda key: signed(key, coordination=None),
    "roles as a text": lambda key: signed(key, roles="operator"),
    "alg none": lambda key: unsigned(signed(key), {"alg": "none", "typ": "at+jwt"}),
    "signature cut": lambda key: signed(key)[:-4],
    "signature of another": lambda key: (
        signed(key).rpartition(".")[0] + "." + signed(key, jti="2").rpartition(".")[2]
    ),
    "not a token": lambda _: "jeton",
    "nothing": lambda _: "",
    "too long": lambda key: signed(key, padding="x" * 5000),
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
async def test_a_forged_access_token_is_nobodys(
    http, signing_key, published_keys, coordination, forge
):
    token = forge(signing_key)

    with pytest.raises(Forged):
        await Verifier(published_keys.url).caller(token)
    answer = await http.get(
        f"/v1/coordinations/{coordination}", headers={"Authorization": f"Bearer {token}"}
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "E_TOKEN")


async def test_a_token_is_over_after_ten_minutes(signing_key, published_keys):
    verifier = Verifier(published_keys.url)
    young = tokens.mint(signing_key, CALLER, now=ids.now() - timedelta(minutes=9), jti="1")
    old = tokens.mint(signing_key, CALLER, now=ids.now() - timedelta(minutes=10.2), jti="2")

    assert undated(await verifier.caller(young)) == CALLER
    with pytest.raises(Forged):
        await verifier.caller(old)


async def test_a_token_found_good_is_over_all_the_same(signing_key, published_keys, monkeypatch):
    verifier = Verifier(published_keys.url)
    token = tokens.mint(signing_key, CALLER, now=ids.now(), minutes=5, jti="1")
    assert undated(await verifier.caller(token)) == CALLER
    later = time.time() + 5 * 60 + tokens.LEEWAY_SECONDS + 1
    monkeypatch.setattr(time, "time", lambda: later)

    with pytest.raises(Forged):
        await verifier.caller(token)


async def test_a_token_found_good_opens_nothing_once_its_key_is_withdrawn(
    signing_key, published_keys, monkeypatch
):
    verifier = Verifier(published_keys.url)
    token = tokens.mint(signing_key, CALLER, now=ids.now(), jti="1")
    assert undated(await verifier.caller(token)) == CALLER
    stranger = {**STRANGER.as_dict(private=False), "kid": STRANGER.thumbprint()}
    monkeypatch.setattr(published_keys, "document", {"keys": [stranger]})
    monkeypatch.setattr(tokens, "KEYS_SECONDS", 0)  # Time to read the keys again.

    with pytest.raises(Forged):
        await verifier.caller(token)


async def test_tokens_remembered_are_bounded(signing_key, published_keys, monkeypatch):
    monkeypatch.setattr(tokens, "CHECKED_MAX", 3)
    verifier = Verifier(published_keys.url)

    for number in range(10):
        token = tokens.mint(signing_key, CALLER, now=ids.now(), jti=str(number))
        assert undated(await verifier.caller(token)) == CALLER

    assert len(verifier._checked) <= 3


async def test_without_a_key_the_service_says_that_it_gives_no_token(settings):
    app, _ = create_app(msgspec.structs.replace(settings, signing_key_file=None))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://membres.test") as keyless:
        answer = await keyless.get("/v1/jwks")

    assert (answer.status_code, answer.json()["code"]) == (503, "E_AWAY")


@pytest.mark.parametrize(
    "content",
    [
        "not JSON",
        "[]",
        "{}",
        json.dumps(STRANGER.as_dict(private=False)),
        json.dumps(OKPKey.generate_key("X25519").as_dict(private=True)),
        json.dumps(ECKey.generate_key("P-256").as_dict(private=True)),
    ],
)
def test_a_signing_key_of_another_kind_refuses_to_start(settings, tmp_path, content):
    (tmp_path / "key.json").write_text(content)
    named = msgspec.structs.replace(settings, signing_key_file=str(tmp_path / "key.json"))

    with pytest.raises(SystemExit, match="MEMBERS_SIGNING_KEY_FILE"):
        create_app(named)


def test_production_needs_a_signing_key(settings):
    keyless = msgspec.structs.replace(settings, signing_key_file=None, production=True)

    with pytest.raises(SystemExit, match="MEMBERS_SIGNING_KEY_FILE"):
        create_app(keyless)
