"""Tokens of persons: roles from rights and from the seats of the day, and nothing for a forger."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from uuid import uuid4

import pytest
from joserfc.jwk import ECKey, OKPKey

from services.chassis.tokens import Verifier
from tests.integration.members.people import AUDIENCE, assertion, refusal

STRANGER = OKPKey.generate_key("Ed25519")
TODAY = (0, 0)


async def caller_of(people, published_keys, subject, key, **more):
    answer = await people.token(subject, key, **more)
    assert answer.status_code == 200, answer.text
    return await Verifier(published_keys.url).caller(answer.json()["access_token"])


@pytest.mark.parametrize(
    ("seat", "roles"),
    [
        ({"rank": "HOLDER"}, ["member"]),
        ({"rank": "HOLDER", "kind": "ELECTED"}, ["elected", "member"]),
        ({"rank": "SUBSTITUTE", "kind": "ELECTED"}, ["elected"]),
        ({"rank": "HOLDER", "days": TODAY}, ["member"]),
    ],
)
async def test_a_seat_of_the_day_gives_its_roles_for_its_organisation(
    people, published_keys, seat, roles
):
    person, subject, key = await people.enrolled()
    organization = f"o-{uuid4().hex[:8]}"
    await people.seat(person, await people.member(organization), **seat)

    caller = await caller_of(people, published_keys, subject, key)

    assert (caller.organization, caller.roles) == (organization, roles)


@pytest.mark.parametrize(
    ("seat", "state"),
    [
        ({"days": (-30, -1)}, "CONFIRMED"),
        ({"days": (1, None)}, "CONFIRMED"),
        ({"rank": "SUBSTITUTE"}, "CONFIRMED"),
        ({"rank": "HOLDER"}, "WITHDRAWN"),
    ],
)
async def test_what_is_no_seat_of_the_day_gives_no_token(people, seat, state):
    person, subject, key = await people.enrolled()
    member = await people.member(f"o-{uuid4().hex[:8]}", state=state)
    await people.seat(person, member, **seat)

    answer = await people.token(subject, key)

    assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")
    said = answer.json()["error_description"]
    assert said == "Cette personne n'a pas de droit ni de mandat en cours ici."


async def test_rights_end_with_the_mandate(people, pool):
    person, subject, key = await people.enrolled()
    await people.seat(person, await people.member(f"o-{uuid4().hex[:8]}"))
    assert (await people.token(subject, key)).status_code == 200

    over = "UPDATE seats SET valid_until = '2026-01-01', valid_from = '2025-01-01'"
    await pool.execute(f"{over} WHERE person_id = $1", person)

    assert (await people.token(subject, key)).json()["error"] == "unauthorized_client"


async def test_rights_and_seats_add_up_for_one_organisation(people, published_keys):
    person, subject, key = await people.enrolled("funder", "observer", organization="etat")
    await people.seat(person, await people.member("o-adds"))

    async def ask(**more):
        return await caller_of(people, published_keys, subject, key, **more)

    state, seat = await ask(organization="etat"), await ask(organization="o-adds")
    other = await people.token(subject, key, organization="la-poste")

    assert (state.organization, state.roles) == ("etat", ["funder", "observer"])
    assert (seat.organization, seat.roles) == ("o-adds", ["member"])
    assert (await people.token(subject, key)).json() == {
        "error": "invalid_request",
        "error_description": "Cette personne agit pour plusieurs organismes : nommez-en un.",
    }
    assert other.json()["error"] == "invalid_scope"


async def test_a_scope_narrows_the_roles_of_a_person_and_never_widens_them(people):
    _, subject, key = await people.enrolled("observer", "referrer")

    narrowed = await people.token(subject, key, scope="observer")
    widened = await people.token(subject, key, scope="operator")

    assert narrowed.json()["scope"] == "observer"
    assert (widened.status_code, widened.json()["error"]) == (400, "invalid_scope")


async def test_a_person_enters_its_coordination_and_no_other(people):
    _, subject, key = await people.enrolled("secretary")
    headers = await people.bearing(subject, key)

    own = await people.ask("GET", f"{people.base}/members", headers=headers)
    other = await people.ask("GET", "/v1/coordinations/elsewhere/members", headers=headers)

    assert own.status_code == 200
    assert refusal(other)[:2] == (403, "E_ROLE")


def by_hand(header, claims, signature=b""):
    def part(value):
        raw = value if isinstance(value, bytes) else json.dumps(value).encode()
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    return f"{part(header)}.{part(claims)}.{part(signature)}"


def claims(subject, **changed):
    now = int(time.time())
    named = {"iss": subject, "sub": subject, "aud": AUDIENCE}
    return {**named, "exp": now + 60, "iat": now, "jti": str(uuid4()), **changed}


def hashed_with_the_public_key(subject, key):
    unsigned = by_hand({"alg": "HS256"}, claims(subject)).rpartition(".")[0]
    secret = base64.urlsafe_b64decode(key.as_dict(private=False)["x"] + "=")
    mac = hmac.new(secret, unsigned.encode(), hashlib.sha256).digest()
    return f"{unsigned}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def changed_after_signing(subject, key):
    header, _, signature = assertion(subject, key).split(".")
    other = by_hand({}, claims(subject, jti="other")).split(".")[1]
    return f"{header}.{other}.{signature}"


def signature_of_another(subject, key):
    head = assertion(subject, key).rpartition(".")[0]
    return f"{head}.{assertion(subject, key, jti='2').rpartition('.')[2]}"


def elsewhere(subject):
    return f"urn:ctin:person:{uuid4()}" + subject[:0]


FORGED = {
    "alg none": lambda s, _: by_hand({"alg": "none"}, claims(s)),
    "alg NONE": lambda s, _: by_hand({"alg": "NONE"}, claims(s)),
    "no alg": lambda s, _: by_hand({"typ": "JWT"}, claims(s)),
    "an alg that is a list": lambda s, _: by_hand({"alg": ["EdDSA"]}, claims(s)),
    "hmac with the public key": hashed_with_the_public_key,
    "another key": lambda s, _: assertion(s, STRANGER),
    "a P-256 key": lambda s, _: assertion(s, ECKey.generate_key("P-256")),
    "its own key in the header": lambda s, _: assertion(
        s, STRANGER, header={"jwk": STRANGER.as_dict(private=False)}
    ),
    "its key by address": lambda s, _: assertion(s, STRANGER, header={"jku": "http://x.test/k"}),
    "our name for its key": lambda s, k: assertion(s, STRANGER, header={"kid": k.thumbprint()}),
    "an empty signature": lambda s, _: by_hand({"alg": "EdDSA"}, claims(s)),
    "a signature of zeros": lambda s, _: by_hand({"alg": "EdDSA"}, claims(s), bytes(64)),
    "ES256 of zeros": lambda s, _: by_hand({"alg": "ES256"}, claims(s), bytes(64)),
    "signature cut": lambda s, k: assertion(s, k)[:-4],
    "signature of another": signature_of_another,
    "claims changed after signing": changed_after_signing,
    "a critical header": lambda s, _: by_hand({"alg": "EdDSA", "crit": ["x"], "x": 1}, claims(s)),
    "an access token": lambda s, k: assertion(s, k, header={"typ": "at+jwt"}),
    "an identity token": lambda s, k: assertion(s, k, header={"typ": "id+jwt"}),
    "another audience": lambda s, k: assertion(s, k, aud="https://elsewhere.test/token"),
    "the audience of services": lambda s, k: assertion(s, k, aud="urn:ctin:services"),
    "one audience more": lambda s, k: assertion(s, k, aud=[AUDIENCE, "https://elsewhere.test"]),
    "no audience": lambda s, k: assertion(s, k, aud=None),
    "an empty audience": lambda s, k: assertion(s, k, aud=[]),
    "expired": lambda s, k: assertion(s, k, exp=int(time.time()) - 10),
    "far": lambda s, k: assertion(s, k, exp=int(time.time()) + 600),
    "endless": lambda s, k: assertion(s, k, exp=10**300),
    "no expiry": lambda s, k: assertion(s, k, exp=None),
    "expiry in words": lambda s, k: assertion(s, k, exp="demain"),
    "not yet valid": lambda s, k: assertion(s, k, nbf=int(time.time()) + 60),
    "issued tomorrow": lambda s, k: assertion(s, k, iat=int(time.time()) + 86_400),
    "no jti": lambda s, k: assertion(s, k, jti=None),
    "an empty jti": lambda s, k: assertion(s, k, jti=""),
    "a number as jti": lambda s, k: assertion(s, k, jti=7),
    "a long jti": lambda s, k: assertion(s, k, jti="x" * 201),
    "another issuer": lambda s, k: assertion(s, k, iss="someone"),
    "no issuer": lambda s, k: assertion(s, k, iss=None),
    "another person as issuer": lambda s, k: assertion(s, k, iss=elsewhere(s)),
    "another person": lambda s, k: assertion(elsewhere(s), k),
    "a person in capitals": lambda s, k: assertion(s.upper(), k),
    "a person with an end": lambda s, k: assertion(f"{s}\n", k),
    "a person within another": lambda s, k: assertion(f"x{s}", k),
    "the bare id": lambda s, k: assertion(s.rpartition(":")[2], k),
    "the beginning alone": lambda _, k: assertion("urn:ctin:person:", k),
    "no subject": lambda s, k: assertion(s, k, sub=None),
    "claims that are a list": lambda *_: by_hand({"alg": "EdDSA"}, [1, 2]),
    "claims that are not JSON": lambda *_: by_hand({"alg": "EdDSA"}, b"\xff"),
    "nothing": lambda *_: "",
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
async def test_a_forged_assertion_is_no_persons(people, forge):
    _, subject, key = await people.enrolled("observer")
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": forge(subject, key),
    }

    answer = await people.http.post("/v1/token", data=form)

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_an_assertion_of_a_person_serves_once(people):
    _, subject, key = await people.enrolled("observer")
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": assertion(subject, key),
    }

    answers = await asyncio.gather(*(people.http.post("/v1/token", data=form) for _ in range(10)))

    assert sorted(answer.status_code for answer in answers) == [200, *[401] * 9]


async def test_no_system_takes_the_name_of_a_person(people, bearer):
    _, subject, _ = await people.enrolled("observer")
    asked = {
        "coordination": people.coordination,
        "roles": ["operator"],
        "jwk": STRANGER.as_dict(private=False),
    }

    answer = await people.http.put(f"/v1/clients/{subject}", json=asked, headers=bearer())

    assert answer.status_code == 400
    assert (await people.token(subject, STRANGER)).status_code == 401
