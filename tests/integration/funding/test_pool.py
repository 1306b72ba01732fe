"""The figures of the pool: those of the demonstration, to the cent, and as of a day."""

import tomllib
from datetime import date
from uuid import UUID, uuid4

import pytest

from contracts.events.members import AwardShare, FunderDecisionRecorded, OpinionAdopted
from services.funding import commands
from tests.conftest import ROOT
from tests.integration.funding.conftest import DAY, World, open_action

STEPS = (
    ("pledge", "promised"),
    ("notify", "notified"),
    ("agree", "agreed"),
    ("receive", "received"),
    ("earmark", "earmarked"),
    ("award", "awarded"),
)


@pytest.fixture(scope="session")
def facts():
    return tomllib.loads((ROOT / "infra/demo/coordination.toml").read_text(encoding="utf-8"))


def acts_of(facts, fund):
    decisions = {one["funder"]: one["id"] for one in facts["funder_decisions"]}
    needed = {
        "agree": {"agreement": fund["agreement"]["id"]},
        "receive": {"tranche": fund.get("tranche")},
        "earmark": {"purpose": "itinerance"},
        "award": {
            "action": "itinerance",
            "opinion": facts["opinions"][0]["id"],
            "funder_decision": decisions[fund["funder"]],
        },
    }
    for kind, stage in STEPS:
        if fund[f"{stage}_cents"]:
            yield {
                "id": str(uuid4()),
                "kind": kind,
                "fund": fund["slug"],
                "amount_cents": fund[f"{stage}_cents"],
                "effective_on": str(fund[f"{stage}_on"]),
                **needed.get(kind, {}),
            }


@pytest.fixture
async def demonstration(running, bearer, facts):
    """A coordination where the acts of the four funders were all told."""
    world = World(running, bearer())
    for one in facts["funders"]:
        body = {name: one[name] for name in ("name", "level", "legal_nature")}
        assert (await world.put(f"funders/{one['slug']}", body)).status_code == 200
    for one in facts["funds"]:
        names = ("funder", "custody", "mode", "restriction", "valid_from", "valid_until")
        body = {"name": one["label"], **{name: str(one[name]) for name in names}}
        assert (await world.put(f"funds/{one['slug']}", body)).status_code == 200
        agreement = one["agreement"]
        body = {
            "fund": one["slug"],
            "amount_cents": agreement["amount_cents"],
            "signed_on": str(agreement["signed_on"]),
            "action": agreement["action"],
        }
        answer = await world.put(f"funding-agreements/{agreement['id']}", body)
        assert answer.status_code == 200
    await open_action(running.service.pool, world.coordination, "itinerance", 16_000_000)
    async with running.service.pool.acquire() as connection:
        for one in facts["opinions"]:
            shares = [AwardShare(**share) for share in one["awards"]]
            await commands.keep_opinion(
                connection,
                OpinionAdopted(
                    coordination=world.coordination,
                    opinion_id=UUID(one["id"]),
                    title=one["title"],
                    adopted_on=one["adopted_on"],
                    awards=shares,
                ),
            )
        for one in facts["funder_decisions"]:
            names = ("funder", "body", "reference", "decided_on", "enforceable_since")
            await commands.keep_decision(
                connection,
                FunderDecisionRecorded(
                    coordination=world.coordination,
                    decision_id=UUID(one["id"]),
                    awards=[AwardShare(**share) for share in one["awards"]],
                    **{name: one[name] for name in names},
                ),
            )
    answers = await world.send([act for fund in facts["funds"] for act in acts_of(facts, fund)])
    assert {one["status"] for one in answers} == {"posted"}, answers
    return world


async def test_the_four_funder_action_reconciles_to_the_cent(demonstration):
    figures = await demonstration.get("pool")

    assert figures["reached"] == {
        "promised": 15_250_000,
        "notified": 14_750_000,
        "available": 12_550_000,
        "earmarked": 11_716_667,
        "awarded": 8_483_333,
        "committed": 0,
        "liquidated": 0,
        "mandated": 0,
        "paid": 0,
    }
    assert figures["received"] == 1_950_000
    assert figures["left"] == 4_066_667
    assert figures["funding_gap"] == 3_450_000
    assert sum(figures["stages"].values()) == 15_250_000
    by_custody = {}
    for fund in figures["funds"]:
        assert fund["received"] == 0 or fund["custody"] == "POOLED"
        by_custody[fund["custody"]] = by_custody.get(fund["custody"], 0) + fund["left"]
    assert sum(by_custody.values()) == figures["left"]
    bus = next(fund for fund in figures["funds"] if fund["id"] == "fund-region-bus")
    assert (bus["funder"], bus["funder_name"], bus["level"]) == (
        "region-occitanie",
        "Région Occitanie",
        "REGION",
    )
    assert (bus["stages"]["awarded"], bus["left"]) == (4_800_000, 0)


@pytest.mark.parametrize(
    ("day", "promised", "agreed", "received", "awarded", "gap"),
    [
        ("2026-01-14", 0, 0, 0, 0, 0),
        ("2026-01-15", 7_250_000, 0, 0, 0, 0),
        ("2026-02-12", 15_250_000, 0, 0, 0, 16_000_000),
        ("2026-02-20", 15_250_000, 4_250_000, 0, 0, 11_750_000),
        ("2026-03-30", 15_250_000, 12_550_000, 1_950_000, 0, 3_450_000),
        ("2026-05-18", 15_250_000, 12_550_000, 1_950_000, 8_483_333, 3_450_000),
    ],
)
async def test_the_pool_as_of_a_day_counts_what_is_effective_by_then(
    demonstration, day, promised, agreed, received, awarded, gap
):
    figures = await demonstration.get("pool", as_of=day)

    reached = figures["reached"]
    assert (reached["promised"], reached["available"], reached["awarded"]) == (
        promised,
        agreed,
        awarded,
    )
    assert (figures["received"], figures["funding_gap"]) == (received, gap)
    assert sum(figures["stages"].values()) == promised


async def test_as_of_the_last_act_is_as_now(demonstration):
    now, then = (
        await demonstration.get("pool"),
        await demonstration.get("pool", as_of="2026-12-31"),
    )

    assert {**then, "as_of": None} == now


async def test_an_act_over_what_a_funder_agreed_is_refused_and_moves_nothing(demonstration):
    before = await demonstration.get("pool")

    answer = await demonstration.do(
        "earmark", 500_001, fund="fund-prives-itinerance", purpose="itinerance"
    )

    assert (answer["status"], answer["code"]) == ("refused", "E_FUNDS")
    assert await demonstration.get("pool") == before


async def test_an_actions_plan_says_what_each_fund_brings_and_what_lacks(demonstration):
    (plan,) = (await demonstration.get("actions"))["items"]

    assert (plan["budget_cents"], plan["agreed_cents"]) == (16_000_000, 12_550_000)
    assert plan["gap_cents"] == 3_450_000
    region = next(line for line in plan["plan"] if line["fund"] == "fund-region-bus")
    assert region == {
        "fund": "fund-region-bus",
        "funder": "region-occitanie",
        "agreed_cents": 4_800_000,
        "earmarked_cents": 0,
        "awarded_cents": 4_800_000,
        "committed_cents": 0,
    }
    assert sum(line["awarded_cents"] for line in plan["plan"]) == 8_483_333


async def test_what_is_agreed_for_an_action_that_is_not_open_closes_no_gap(world):
    agreement = {"fund": "region", "amount_cents": 500, "signed_on": "2026-03-06"}
    for name, action in (("pour-bus", "bus"), ("pour-plus-tard", "plus-tard")):
        await world.put(f"funding-agreements/{name}", {**agreement, "action": action})
    await world.reach("notified", 1_000)
    before = (await world.get("pool"))["funding_gap"]

    await world.must("agree", 300, agreement="pour-plus-tard")
    await world.must("agree", 200, agreement="pour-bus")

    assert (await world.get("pool"))["funding_gap"] == before - 200
    assert (await world.get("pool", as_of=DAY))["funding_gap"] == before - 200


async def test_held_money_still_stands_where_it_was_awarded(world):
    await world.reach("awarded", 100)

    await world.must("commit", 60)

    assert await world.stages() == {"awarded": 100}


async def test_actions_are_read_page_by_page(world, pool):
    for number in range(4):
        await open_action(pool, world.coordination, f"a{number}")

    first = await world.get("actions", limit=3)
    second = await world.get("actions", limit=3, cursor=first["cursor"])

    assert [one["id"] for one in first["items"] + second["items"]] == [
        "a0",
        "a1",
        "a2",
        "a3",
        "bus",
    ]
    assert second["cursor"] is None


async def test_an_empty_coordination_has_a_pool_of_zeros(running, bearer):
    figures = await World(running, bearer()).get("pool")

    assert (figures["funds"], figures["left"], figures["funding_gap"]) == ([], 0, 0)


async def test_a_day_that_is_not_one_is_refused(world):
    answer = await world.running.client.get(
        world.address("pool"), params={"as_of": "2026-02-30"}, headers=world.headers
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "E_FIELD")


async def test_a_budget_validated_again_counts_as_it_is_now(world, pool):
    await open_action(pool, world.coordination, "bus", 2_000)

    assert (await world.get("pool"))["funding_gap"] == 2_000
    assert date.fromisoformat((await world.get("actions"))["items"][0]["validated_on"])
