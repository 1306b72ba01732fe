"""The token endpoint: a system proves who it is with a signed assertion, once."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from uuid import uuid4

import pytest
from joserfc import jwe, jws, jwt
from joserfc.jwk import ECKey, OKPKey

from services.chassis.tokens import Verifier

AUDIENCE = "https://membres.test/v1/token"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
OAUTH_CHARACTERS = {chr(code) for code in range(0x20, 0x7F)} - {'"', "\\"}
KEY = OKPKey.generate_key("Ed25519")
NEXT_KEY = ECKey.generate_key("P-256")
STRANGER = OKPKey.generate_key("Ed25519")


def public(key):
    return key.as_dict(private=False)


@pytest.fixture
async def client(http, bearer, coordination):
    """A registered system with an Ed25519 key and, next, a P-256 one."""
    name = f"caf-31.{uuid4().hex[:12]}"
    asked = {
        "coordination": coordination,
        "organization": "caf-31",
        "roles": ["institution", "data_officer"],
        "jwk": public(KEY),
        "jwk_next": public(NEXT_KEY),
    }
    answer = await http.put(f"/v1/clients/{name}", json=asked, headers=bearer())
    assert answer.status_code == 200, answer.text
    assert answer.json()["thumbprints"] == [KEY.thumbprint(), NEXT_KEY.thumbprint()]
    return name


def claims_of(client, **changed):
    """Return the claims of a good assertion, changed; None takes a claim away."""
    claims = {
        "iss": client,
        "sub": client,
        "aud": AUDIENCE,
        "exp": int(time.time()) + 120,
        "iat": int(time.time()),
        "jti": str(uuid4()),
        **changed,
    }
    return {name: value for name, value in claims.items() if value is not None}


def signed(client, *, key=KEY, alg="EdDSA", header=None, **changed):
    return jwt.encode(
        {"alg": alg, **(header or {})}, claims_of(client, **changed), key, algorithms=[alg]
    )


def written(header, claims, signature=b""):
    """Return a compact token put together by hand, as a forger would."""

    def part(value):
        raw = value if isinstance(value, bytes) else json.dumps(value).encode()
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    return f"{part(header)}.{part(claims)}.{part(signature)}"


def hashed_with_the_public_key(client):
    """The classic confusion: the public key, which everyone has, used as an HMAC secret."""
    unsigned = written({"alg": "HS256"}, claims_of(client)).rpartition(".")[0]
    secret = base64.urlsafe_b64decode(public(KEY)["x"] + "=")
    mac = hmac.new(secret, unsigned.encode(), hashlib.sha256).digest()
    return f"{unsigned}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def encrypted(client):
    claims = json.dumps(claims_of(client)).encode()
    header = {"alg": "ECDH-ES", "enc": "A128GCM"}
    return jwe.encrypt_compact(header, claims, NEXT_KEY, algorithms=["ECDH-ES", "A128GCM"])


def half_a_character(client):
    claims = json.dumps(claims_of(client, jti="\ud800")).encode()
    return jws.serialize_compact({"alg": "EdDSA"}, claims, KEY, algorithms=["EdDSA"])


def changed_after_signing(client):
    header, _, signature = signed(client).split(".")
    other = written({}, claims_of(client, jti="other")).split(".")[1]
    return f"{header}.{other}.{signature}"


async def ask(http, assertion, **changed):
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion,
        **changed,
    }
    return await http.post("/v1/token", data=form)


def must_be_denied(answer, error, status):
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert set(answer.json()) == {"error", "error_description"}
    assert set(answer.json()["error_description"]) <= OAUTH_CHARACTERS
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"alg": "Ed25519"},
        {"key": NEXT_KEY, "alg": "ES256"},
        {"header": {"typ": "client-authentication+jwt", "kid": "mine"}},
        {"aud": [AUDIENCE]},
        {"aud": "urn:ctin:token"},
        {"aud": ["urn:ctin:token", AUDIENCE]},
        {"iat": None},
    ],
)
async def test_a_good_assertion_gets_a_token_for_its_client(
    http, client, coordination, published_keys, how
):
    answer = await ask(http, signed(client, **how))

    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    given = answer.json()
    assert (given["token_type"], given["expires_in"]) == ("Bearer", 300)
    assert given["scope"] == "data_officer institution"
    caller = await Verifier(published_keys.url).caller(given["access_token"])
    assert (caller.sub, caller.coordination, caller.organization) == (
        client,
        coordination,
        "caf-31",
    )
    assert caller.roles == ["data_officer", "institution"]


async def test_the_token_opens_the_routes_of_its_roles_in_its_coordination(
    http, client, coordination
):
    token = (await ask(http, signed(client))).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}

    own = await http.get(f"/v1/coordinations/{coordination}/members", headers=headers)
    anothers = await http.get("/v1/coordinations/elsewhere/members", headers=headers)
    write = await http.post(f"/v1/coordinations/{coordination}/members", json={}, headers=headers)

    assert (own.status_code, anothers.status_code, write.status_code) == (200, 403, 403)


async def test_a_scope_narrows_the_roles(http, client, published_keys):
    answer = await ask(http, signed(client), scope="institution")

    assert answer.json()["scope"] == "institution"
    caller = await Verifier(published_keys.url).caller(answer.json()["access_token"])
    assert caller.roles == ["institution"]


async def test_a_scope_never_widens_the_roles(http, client):
    must_be_denied(await ask(http, signed(client), scope="operator"), "invalid_scope", 400)


FORGED = {
    "alg none": lambda c: written({"alg": "none"}, claims_of(c)),
    "alg None": lambda c: written({"alg": "None"}, claims_of(c)),
    "no alg": lambda c: written({"typ": "JWT"}, claims_of(c)),
    "hmac with the public key": hashed_with_the_public_key,
    "another key": lambda c: signed(c, key=STRANGER),
    "another P-256 key": lambda c: signed(c, key=ECKey.generate_key("P-256"), alg="ES256"),
    "its own key in the header": lambda c: signed(
        c, key=STRANGER, header={"jwk": public(STRANGER)}
    ),
    "an empty signature": lambda c: written({"alg": "EdDSA"}, claims_of(c)),
    "a signature of zeros": lambda c: written({"alg": "EdDSA"}, claims_of(c), bytes(64)),
    "ES256 of zeros": lambda c: written({"alg": "ES256"}, claims_of(c), bytes(64)),
    "claims changed after signing": changed_after_signing,
    "encrypted for us": encrypted,
    "a critical header": lambda c: written({"alg": "EdDSA", "crit": ["x"], "x": 1}, claims_of(c)),
    "an access token": lambda c: signed(c, header={"typ": "at+jwt"}),
    "another audience": lambda c: signed(c, aud="https://elsewhere.test/token"),
    "the audience of services": lambda c: signed(c, aud="urn:ctin:services"),
    "one audience more": lambda c: signed(c, aud=[AUDIENCE, "https://elsewhere.test/token"]),
    "no audience": lambda c: signed(c, aud=None),
    "an empty audience": lambda c: signed(c, aud=[]),
    "an audience that is a number": lambda c: signed(c, aud=[1]),
    "expired": lambda c: signed(c, exp=int(time.time()) - 10),
    "far": lambda c: signed(c, exp=int(time.time()) + 600),
    "very far": lambda c: signed(c, exp=10**300),
    "endless": lambda c: signed(c, exp=float("inf")),
    "not a time": lambda c: signed(c, exp=float("nan")),
    "no expiry": lambda c: signed(c, exp=None),
    "expiry in words": lambda c: signed(c, exp="demain"),
    "not yet valid": lambda c: signed(c, nbf=int(time.time()) + 60),
    "issued tomorrow": lambda c: signed(c, iat=int(time.time()) + 86_400),
    "no jti": lambda c: signed(c, jti=None),
    "an empty jti": lambda c: signed(c, jti=""),
    "a number as jti": lambda c: signed(c, jti=7),
    "a jti with a NUL": lambda c: signed(c, jti="a\0b"),
    "a jti of half a character": half_a_character,
    "a long jti": lambda c: signed(c, jti="x" * 201),
    "another issuer": lambda c: signed(c, iss="someone"),
    "no issuer": lambda c: signed(c, iss=None),
    "no subject": lambda c: signed(c, sub=None),
    "a subject with a NUL": lambda c: signed(c, sub="a\0b"),
    "an unknown client": lambda _: signed("nobody"),
    "claims that are a list": lambda _: written({"alg": "EdDSA"}, [1, 2]),
    "claims that are not JSON": lambda _: written({"alg": "EdDSA"}, b"\xff"),
    "two parts": lambda c: signed(c).rpartition(".")[0],
    "not a token": lambda _: "jeton",
    "another script": lambda _: "é.è.à",
    "nothing": lambda _: "",
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
async def test_a_forged_or_misaddressed_assertion_gets_nothing(http, client, forge):
    must_be_denied(await ask(http, forge(client)), "invalid_client", 401)


async def test_an_assertion_serves_once(http, client):
    assertion = signed(client)

    answers = await asyncio.gather(*(ask(http, assertion) for _ in range(10)))

    assert sorted(answer.status_code for answer in answers) == [200, *[401] * 9]
    must_be_denied(await ask(http, assertion), "invalid_client", 401)


async def test_two_clients_may_choose_the_same_jti(http, bearer, client, coordination):
    other = f"la-poste.{uuid4().hex[:12]}"
    asked = {"coordination": coordination, "roles": ["institution"], "jwk": public(STRANGER)}
    await http.put(f"/v1/clients/{other}", json=asked, headers=bearer())
    jti = str(uuid4())

    first = await ask(http, signed(client, jti=jti))
    second = await ask(http, signed(other, key=STRANGER, jti=jti))

    assert (first.status_code, second.status_code) == (200, 200)


async def test_one_client_does_not_sign_for_another(http, bearer, client, coordination):
    other = f"la-poste.{uuid4().hex[:12]}"
    asked = {"coordination": coordination, "roles": ["institution"], "jwk": public(STRANGER)}
    await http.put(f"/v1/clients/{other}", json=asked, headers=bearer())

    must_be_denied(await ask(http, signed(client, key=STRANGER)), "invalid_client", 401)
    must_be_denied(await ask(http, signed(client, sub=other)), "invalid_client", 401)


async def test_a_key_that_was_rotated_away_proves_nothing(http, bearer, client, coordination):
    asked = {"coordination": coordination, "roles": ["institution"], "jwk": public(NEXT_KEY)}
    await http.put(f"/v1/clients/{client}", json=asked, headers=bearer())

    must_be_denied(await ask(http, signed(client)), "invalid_client", 401)
    assert (await ask(http, signed(client, key=NEXT_KEY, alg="ES256"))).status_code == 200


async def test_assertions_that_are_over_are_forgotten(http, client, pool):
    old = "INSERT INTO assertions (client_id, jti, expires_at) VALUES ($1, 'old', $2::timestamptz)"
    await pool.execute(old.replace("$2::timestamptz", "now() - interval '1 hour'"), client)

    await ask(http, signed(client, jti="young"))

    kept = await pool.fetch("SELECT jti FROM assertions WHERE client_id = $1", client)
    assert [row["jti"] for row in kept] == ["young"]


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"client_assertion_type": "urn:other"}, "invalid_request"),
        ({"client_id": "someone-else"}, "invalid_request"),
        ({"grant_type": ["client_credentials", "client_credentials"]}, "invalid_request"),
        ({"client_assertion": "x" * 9000}, "invalid_request"),
    ],
)
async def test_a_request_of_another_form_is_told_what_is_wrong(http, client, changed, error):
    must_be_denied(await ask(http, signed(client), **changed), error, 400)


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {}},
        {"json": {"grant_type": "client_credentials"}},
        {
            "content": b"\xff\xfe=%ff",
            "headers": {"Content-Type": "application/x-www-form-urlencoded"},
        },
    ],
)
async def test_a_body_that_is_no_form_is_told_what_is_wrong(http, sent):
    must_be_denied(await http.post("/v1/token", **sent), "invalid_request", 400)


@pytest.mark.parametrize(
    "jwk",
    [
        KEY.as_dict(private=True),
        {"kty": "oct", "k": "c2VjcmV0"},
        {"kty": "OKP", "crv": "X25519", "x": "A" * 43},
        {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43},
        {"kty": "EC", "crv": "P-256", "x": "A" * 43},
        {"kty": "EC", "crv": "Ed25519", "x": public(KEY)["x"]},
        {"kty": "OKP", "crv": "Ed25519", "x": "short"},
    ],
)
async def test_only_a_sound_public_key_is_registered(http, bearer, coordination, jwk):
    asked = {"coordination": coordination, "roles": ["institution"], "jwk": jwk}

    answer = await http.put(f"/v1/clients/c-{uuid4().hex}", json=asked, headers=bearer())

    assert answer.status_code in {400, 422}
    assert answer.json()["code"] in {"E_FIELD", "E_KEY"}
    assert answer.json()["errors"][0]["field"].startswith("jwk")


async def test_a_client_stays_in_its_coordination(http, bearer, client):
    asked = {"coordination": "*", "roles": ["operator"], "jwk": public(STRANGER)}

    own = await http.put(
        f"/v1/clients/{client}", json=asked, headers=bearer("operator", "elsewhere")
    )
    everyones = await http.put(f"/v1/clients/{client}", json=asked, headers=bearer())

    assert own.status_code == 403
    assert (everyones.status_code, everyones.json()["code"]) == (409, "E_DIFFERS")


async def test_only_an_operator_registers_clients(http, bearer, coordination):
    asked = {"coordination": coordination, "roles": ["operator"], "jwk": public(STRANGER)}

    answer = await http.put(
        f"/v1/clients/c-{uuid4().hex}", json=asked, headers=bearer("coordinator", coordination)
    )

    assert answer.status_code == 403
