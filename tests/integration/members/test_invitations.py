"""Invitations: rights that wait for a person to prove who it is, once."""

import asyncio
import hashlib
from uuid import uuid4

import pytest
from joserfc.jwk import ECKey, OKPKey

from services.chassis.tokens import Verifier
from tests.integration.members.people import refusal

CODE = "Ce code n'ouvre rien ; vérifiez-le ou demandez une autre invitation."
USED = "Ce code a déjà servi ; demandez une autre invitation."
EITHER = "Donnez soit une clé publique (jwk), soit le jeton de votre connexion, pas les deux."


@pytest.fixture
def key():
    return OKPKey.generate_key("Ed25519")


async def test_an_accepted_invitation_gives_a_person_its_roles_under_its_key(
    people, key, published_keys
):
    person = await people.person()
    given = await people.invited(person, "data_officer", "referrer", organization="caf-31")

    accepted = await people.accept(given["code"], key=key)
    token = await people.token(accepted.json()["subject"], key)

    assert accepted.json() == {
        "subject": f"urn:ctin:person:{person}",
        "coordination": people.coordination,
        "person": person,
        "roles": ["data_officer", "referrer"],
        "organization": "caf-31",
    }
    caller = await Verifier(published_keys.url).caller(token.json()["access_token"])
    assert (caller.sub, caller.coordination) == (accepted.json()["subject"], people.coordination)
    assert (caller.organization, caller.roles) == ("caf-31", ["data_officer", "referrer"])
    assert token.json()["expires_in"] == 600


async def test_of_a_code_only_the_hash_is_kept(people, pool):
    given = await people.invited(await people.person(), "observer")

    rows = await pool.fetch("SELECT * FROM invitations WHERE invitation_id = $1", given["id"])
    listed = await people.ask("GET", f"{people.base}/invitations")

    assert rows[0]["code_sha256"] == hashlib.sha256(given["code"].encode()).hexdigest()
    assert given["code"] not in str(rows[0])
    assert given["code"] not in listed.text
    assert len(given["code"]) >= 128 / 6
    assert [one["code"] for one in listed.json()["items"]] == [None]


async def test_a_code_serves_one_key_once(people, key):
    given = await people.invited(await people.person(), "observer")

    keys = [OKPKey.generate_key("Ed25519") for _ in range(10)]
    answers = await asyncio.gather(*(people.accept(given["code"], key=one) for one in keys))

    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 9]
    refused = await people.accept(given["code"], key=key)
    assert refusal(refused) == (409, "E_USED", "code", USED)


async def test_a_code_accepted_again_under_the_same_key_gives_nothing_back(people, key):
    person = await people.person()
    given = await people.invited(person, "observer")
    first = await people.accept(given["code"], key=key)
    subject = first.json()["subject"]
    await people.ask(
        "POST", f"{people.base}/rights/revoke", {"subject": subject, "role": "observer"}
    )

    again = await people.accept(given["code"], key=key)

    assert (again.status_code, again.json()) == (200, first.json())
    assert (await people.token(subject, key)).json()["error"] == "unauthorized_client"


@pytest.mark.parametrize("code", ["x" * 32, "A" * 20, "-" * 100])
async def test_a_wrong_code_opens_nothing(people, key, code):
    assert refusal(await people.accept(code, key=key)) == (404, "E_CODE", "code", CODE)


@pytest.mark.parametrize("code", ["", "short", "é" * 32, "a" * 101, "a b" * 10])
async def test_what_cannot_be_a_code_is_refused(people, key, code):
    assert refusal(await people.accept(code, key=key))[:3] == (400, "E_FIELD", "code")


async def test_an_invitation_that_is_over_opens_nothing(people, key, pool):
    given = await people.invited(await people.person(), "observer", days_valid=1)
    over = """UPDATE invitations
                 SET invited_at = timestamptz '2026-02-28T12:00Z',
                     expires_at = timestamptz '2026-03-01T12:00Z'
               WHERE invitation_id = $1"""
    await pool.execute(over, given["id"])

    assert refusal(await people.accept(given["code"], key=key)) == (
        409,
        "E_EXPIRED",
        "code",
        "Cette invitation a expiré le 2026-03-01 ; demandez-en une autre.",
    )


async def test_a_withdrawn_invitation_opens_nothing(people, key):
    given = await people.invited(await people.person(), "observer")
    address = f"/v1/invitations/{given['id']}/withdraw"

    withdrawn = [await people.ask("POST", address) for _ in range(2)]

    assert [answer.status_code for answer in withdrawn] == [200, 200]
    assert withdrawn[0].json() == withdrawn[1].json()
    assert refusal(await people.accept(given["code"], key=key)) == (404, "E_CODE", "code", CODE)


async def test_an_accepted_invitation_is_not_withdrawn(people, key):
    given = await people.invited(await people.person(), "observer")
    await people.accept(given["code"], key=key)

    answer = await people.ask("POST", f"/v1/invitations/{given['id']}/withdraw")

    sentence = f"L'invitation {given['id']} est acceptée ; faites-en une autre."
    assert refusal(answer) == (409, "E_STATE", "id", sentence)


async def test_an_invitation_that_nobody_made_is_unknown(people):
    nothing = uuid4()

    answer = await people.ask("POST", f"/v1/invitations/{nothing}/withdraw")

    sentence = f"Aucune invitation ne porte l'identifiant {nothing}."
    assert refusal(answer) == (404, "E_UNKNOWN", "id", sentence)


async def test_an_invitation_asked_for_again_has_another_code(people, key):
    asked = {"person": await people.person(), "roles": ["observer"], "id": str(uuid4())}

    async def invite(**over):
        return await people.ask("POST", f"{people.base}/invitations", {**asked, **over})

    first, second = await invite(), await invite()
    other = await invite(roles=["referrer"])

    assert {**first.json(), "code": None} == {**second.json(), "code": None}
    assert second.headers["cache-control"] == "no-store"
    assert refusal(await people.accept(first.json()["code"], key=key))[1] == "E_CODE"
    assert (await people.accept(second.json()["code"], key=key)).status_code == 200
    assert (await invite()).json()["code"] is None
    assert refusal(other)[:3] == (409, "E_DIFFERS", "id")


async def test_a_funder_is_one_for_an_organisation(people):
    asked = {"person": await people.person(), "roles": ["funder"]}

    answer = await people.ask("POST", f"{people.base}/invitations", asked)

    sentence = "Le rôle « funder » se donne pour un organisme ; nommez-le."
    assert refusal(answer) == (422, "E_FIELD", "organization", sentence)


async def test_a_secretary_does_not_invite_a_coordinator(people, bearer):
    asked = {"person": await people.person(), "roles": ["coordinator"]}
    secretary = bearer("secretary", people.coordination)

    answer = await people.ask("POST", f"{people.base}/invitations", asked, headers=secretary)
    own = await people.ask("POST", f"{people.base}/invitations", asked)

    sentence = "Le rôle « coordinator » ne se donne que par la coordination ou l'exploitant."
    assert refusal(answer) == (403, "E_ROLE", "roles", sentence)
    assert own.status_code == 201


@pytest.mark.parametrize(
    "changed",
    [
        {"roles": ["member"]},
        {"roles": ["elected"]},
        {"roles": ["operator"]},
        {"roles": ["institution"]},
        {"roles": ["service"]},
        {"days_valid": 31},
        {"days_valid": 0},
    ],
)
async def test_what_an_invitation_cannot_give_is_refused(people, changed):
    asked = {"person": await people.person(), "roles": ["observer"], **changed}

    answer = await people.ask("POST", f"{people.base}/invitations", asked)

    assert refusal(answer)[:2] == (400, "E_FIELD")


async def test_an_invitation_is_for_a_person_of_here(people):
    nobody = str(uuid4())

    answer = await people.ask(
        "POST", f"{people.base}/invitations", {"person": nobody, "roles": ["observer"]}
    )

    assert refusal(answer)[:3] == (404, "E_UNKNOWN", "person")


async def test_one_proves_by_a_key_or_by_a_token_not_by_both_nor_neither(people, key, bearer):
    code = (await people.invited(await people.person(), "observer"))["code"]

    neither = await people.accept(code)
    both = await people.accept(code, key=key, headers=bearer("observer", "elsewhere"))
    forged = await people.accept(code, headers={"Authorization": "Bearer jeton"})

    assert refusal(neither) == (422, "E_FIELD", "jwk", EITHER)
    assert refusal(both) == (422, "E_FIELD", "jwk", EITHER)
    assert refusal(forged)[:3] == (401, "E_TOKEN", "authorization")


async def test_a_key_that_is_not_on_its_curve_is_not_registered(people):
    code = (await people.invited(await people.person(), "observer"))["code"]
    jwk = {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43}

    answer = await people.http.post("/v1/invitations/accept", json={"code": code, "jwk": jwk})

    sentence = "Une clé publique Ed25519 ou P-256, écrite en JWK, est attendue."
    assert refusal(answer) == (422, "E_KEY", "jwk", sentence)


async def test_who_signs_in_elsewhere_accepts_with_its_token(people, bearer):
    person = await people.person()
    code = (await people.invited(person, "secretary"))["code"]
    headers = bearer("member", "elsewhere")
    before = await people.ask("GET", f"{people.base}/persons", headers=headers)

    accepted = await people.accept(code, headers=headers)
    again = await people.accept(code, headers=headers)
    after = await people.ask("GET", f"{people.base}/persons", headers=headers)

    assert before.status_code == 403
    assert (accepted.status_code, again.json()) == (200, accepted.json())
    assert accepted.json()["subject"] == "member@elsewhere"
    assert [one["id"] for one in after.json()["items"]] == [person]


async def test_one_sign_in_is_one_person(people, bearer):
    headers = bearer("member", "elsewhere")
    for _ in range(2):
        code = (await people.invited(await people.person(), "observer"))["code"]
        answer = await people.accept(code, headers=headers)

    sentence = (
        "Ce compte est déjà celui d'une autre personne de cette coordination ; "
        "connectez-vous sous le vôtre."
    )
    assert refusal(answer) == (409, "E_DIFFERS", "authorization", sentence)


async def test_another_invitation_replaces_a_lost_key(people):
    person, subject, lost = await people.enrolled("observer")
    found = ECKey.generate_key("P-256")

    code = (await people.invited(person))["code"]
    await people.accept(code, key=found)

    assert (await people.token(subject, lost)).json()["error"] == "invalid_client"
    assert (await people.token(subject, found)).json()["scope"] == "observer"


async def test_founding_inviting_entering_and_taking_back(people, http, bearer, allow):
    """The whole walk: the founder's own token enters, invites a secretary, and is taken out."""
    founder = bearer("coordinator", "elsewhere")
    asked = {"name": "Chloé Fictive"}
    address = f"{people.base}/persons"
    assert (await http.post(address, json=asked, headers=founder)).status_code == 403

    await allow(people.coordination, "coordinator@elsewhere", "coordinator")
    person = (await http.post(address, json=asked, headers=founder)).json()["id"]
    invited = await http.post(
        f"{people.base}/invitations",
        json={"person": person, "roles": ["secretary"]},
        headers=founder,
    )
    key = OKPKey.generate_key("Ed25519")
    accepted = await people.accept(invited.json()["code"], key=key)
    secretary = await people.bearing(accepted.json()["subject"], key)
    taken = await http.post(
        f"{people.base}/rights/revoke",
        json={"subject": "coordinator@elsewhere", "role": "coordinator"},
        headers=secretary,
    )

    assert taken.status_code == 204
    assert (await http.post(address, json=asked, headers=founder)).status_code == 403
