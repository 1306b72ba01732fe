"""Sharing agreements, from draft to end, and licences of open data."""

import asyncio
from uuid import uuid4

import pytest

HASH = "0" * 64


@pytest.fixture
def post(http, bearer):
    async def send(path, body=None, *, headers=None):
        return await http.post(path, json=body, headers=headers or bearer())

    return send


@pytest.fixture
async def drafted(post, coordination, draft):
    answer = await post(f"/v1/coordinations/{coordination}/agreements", draft)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_draft_opens_nothing(drafted, facts_about):
    assert drafted["state"] == "DRAFT"
    assert await facts_about(drafted["id"]) == []


async def test_a_signed_agreement_is_told_with_all_it_opens(
    http, bearer, drafted, draft, facts_about, coordination
):
    answer = await http.post(f"/v1/agreements/{drafted['id']}/sign", headers=bearer())

    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "SIGNED"
    facts = await facts_about(drafted["id"])
    assert [fact["type"] for fact in facts] == ["agreement_signed"]
    opened = ("institution", "reference", "purposes", "publishes", "receives", "areas")
    assert {name: facts[0][name] for name in opened} == {name: draft[name] for name in opened}
    assert facts[0]["coordination"] == coordination
    assert (facts[0]["valid_from"], facts[0]["valid_until"]) == ("2026-01-01", "2028-12-31")
    assert (facts[0]["threshold"], facts[0]["retention_months"]) == (11, 36)
    assert "parties" not in facts[0]


async def test_signing_and_ending_ten_times_at_once_is_told_once_in_order(
    post, drafted, facts_about
):
    address = f"/v1/agreements/{drafted['id']}"

    signed = await asyncio.gather(*(post(f"{address}/sign", {}) for _ in range(10)))
    reason = {"reason": "Fin de l'expérimentation (fictif)"}
    ended = await asyncio.gather(*(post(f"{address}/end", reason) for _ in range(10)))

    assert {answer.status_code for answer in [*signed, *ended]} == {200}
    facts = await facts_about(drafted["id"])
    assert [fact["type"] for fact in facts] == ["agreement_signed", "agreement_ended"]
    assert facts[1]["reason"] == reason["reason"]


async def test_the_draft_sent_again_answers_what_it_has_become(
    post, coordination, drafted, draft, facts_about
):
    await post(
        f"/v1/agreements/{drafted['id']}/sign", {"signed_on": "2025-12-11", "file_sha256": HASH}
    )

    again = await post(f"/v1/coordinations/{coordination}/agreements", draft)

    assert again.status_code == 201
    assert (again.json()["state"], again.json()["signed_on"]) == ("SIGNED", "2025-12-11")
    assert again.json()["file_sha256"] == HASH
    assert len(await facts_about(drafted["id"])) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"threshold": 5},
        {"areas": ["31446"]},
        {"legal_basis": "Une autre"},
        {"file_sha256": HASH},
        {"health_data": True},
    ],
)
async def test_a_draft_sent_again_otherwise_is_refused(post, coordination, drafted, draft, changed):
    answer = await post(f"/v1/coordinations/{coordination}/agreements", {**draft, **changed})

    assert (answer.status_code, answer.json()["code"]) == (409, "E_DIFFERS")


async def test_an_agreement_is_signed_on_one_day_under_one_hash(post, drafted):
    address = f"/v1/agreements/{drafted['id']}/sign"
    await post(address, {"signed_on": "2025-12-11", "file_sha256": HASH})

    same = await post(address, {"signed_on": "2025-12-11"})
    other_day = await post(address, {"signed_on": "2025-12-12"})
    other_file = await post(address, {"file_sha256": "1" * 64})

    assert same.status_code == 200
    for answer in (other_day, other_file):
        assert (answer.status_code, answer.json()["code"]) == (409, "E_DIFFERS")


async def test_a_draft_cannot_end_and_an_ended_agreement_cannot_be_signed(post, drafted):
    address = f"/v1/agreements/{drafted['id']}"

    early = await post(f"{address}/end", {"reason": "Trop tôt"})
    await post(f"{address}/sign")
    await post(f"{address}/end", {"reason": "Fin"})
    late = await post(f"{address}/sign")
    otherwise = await post(f"{address}/end", {"reason": "Autre raison"})

    assert (early.status_code, early.json()["code"]) == (409, "E_STATE")
    assert (late.status_code, late.json()["code"]) == (409, "E_STATE")
    assert (otherwise.status_code, otherwise.json()["code"]) == (409, "E_DIFFERS")


async def test_an_agreement_that_nobody_drafted_is_unknown(post):
    answer = await post(f"/v1/agreements/{uuid4()}/sign")

    assert (answer.status_code, answer.json()["code"]) == (404, "E_UNKNOWN")


async def test_an_id_that_is_no_uuid_is_refused(post):
    answer = await post("/v1/agreements/first/sign")

    assert answer.status_code in {400, 404}


async def test_an_agreement_outside_its_coordination_is_refused(post, coordination, draft):
    answer = await post(
        f"/v1/coordinations/{coordination}/agreements", {**draft, "areas": ["75056"]}
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "areas"


async def test_an_unknown_field_is_refused_by_its_name(post, coordination, draft):
    answer = await post(f"/v1/coordinations/{coordination}/agreements", {**draft, "theme": "open"})

    assert answer.status_code == 400
    assert answer.json()["code"] == "E_FIELD"
    assert "theme" in answer.text


async def test_without_an_id_the_key_names_the_agreement(http, bearer, coordination, draft):
    del draft["id"]
    address = f"/v1/coordinations/{coordination}/agreements"
    keyed = {**bearer(), "Idempotency-Key": "draft-1"}

    first, again = [await http.post(address, json=draft, headers=keyed) for _ in range(2)]
    unkeyed = await http.post(address, json=draft, headers=bearer())

    assert first.json()["id"] == again.json()["id"] != unkeyed.json()["id"]


async def test_one_key_names_two_things_at_two_addresses(http, bearer, coordination, draft):
    del draft["id"]
    base = f"/v1/coordinations/{coordination}"
    keyed = {**bearer(), "Idempotency-Key": "k"}
    opinion = {"title": "Avis (fictif)", "adopted_on": "2026-03-19"}

    agreed = await http.post(f"{base}/agreements", json=draft, headers=keyed)
    adopted = await http.post(f"{base}/opinions", json=opinion, headers=keyed)

    assert agreed.json()["id"] != adopted.json()["id"]


async def test_agreements_are_listed_page_by_page(http, bearer, coordination, draft):
    address = f"/v1/coordinations/{coordination}/agreements"
    made = sorted(str(uuid4()) for _ in range(3))
    for one in made:
        await http.post(address, json={**draft, "id": one}, headers=bearer())

    first = (await http.get(address, params={"limit": 2}, headers=bearer())).json()
    rest = await http.get(address, params={"cursor": first["cursor"]}, headers=bearer())

    assert [one["id"] for one in first["items"]] == made[:2]
    assert [one["id"] for one in rest.json()["items"]] == made[2:]
    assert rest.json()["cursor"] is None


LICENCE = {
    "licence": "cnaf-open-data",
    "producer": "CNAF",
    "label": "donnée publique CNAF",
    "text": "Licence Ouverte / Etalab 2.0",
    "vintage": "2021",
    "threshold": 5,
    "institutions": ["caf-31"],
}


async def test_a_licence_is_told_once(post, coordination, facts_about):
    address = f"/v1/coordinations/{coordination}/licences"

    answers = await asyncio.gather(*(post(address, LICENCE) for _ in range(5)))
    other = await post(address, {**LICENCE, "threshold": 11})

    assert {answer.status_code for answer in answers} == {201}
    assert (other.status_code, other.json()["code"]) == (409, "E_DIFFERS")
    facts = await facts_about(f"{coordination}/cnaf-open-data")
    assert [fact["type"] for fact in facts] == ["licence_recorded"]
    assert facts[0]["institutions"] == ["caf-31"]
