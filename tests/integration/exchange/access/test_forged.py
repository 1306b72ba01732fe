"""Access tokens that nobody here gave open nothing: forged, altered, over, or another's."""

import base64
import hashlib
import hmac
import json
import time
from uuid import uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey

from services.chassis import ids, tokens

STRANGER = OKPKey.generate_key("Ed25519")
PATH = "/v1/partners/caf-31/keys"


def part(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def claims(**changed):
    """Return the claims of a good operator's token, changed; None takes a claim away."""
    at = int(time.time())
    found = {
        "sub": "operator@*",
        "coordination": "*",
        "organization": None,
        "roles": ["operator"],
        "acr": "demo",
        "derived": False,
        "iss": tokens.ISSUER,
        "aud": tokens.AUDIENCE,
        "iat": at,
        "exp": at + 300,
        "jti": str(uuid4()),
        **changed,
    }
    return {
        name: value for name, value in found.items() if value is not None or name == "organization"
    }


def signed(key, *, header=None, alg="EdDSA", **changed):
    whole = {"alg": alg, "typ": "at+jwt", "kid": key.thumbprint(), **(header or {})}
    whole = {name: value for name, value in whole.items() if value is not None}
    return jwt.encode(whole, claims(**changed), key, algorithms=[alg])


def by_hand(header, body, signature=b""):
    return f"{part(header)}.{part(body)}.{part(signature)}"


def of_the_public_key(key, alg="HS256"):
    """The classic confusion: the published key used as an HMAC secret."""
    unsigned = by_hand({"alg": alg, "typ": "at+jwt", "kid": key.thumbprint()}, claims())
    unsigned = unsigned.rpartition(".")[0]
    secret = base64.urlsafe_b64decode(key.as_dict(private=False)["x"] + "=")
    digest = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}[alg]
    return f"{unsigned}.{part(hmac.new(secret, unsigned.encode(), digest).digest())}"


def altered(key, **changed):
    """Other claims under a good signature."""
    header, _, signature = signed(key).split(".")
    return f"{header}.{part(claims(**changed))}.{signature}"


def other_header(key, **changed):
    """Another header over good claims and their signature."""
    _, body, signature = signed(key).split(".")
    header = {"alg": "EdDSA", "typ": "at+jwt", "kid": key.thumbprint(), **changed}
    return f"{part(header)}.{body}.{signature}"


def twice(key):
    """A claim given twice: one reader takes the first, another the last."""
    good = json.dumps(claims(roles=["observer"]))
    body = (good[:-1] + ', "roles": ["operator"]}').encode()
    header, _, signature = signed(key).split(".")
    return f"{header}.{part(body)}.{signature}"


FORGED = {
    "alg none": lambda _: by_hand({"alg": "none", "typ": "at+jwt"}, claims()),
    "alg NONE": lambda _: by_hand({"alg": "NONE", "typ": "at+jwt"}, claims()),
    "no alg": lambda _: by_hand({"typ": "at+jwt"}, claims()),
    "HS256 with the public key": of_the_public_key,
    "HS384 with the public key": lambda k: of_the_public_key(k, "HS384"),
    "HS512 with the public key": lambda k: of_the_public_key(k, "HS512"),
    "another key": lambda _: signed(STRANGER),
    "another key under our kid": lambda k: signed(STRANGER, header={"kid": k.thumbprint()}),
    "its own key in the header": lambda _: signed(
        STRANGER, header={"jwk": STRANGER.as_dict(private=False)}
    ),
    "a P-256 key": lambda _: signed(ECKey.generate_key("P-256"), alg="ES256"),
    "no signature": lambda k: signed(k).rpartition(".")[0] + ".",
    "zeros as signature": lambda k: signed(k).rpartition(".")[0] + "." + part(bytes(64)),
    "half a signature": lambda k: signed(k)[:-40],
    "claims of another role": lambda k: altered(k, roles=["operator", "service"]),
    "claims of another coordination": lambda k: altered(k, coordination="sicoval"),
    "claims of another organisation": lambda k: altered(k, organization="caf-31"),
    "claims that last longer": lambda k: altered(k, exp=int(time.time()) + 10**6),
    "claims given twice": twice,
    "a header changed": lambda k: other_header(k, cty="JWT"),
    "a critical header": lambda k: other_header(k, crit=["x"], x=1),
    "a critical b64": lambda k: other_header(k, b64=False, crit=["b64"]),
    "another typ": lambda k: signed(k, header={"typ": "JWT"}),
    "an assertion's typ": lambda k: signed(k, header={"typ": "client-authentication+jwt"}),
    "no typ": lambda k: signed(k, header={"typ": None}),
    "expired": lambda k: signed(k, exp=int(time.time()) - 60),
    "no expiry": lambda k: signed(k, exp=None),
    "expiry in words": lambda k: signed(k, exp="demain"),
    "issued tomorrow": lambda k: signed(k, iat=int(time.time()) + 86_400),
    "no issue": lambda k: signed(k, iat=None),
    "not yet": lambda k: signed(k, nbf=int(time.time()) + 600),
    "another audience": lambda k: signed(k, aud="urn:ctin:token"),
    "no audience": lambda k: signed(k, aud=None),
    "another issuer": lambda k: signed(k, iss="https://elsewhere.test"),
    "no issuer": lambda k: signed(k, iss=None),
    "no subject": lambda k: signed(k, sub=None),
    "no coordination": lambda k: signed(k, coordination=None),
    "roles as a text": lambda k: signed(k, roles="operator"),
    "a list": lambda _: by_hand({"alg": "EdDSA", "typ": "at+jwt"}, [1]),
    "bytes": lambda _: by_hand({"alg": "EdDSA", "typ": "at+jwt"}, b"\xff\xfe"),
    "too long": lambda k: signed(k, acr="x" * 5_000),
    "two parts": lambda k: ".".join(signed(k).split(".")[:2]),
    "four parts": lambda k: signed(k) + ".x",
    "five parts": lambda k: signed(k) + ".x.y",
    "not a token": lambda _: "jeton",
    "nothing": lambda _: "",
}


async def ask(edge, token):
    return await edge.http.get(PATH, headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
async def test_a_forged_token_opens_nothing(edge, forge):
    answer = await ask(edge, forge(edge.signing_key))

    assert (answer.status_code, answer.json()["code"]) == (401, "E_TOKEN")


async def test_the_same_token_unaltered_opens_what_it_should(edge):
    assert (await ask(edge, signed(edge.signing_key))).status_code == 200


async def test_a_token_is_good_until_its_end_and_not_after(edge):
    caller = tokens.Caller(sub="operator@*", coordination="*", roles=["operator"])
    for minutes, status in ((1.0, 200), (-1.0, 401)):
        token = tokens.mint(
            edge.signing_key, caller, now=ids.now(), minutes=minutes, jti=str(uuid4())
        )
        assert (await ask(edge, token)).status_code == status


def test_enough_forgeries_are_tried():
    assert len(FORGED) >= 40
