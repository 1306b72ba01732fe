"""What an institution may do on NATS follows its keys and its agreements, while the server runs."""

from datetime import date

import nats.errors
import pytest

from contracts.events.members import (
    AgreementEnded,
    AgreementResumed,
    AgreementSuspended,
    LicenceRecorded,
)
from contracts.streams import sandbox_of
from tests.integration.conftest import new_seed, public_nkey, until
from tests.integration.exchange.access.conftest import named, new_institution, signed


def count_in(institution, coordination):
    return f"in.{institution}.{coordination}.exposure_count.v1"


async def add_key(edge, institution, body):
    path = f"/v1/partners/{institution}/keys"
    return await edge.http.post(path, json=body, headers=edge.bearer())


async def revoke(edge, institution, key):
    path = f"/v1/partners/{institution}/keys/{key}"
    answer = await edge.http.delete(path, headers=edge.bearer())
    assert answer.status_code == 200, answer.text


async def test_a_registered_system_publishes_in_its_sandbox_and_nowhere_else(edge):
    institution, other = new_institution(), new_institution()
    seed = new_seed()
    await edge.register(other, new_seed())
    await edge.register(institution, seed)
    partner = await edge.connect(institution, seed)

    assert await partner.may_publish(count_in(institution, sandbox_of(institution)))
    for subject in (
        count_in(institution, "sicoval"),
        count_in(institution, sandbox_of(other)),
        count_in(other, sandbox_of(other)),
        count_in(other, sandbox_of(institution)),
        "evt.members.sicoval._all.agreement_signed.v1",
        f"out.{institution}.sicoval.signal_accepted.v1",
        f"$JS.API.CONSUMER.MSG.NEXT.PUB.{other}-answers",
        "$JS.API.STREAM.INFO.PUB",
        "$SYS.REQ.SERVER.PING",
    ):
        assert not await partner.may_publish(subject), subject
    await partner.client.close()


async def test_a_newcomer_disconnects_nobody(edge):
    first, seed = new_institution(), new_seed()
    await edge.register(first, seed)
    partner = await edge.connect(first, seed)
    numbered = partner.client.client_id

    for _ in range(3):
        newcomer, its_seed = new_institution(), new_seed()
        await edge.register(newcomer, its_seed)
        joined = await edge.connect(newcomer, its_seed)
        await joined.client.close()

    assert await partner.may_publish(count_in(first, sandbox_of(first)))
    assert (partner.cuts, partner.client.client_id) == ([], numbered)
    assert edge.service.streams.is_up
    await partner.client.close()


async def test_a_revoked_key_is_cut_and_does_not_come_back_while_others_stay(edge):
    institution, seed, kept = new_institution(), new_seed(), new_seed()
    bystander, its_seed = new_institution(), new_seed()
    await edge.register(bystander, its_seed)
    await edge.register(institution, seed, nkeys=[public_nkey(seed), public_nkey(kept)])
    cut = await edge.connect(institution, seed)
    same = await edge.connect(institution, kept)
    other = await edge.connect(bystander, its_seed)

    await revoke(edge, institution, public_nkey(seed))

    await until(lambda: cut.client.is_closed)
    with pytest.raises((nats.errors.Error, ConnectionError)):  # Told why, or cut before it hears.
        await edge.connect(institution, seed)
    assert await same.may_publish(count_in(institution, sandbox_of(institution)))
    assert (same.cuts, other.cuts) == ([], [])
    for one in (same, other):
        await one.client.close()


async def test_keys_rotate_without_interruption(edge):
    institution, old, new = new_institution(), new_seed(), new_seed()
    await edge.register(institution, old)
    subject = count_in(institution, sandbox_of(institution))
    before = await edge.connect(institution, old)

    assert (await add_key(edge, institution, {"nkey": public_nkey(new)})).status_code == 201
    await edge.applied(institution)
    after = await edge.connect(institution, new)
    assert await before.may_publish(subject)
    assert await after.may_publish(subject)
    await revoke(edge, institution, public_nkey(old))
    await until(lambda: before.client.is_closed)

    assert await after.may_publish(subject)
    assert after.cuts == []
    await after.client.close()


async def test_what_an_agreement_opens_follows_its_life_on_one_connection(edge):
    institution, seed = new_institution(), new_seed()
    await edge.register(institution, seed)
    partner = await edge.connect(institution, seed)
    live = count_in(institution, "gers-numerique")
    fact = signed(institution, "gers-numerique")

    seen = []
    for told in (
        fact,
        AgreementSuspended(**named(fact), reason="Contrôle (fictif)"),
        AgreementResumed(**named(fact)),
        AgreementEnded(**named(fact), reason="Fin (fictif)"),
    ):
        await edge.told(told)
        await edge.applied(institution)
        seen.append(await partner.may_publish(live))

    assert seen == [True, False, True, False]
    assert partner.cuts == []
    await partner.client.close()


@pytest.mark.parametrize(
    ("changed", "may"),
    [
        ({"valid_until": date(2020, 6, 1)}, False),
        ({"valid_from": date(2100, 1, 1)}, False),
        ({"publishes": []}, False),
        ({}, True),
    ],
    ids=["over", "not yet", "receives only", "in force"],
)
async def test_an_agreement_opens_what_it_says_on_its_days(edge, changed, may):
    institution, seed = new_institution(), new_seed()
    await edge.register(institution, seed)
    await edge.told(signed(institution, "gers-numerique", **changed))
    await edge.applied(institution)
    partner = await edge.connect(institution, seed)

    assert await partner.may_publish(count_in(institution, "gers-numerique")) == may
    await partner.client.close()


async def test_a_licence_opens_its_coordination_to_those_it_names(edge):
    institution, other = new_institution(), new_institution()
    seed, its_seed = new_seed(), new_seed()
    await edge.register(institution, seed)
    await edge.register(other, its_seed)
    licence = LicenceRecorded(
        coordination="gers-numerique",
        licence=f"l-{institution}",
        producer="Producteur (fictif)",
        label="Donnée (fictive)",
        text="Licence Ouverte 2.0",
        threshold=5,
        institutions=[institution],
    )
    await edge.told(licence)
    await edge.applied(institution)

    for who, key, may in ((institution, seed, True), (other, its_seed, False)):
        partner = await edge.connect(who, key)
        assert await partner.may_publish(count_in(who, "gers-numerique")) == may
        await partner.client.close()


async def test_rights_are_there_again_when_the_server_comes_back(own_edge):
    edge = own_edge
    institution, seed = new_institution(), new_seed()
    await edge.register(institution, seed)
    edge.server.stop()

    later = new_institution()
    its_seed = new_seed()
    invited = await edge.invite(later)
    await edge.http.post(
        "/v1/registrations",
        json={
            "code": invited["code"],
            "nkeys": [public_nkey(its_seed)],
            "jwks": [JWK],
        },
    )
    assert not (await edge.access(later))["in_force"]
    edge.server.start(edge.nats_configuration())
    await edge.applied(later)

    for who, key in ((institution, seed), (later, its_seed)):
        partner = await edge.connect(who, key)
        assert await partner.may_publish(count_in(who, sandbox_of(who)))
        await partner.client.close()


async def test_readiness_says_that_the_server_runs_older_rights(own_edge):
    edge = own_edge
    await edge.service.streams.connected()
    institution, seed = new_institution(), new_seed()
    await edge.register(institution, seed)
    assert "access" not in edge.service.lacks
    part = edge.server.folder / "access/services.users"
    sound = part.read_text()
    part.write_text(sound + '{ nkey: UNSOUND, permissions: "none" }\n')

    late = new_institution()
    invited = await edge.invite(late)
    body = {"code": invited["code"], "nkeys": [public_nkey(new_seed())], "jwks": [JWK]}
    assert (await edge.http.post("/v1/registrations", json=body)).status_code == 201

    async def missing():
        found = (await edge.http.get("/health/ready")).json()["missing"]
        return any("anciens droits" in one for one in found)

    await until(missing)
    assert not (await edge.access(late))["in_force"]
    partner = await edge.connect(institution, seed)
    assert await partner.may_publish(count_in(institution, sandbox_of(institution)))
    await partner.client.close()
    part.write_text(sound)
    await edge.applied(late)
    assert "access" not in edge.service.lacks


async def test_a_key_of_a_service_is_never_a_partners(own_edge):
    edge = own_edge
    institution = new_institution()
    await edge.register(institution, edge.seeds["members"])
    partner = await edge.connect("members", edge.seeds["members"])
    partner.last = "evt.members.sicoval._all.agreement_signed.v1"

    assert not await partner.may_publish(count_in(institution, sandbox_of(institution)))
    await partner.client.close()


JWK = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}


async def test_a_token_of_before_a_revocation_is_refused_at_once_and_a_later_one_is_not(edge):
    institution, other = new_institution(), new_institution()
    await edge.register(institution, new_seed())
    await edge.register(other, new_seed())
    path = f"/v1/partners/{institution}/keys"
    before = edge.bearer("institution", f"bac-a-sable-{institution}", institution)
    beside = edge.bearer("institution", f"bac-a-sable-{other}", other)
    listed = await edge.http.get(path, headers=before)
    assert listed.status_code == 200, listed.text
    (key,) = [one["id"] for one in listed.json()["items"] if one["use"] == "http"]

    await revoke(edge, institution, key)

    for address in (path, "/v1/subscriptions", f"/v1/partners/{institution}/status"):
        refused = await edge.http.get(address, headers=before)
        assert (refused.status_code, refused.json()["code"]) == (401, "E_TOKEN"), address
    assert (await edge.http.get("/v1/subscriptions", headers=beside)).status_code == 200
    operator = await edge.http.get(path, headers=edge.bearer())
    assert operator.status_code == 200  # Who is no institution's system is not concerned.

    async def given_since():
        fresh = edge.bearer("institution", f"bac-a-sable-{institution}", institution)
        return (await edge.http.get(path, headers=fresh)).status_code == 200

    await until(given_since)
