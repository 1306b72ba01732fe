"""An institution's developer joins alone: a code, public keys, a sandbox; nothing secret passes."""

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import msgspec
import pytest
from joserfc.jwk import ECKey, OKPKey

from contracts.events.exchange import PartnerKeysChanged, SandboxOpened
from contracts.streams import sandbox_of
from tests.integration.conftest import new_seed, public_nkey, until
from tests.integration.exchange.access.conftest import new_institution, new_jwk, signed


def registration(code, **changed):
    keys = {"nkeys": [public_nkey(new_seed())], "jwks": [new_jwk()]}
    return {"code": code, **keys, **changed}


async def register(edge, body):
    return await edge.http.post("/v1/registrations", json=body)


def must_refuse(answer, status, code):
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def facts_about(edge, institution, kind):
    """Return what the exchange told the other services of an institution, in order."""
    async with edge.service.read() as connection:
        rows = await connection.fetch("SELECT data FROM ev WHERE type = $1 ORDER BY seq", kind.TYPE)
    facts = [msgspec.json.decode(row["data"], type=kind) for row in rows]
    return [fact for fact in facts if fact.institution == institution]


async def test_a_code_serves_once_and_only_its_hash_is_kept(edge):
    institution = new_institution()
    invited = await edge.invite(institution)

    answers = await asyncio.gather(
        *(register(edge, registration(invited["code"])) for _ in range(5))
    )

    assert sorted(one.status_code for one in answers) == [201, *[409] * 4]
    async with edge.service.read() as connection:
        row = await connection.fetchrow(
            "SELECT i::text AS whole, code_sha256 FROM invitations i WHERE institution = $1",
            institution,
        )
    assert invited["code"] not in row["whole"]
    assert row["code_sha256"] == hashlib.sha256(invited["code"].encode()).hexdigest()


async def test_the_answer_says_all_that_a_system_needs(edge):
    institution, seed = new_institution(), new_seed()

    told = await edge.register(institution, seed)

    assert told["sandbox"] == sandbox_of(institution)
    assert told["inbox_prefix"] == f"_INBOX_{institution}"
    assert told["stream"] == "PUB"
    assert set(told["durables"]) == {"answers", "updates", "sandbox"}
    assert told["sandbox_client"] == f"{institution}.{sandbox_of(institution)}"
    assert {one["use"] for one in told["keys"]} == {"nats", "http"}
    assert public_nkey(seed) in {one["id"] for one in told["keys"]}


async def test_a_code_that_is_wrong_replaced_or_over_opens_nothing(edge):
    institution = new_institution()
    invited = await edge.invite(institution)
    again = await edge.invite(institution, id=invited["id"])
    async with edge.service.read() as connection:
        over = await edge.invite(new_institution())
        await connection.execute(
            "UPDATE invitations SET expires_at = $2 WHERE invitation_id = $1",
            over["id"],
            datetime.now(UTC) - timedelta(seconds=1),
        )

    must_refuse(await register(edge, registration("no-such-code")), 404, "E_CODE")
    must_refuse(await register(edge, registration(invited["code"])), 404, "E_CODE")
    must_refuse(await register(edge, registration(over["code"])), 409, "E_OVER")
    assert (await register(edge, registration(again["code"]))).status_code == 201


PRIVATE = OKPKey.generate_key("Ed25519")


@pytest.mark.parametrize(
    "changed",
    [
        {"nkeys": []},
        {"nkeys": [public_nkey(new_seed()) for _ in range(3)]},
        {"nkeys": [new_seed()]},
        {"nkeys": [public_nkey(new_seed())[:-1] + "A"]},
        {"nkeys": ["U" + "A" * 55]},
        {"nkeys": ['U", permissions: {} }, { nkey: "' + "A" * 25]},
        {"jwks": []},
        {"jwks": [PRIVATE.as_dict(private=True)]},
        {"jwks": [{"kty": "oct", "k": "c2VjcmV0"}]},
        {"jwks": [{"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43}]},
        {"jwks": [{"kty": "EC", "crv": "Ed25519", "x": new_jwk()["x"]}]},
        {"jwks": [ECKey.generate_key("P-384").as_dict(private=False)]},
        {"institution": "another"},
    ],
    ids=[
        *("no NKey", "three NKeys", "a seed", "a wrong checksum", "a zero key", "an injection"),
        *("no JWK", "a private JWK", "a secret", "no point", "another curve", "P-384", "a field"),
    ],
)
async def test_only_sound_public_keys_are_registered_and_the_code_is_kept(edge, changed):
    institution = new_institution()
    invited = await edge.invite(institution)
    bad = registration(invited["code"], **changed)

    answer = await register(edge, bad)

    assert answer.status_code in {400, 422}, answer.text
    assert answer.json()["code"] in {"E_FIELD", "E_KEY"}
    assert (await register(edge, registration(invited["code"]))).status_code == 201


async def test_a_key_stands_for_one_institution_and_never_serves_again(edge):
    first, second, seed = new_institution(), new_institution(), new_seed()
    await edge.register(first, seed)
    invited = await edge.invite(second)
    taken = registration(invited["code"], nkeys=[public_nkey(seed)])

    must_refuse(await register(edge, taken), 409, "E_TAKEN")
    path = f"/v1/partners/{first}/keys"
    gone = await edge.http.delete(f"{path}/{public_nkey(seed)}", headers=edge.bearer())
    assert gone.json()["items"][-1]["revoked_at"] is not None
    again = await edge.http.post(path, json={"nkey": public_nkey(seed)}, headers=edge.bearer())
    must_refuse(again, 409, "E_TAKEN")
    must_refuse(await register(edge, taken), 409, "E_TAKEN")


async def test_two_keys_of_a_kind_at_a_time(edge):
    institution = new_institution()
    await edge.register(institution, new_seed())
    path, headers = f"/v1/partners/{institution}/keys", edge.bearer("institution", "x", institution)
    second, third = {"nkey": public_nkey(new_seed())}, {"nkey": public_nkey(new_seed())}

    assert (await edge.http.post(path, json=second, headers=headers)).status_code == 201
    assert (await edge.http.post(path, json=second, headers=headers)).status_code == 201
    must_refuse(await edge.http.post(path, json=third, headers=headers), 409, "E_KEYS")
    added = await edge.http.post(path, json={"jwk": new_jwk()}, headers=headers)
    assert added.status_code == 201
    must_refuse(await edge.http.post(path, json={"jwk": new_jwk()}, headers=headers), 409, "E_KEYS")
    must_refuse(await edge.http.post(path, json={}, headers=headers), 422, "E_FIELD")
    shown = (await edge.http.get(path, headers=headers)).json()["items"]
    assert [one["use"] for one in shown].count("nats") == 2


async def test_an_institution_minds_its_own_keys_alone(edge):
    first, second = new_institution(), new_institution()
    seed = new_seed()
    await edge.register(first, seed)
    await edge.register(second, new_seed())
    path, other = f"/v1/partners/{first}/keys", edge.bearer("institution", "x", second)

    for answer in (
        await edge.http.get(path, headers=other),
        await edge.http.post(path, json={"nkey": public_nkey(new_seed())}, headers=other),
        await edge.http.delete(f"{path}/{public_nkey(seed)}", headers=other),
    ):
        must_refuse(answer, 403, "E_INSTITUTION")
    for role in ("coordinator", "member", "data_officer", "observer"):
        answer = await edge.http.get(path, headers=edge.bearer(role, "x", first))
        must_refuse(answer, 403, "E_ROLE")
    missing = await edge.http.delete(f"{path}/{'A' * 43}", headers=edge.bearer())
    must_refuse(missing, 404, "E_UNKNOWN")


async def test_a_coordinator_invites_newcomers_and_the_operator_alone_an_admitted_one(edge):
    institution, seed = new_institution(), new_seed()
    body = {"institution": institution, "name": "Institution (fictive)"}
    coordinator = edge.bearer("coordinator", "gers-numerique")
    first = await edge.http.post("/v1/invitations", json=body, headers=coordinator)
    assert first.status_code == 201
    keys = registration(first.json()["code"], nkeys=[public_nkey(seed)])
    assert (await register(edge, keys)).status_code == 201

    again = await edge.http.post("/v1/invitations", json=body, headers=coordinator)
    must_refuse(again, 403, "E_ROLE")
    stranger = edge.bearer("institution", "gers-numerique", institution)
    must_refuse(await edge.http.post("/v1/invitations", json=body, headers=stranger), 403, "E_ROLE")
    renewed = await edge.invite(institution)
    assert (await register(edge, registration(renewed["code"]))).status_code == 201
    path = f"/v1/partners/{institution}/keys"
    shown = (await edge.http.get(path, headers=edge.bearer())).json()["items"]
    old = next(one for one in shown if one["id"] == public_nkey(seed))
    assert old["revoked_at"] is not None


async def test_the_same_invitation_asked_again_is_one(edge):
    institution = new_institution()
    headers = {**edge.bearer(), "Idempotency-Key": str(uuid4())}
    body = {"institution": institution, "name": "Institution (fictive)"}

    first = await edge.http.post("/v1/invitations", json=body, headers=headers)
    again = await edge.http.post("/v1/invitations", json=body, headers=headers)
    other = {**body, "institution": new_institution()}
    differs = await edge.http.post("/v1/invitations", json=other, headers=headers)

    assert first.json()["id"] == again.json()["id"]
    assert first.json()["code"] != again.json()["code"]
    must_refuse(differs, 409, "E_DIFFERS")


@pytest.mark.parametrize("name", ["a\nb", "jean.dupont@example.fr", "06 12 34 56 78"])
async def test_a_name_is_an_organisations(edge, name):
    body = {"institution": new_institution(), "name": name}

    answer = await edge.http.post("/v1/invitations", json=body, headers=edge.bearer())

    must_refuse(answer, 422, "E_TEXT")


async def test_the_tokens_service_is_told_which_keys_open_which_coordination(edge):
    institution, jwk = new_institution(), new_jwk()
    sandbox = sandbox_of(institution)
    await edge.register(institution, new_seed(), jwks=[jwk])

    async def told(times):
        found = await facts_about(edge, institution, PartnerKeysChanged)
        return found if len(found) >= times else None

    (first,) = await until(lambda: told(1))
    assert (first.coordination, [key.x for key in first.keys]) == (sandbox, [jwk["x"]])
    (opened,) = await facts_about(edge, institution, SandboxOpened)
    assert opened.coordination == sandbox

    fact = signed(institution, "gers-numerique")
    await edge.told(fact)
    second = (await until(lambda: told(2)))[1]
    assert (second.coordination, len(second.keys)) == ("gers-numerique", 1)
    thumbprint = OKPKey.import_key(jwk).thumbprint()
    path = f"/v1/partners/{institution}/keys/{thumbprint}"
    assert (await edge.http.delete(path, headers=edge.bearer())).status_code == 200
    last = (await until(lambda: told(4)))[2:]
    assert sorted(one.coordination for one in last) == sorted([sandbox, "gers-numerique"])
    assert all(one.keys == [] for one in last)


async def test_the_status_says_keys_rights_and_whether_they_are_in_force(edge):
    institution, seed = new_institution(), new_seed()
    await edge.register(institution, seed)
    before = await edge.access(institution)
    partner = await edge.connect(institution, seed)
    await edge.told(signed(institution, "gers-numerique"))
    await edge.applied(institution)

    async def used():
        found = await edge.access(institution, "gers-numerique")
        (key,) = (one for one in found["keys"] if one["id"] == public_nkey(seed))
        return found if key["last_used_at"] else None

    after = await until(used)
    assert (before["live"], before["coordinations"]) == (False, [])
    assert (after["live"], after["coordinations"]) == (True, ["gers-numerique"])
    assert all(one["expires_at"] > one["registered_at"] for one in after["keys"])
    await partner.client.close()


async def test_a_coordinator_does_not_learn_where_else_an_institution_works(edge):
    institution = new_institution()
    await edge.register(institution, new_seed())
    await edge.told(signed(institution, "gers-numerique"), signed(institution, "tarn-numerique"))
    headers = edge.bearer("coordinator", "gers-numerique")

    answer = await edge.http.get(f"/v1/partners/{institution}/status", headers=headers)

    assert answer.json()["access"]["coordinations"] == ["gers-numerique"]
