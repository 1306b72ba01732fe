"""Requests for grants, the synthesis they make, and what engineering actions need."""

import csv
import io

import pytest

from contracts.http.funding.requests import EngineeringNeed
from services.funding.model.requests import NEEDS
from tests.integration.funding.conftest import FUND, open_action

ASKED = {
    "action": "bus",
    "programme": "Ingénierie FNE (fictif)",
    "services_cents": 4_000,
    "staff_cents": 3_000,
    "training": False,
    "fund": None,
    "state": "SUBMITTED",
}
NOTHING = {
    "budget_cents": 0,
    "cofunding_cents": 0,
    "cofunders": 0,
    "recipients": 0,
    "asked_cents": 0,
    "granted_cents": 0,
    "granted_training_cents": 0,
}


async def request(world, name="fne", **changed):
    return await world.put(f"grant-requests/{name}", {**ASKED, **changed})


async def test_a_request_goes_forward_to_its_decision_and_no_further(world):
    steps = ["SUBMITTED", "ONGOING", "ONGOING", "ACCEPTED", "ACCEPTED", "ONGOING", "REFUSED"]

    answers = [await request(world, state=state) for state in steps]

    assert [one.status_code for one in answers] == [200] * 5 + [409] * 2
    assert answers[0].json() == {"id": "fne", **ASKED}
    for late in answers[5:]:
        assert (late.json()["code"], late.json()["errors"][0]["field"]) == ("E_STATE", "state")
        assert "acceptée" in late.json()["detail"]
    assert (await world.get("grant-requests"))["items"][0]["state"] == "ACCEPTED"


@pytest.mark.parametrize(
    ("changed", "status", "code", "field"),
    [
        ({"services_cents": 1}, 409, "E_DIFFERS", "id"),
        ({"action": "jamais"}, 404, "E_UNKNOWN", "action"),
        ({"fund": "jamais"}, 404, "E_UNKNOWN", "fund"),
        ({"staff_cents": -1}, 400, "E_FIELD", "staff_cents"),
        ({"state": "acceptee"}, 400, "E_FIELD", "state"),
    ],
)
async def test_a_request_that_does_not_fit_is_refused(world, changed, status, code, field):
    await request(world)

    answer = await request(world, **changed)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["errors"][0]["field"] == field


async def test_requests_page_without_a_hole(world):
    for name in ("c", "a", "b"):
        await request(world, name)

    first = await world.get("grant-requests", limit=2)
    rest = await world.get("grant-requests", limit=2, cursor=first["cursor"])

    assert [one["id"] for one in (*first["items"], *rest["items"])] == ["a", "b", "c"]
    assert rest["cursor"] is None


async def test_the_synthesis_counts_bodies_once_and_grants_once_accepted(world):
    await open_action(world.running.service.pool, world.coordination, "ateliers", 500)
    await world.put("funds/etat", {**FUND, "name": "État"})
    for name, fund, action in (
        ("c-bus", "region", "bus"),
        ("c-ateliers", "region", "ateliers"),
        ("c-etat", "etat", "bus"),
    ):
        body = {"fund": fund, "amount_cents": 10**6, "signed_on": "2026-03-06", "action": action}
        await world.put(f"funding-agreements/{name}", body)
    for fund, name, cents in (
        ("region", "c-bus", 300),
        ("region", "c-ateliers", 20),
        ("etat", "c-etat", 7_000),
    ):
        await world.must("pledge", cents, fund=fund)
        await world.must("notify", cents, fund=fund)
        await world.must("agree", cents, fund=fund, agreement=name)
    await world.must("earmark", 300)
    await world.must("award", 300)
    await world.must("post", None, pending_id=await world.must("commit", 100))
    voided = await world.must("commit", 50, payee="transporteur")
    await world.must("void", None, pending_id=voided)
    await request(world, fund="etat", state="ACCEPTED")
    training = {"training": True, "services_cents": 10, "staff_cents": 1}
    await request(world, "formation", action="ateliers", state="ACCEPTED", **training)
    await request(world, "refusee", action="ateliers", state="REFUSED")

    told = await world.get("synthesis")

    bus, ateliers = (
        next(one["figures"] for one in told["actions"] if one["id"] == name)
        for name in ("bus", "ateliers")
    )
    assert bus == {
        **NOTHING,
        "budget_cents": 10**7,
        "cofunding_cents": 300,
        "cofunders": 1,
        "recipients": 1,
        "asked_cents": 7_000,
        "granted_cents": 7_000,
    }
    assert ateliers == {
        **NOTHING,
        "budget_cents": 500,
        "cofunding_cents": 20,
        "cofunders": 1,
        "asked_cents": 7_011,
        "granted_cents": 11,
        "granted_training_cents": 11,
    }
    assert told["figures"] == {
        **{name: bus[name] + ateliers[name] for name in NOTHING},
        "cofunders": 1,  # The Région is in both.
    }


async def test_needs_of_engineering_are_told_by_the_national_codes_and_exported(world):
    path = "actions/bus/engineering-needs"
    said = ["sensibiliser_acteurs", "structurer_fond_local", "sensibiliser_acteurs"]

    first = await world.put(path, {"needs": said})
    unknown = await world.put(path, {"needs": ["autre"]})
    nowhere = await world.put("actions/jamais/engineering-needs", {"needs": said})
    file = await world.running.client.get(
        world.address("exports/besoins-ingenierie.csv"), headers=world.headers
    )

    assert first.json()["needs"] == ["structurer_fond_local", "sensibiliser_acteurs"]
    assert (await world.get("engineering-needs"))["items"] == [first.json()]
    assert (unknown.status_code, unknown.json()["code"]) == (400, "E_FIELD")
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "E_UNKNOWN")
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")), delimiter=";"))
    assert [(one["famille"], one["code du besoin"]) for one in rows] == [
        ("financement", "structurer_fond_local"),
        ("outillage", "sensibiliser_acteurs"),
    ]
    await world.put(path, {"needs": []})
    assert (await world.get("engineering-needs"))["items"] == []
    assert len(NEEDS) == len(EngineeringNeed) == 11


async def test_a_coordination_without_action_has_an_empty_synthesis(world):
    world.coordination = f"{world.coordination[:20]}-vide"
    assert await world.get("synthesis") == {"figures": NOTHING, "actions": []}
