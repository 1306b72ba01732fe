"""Opinions of the colleges and decisions of the funders."""

import asyncio
from uuid import uuid4

import pytest

AWARDS = [
    {"action": "itinerance", "fund": "fund-etat-conseiller", "amount_cents": 1_750_000},
    {"action": "itinerance", "fund": "fund-region-bus", "amount_cents": 4_800_000},
]


@pytest.fixture
def opinion():
    return {
        "id": str(uuid4()),
        "reference": "FICTIF-2026-AVIS-01",
        "title": "Avis des trois collèges sur l'action d'itinérance (fictif)",
        "adopted_on": "2026-03-19",
        "mode": "consensus",
        "objections": 0,
        "reservations": 2,
        "diagnostic_version": 1,
        "awards": AWARDS,
        "minutes_sha256": "a" * 64,
    }


@pytest.fixture
def decision():
    return {
        "id": str(uuid4()),
        "funder": "etat",
        "body": "Préfet de la Haute-Garonne (fictif)",
        "reference": "FICTIF-2026-ARRETE-01",
        "decided_on": "2026-04-02",
        "enforceable_since": "2026-04-09",
        "awards": AWARDS[:1],
    }


def address_of(coordination, what):
    return f"/v1/coordinations/{coordination}/{what}"


async def test_an_opinion_recorded_ten_times_at_once_is_told_once(
    http, bearer, coordination, facts_about, opinion
):
    address = address_of(coordination, "opinions")

    answers = await asyncio.gather(
        *(http.post(address, json=opinion, headers=bearer()) for _ in range(10))
    )

    assert {answer.status_code for answer in answers} == {201}
    assert answers[0].json()["total_cents"] == 6_550_000
    facts = await facts_about(opinion["id"])
    assert [fact["type"] for fact in facts] == ["opinion_adopted"]
    assert facts[0]["awards"] == AWARDS
    assert facts[0]["diagnostic_version"] == 1
    listed = (await http.get(address, headers=bearer())).json()["items"]
    assert listed == [answers[0].json()]


async def test_a_funders_decision_is_told_once(http, bearer, coordination, facts_about, decision):
    address = address_of(coordination, "funder-decisions")

    first, again = [await http.post(address, json=decision, headers=bearer()) for _ in range(2)]

    assert first.json() == again.json()
    facts = await facts_about(decision["id"])
    assert [fact["type"] for fact in facts] == ["funder_decision_recorded"]
    assert (facts[0]["funder"], facts[0]["enforceable_since"]) == ("etat", "2026-04-09")
    listed = (await http.get(address, headers=bearer())).json()["items"]
    assert listed == [first.json()]


@pytest.mark.parametrize(
    "changed", [{"title": "Un autre"}, {"awards": AWARDS[:1]}, {"objections": 1}]
)
async def test_an_opinion_recorded_again_otherwise_is_refused(
    http, bearer, coordination, facts_about, opinion, changed
):
    address = address_of(coordination, "opinions")
    await http.post(address, json=opinion, headers=bearer())

    answer = await http.post(address, json={**opinion, **changed}, headers=bearer())

    assert (answer.status_code, answer.json()["code"]) == (409, "E_DIFFERS")
    assert len(await facts_about(opinion["id"])) == 1


async def test_awards_of_one_fund_to_one_action_are_given_once(http, bearer, coordination, opinion):
    asked = {**opinion, "awards": [*AWARDS, {**AWARDS[0], "amount_cents": 1}]}

    answer = await http.post(address_of(coordination, "opinions"), json=asked, headers=bearer())

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "awards"


async def test_a_decision_does_not_bind_before_it_is_taken(http, bearer, coordination, decision):
    asked = {**decision, "enforceable_since": "2026-04-01"}

    answer = await http.post(
        address_of(coordination, "funder-decisions"), json=asked, headers=bearer()
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "enforceable_since"


async def test_an_amount_that_is_not_whole_positive_cents_is_refused(
    http, bearer, coordination, decision
):
    for amount in (0, -1, 1.5, "un", 10**13 + 1):
        asked = {**decision, "awards": [{**AWARDS[0], "amount_cents": amount}]}
        answer = await http.post(
            address_of(coordination, "funder-decisions"), json=asked, headers=bearer()
        )
        assert answer.status_code == 400, (amount, answer.text)
        assert answer.json()["errors"][0]["code"] == "E_FIELD"


async def test_a_funder_records_its_own_decisions_and_no_others(
    http, bearer, coordination, decision
):
    address = address_of(coordination, "funder-decisions")

    own = await http.post(
        address, json=decision, headers=bearer("funder", coordination, organization="etat")
    )
    anothers = await http.post(
        address,
        json={**decision, "id": str(uuid4())},
        headers=bearer("funder", coordination, organization="region-occitanie"),
    )
    nobodys = await http.post(
        address, json={**decision, "id": str(uuid4())}, headers=bearer("funder", coordination)
    )

    assert own.status_code == 201
    for answer in (anothers, nobodys):
        assert (answer.status_code, answer.json()["code"]) == (403, "E_ROLE")


async def test_an_id_taken_in_another_coordination_is_refused(http, bearer, coordination, opinion):
    elsewhere = f"c-{uuid4().hex[:12]}"
    founded = {"slug": elsewhere, "name": "Une autre", "level": "COMMUNE", "communes": ["31446"]}
    await http.post("/v1/coordinations", json=founded, headers=bearer())
    await http.post(address_of(coordination, "opinions"), json=opinion, headers=bearer())

    answer = await http.post(address_of(elsewhere, "opinions"), json=opinion, headers=bearer())

    assert (answer.status_code, answer.json()["code"]) == (409, "E_DIFFERS")
