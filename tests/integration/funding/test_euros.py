"""What became of each euro: per funder, per action, per year; and the four facts kept apart."""

import pytest

from tests.integration.funding.conftest import DAY, FUND, open_action


async def test_every_euro_of_a_funder_is_somewhere_and_they_add_up_to_its_pledge(world):
    await world.reach("paid", 100)
    await world.reach("awarded", 60)
    await world.must("pledge", 500)
    hold = await world.must("commit", 40)
    await world.must("post", 30, pending_id=hold)

    told = await world.get("funders/region-occitanie/euros")

    assert told["pledged_cents"] == 660
    (fund,) = told["funds"]
    where = {
        (one["stage"], one["action"], one["payee"]): one["cents"] for one in fund["whereabouts"]
    }
    assert where == {
        ("promised", None, None): 500,
        ("awarded", "bus", None): 30,
        ("committed", "bus", "transporteur"): 30,
        ("paid", None, None): 100,
    }
    assert sum(where.values()) == fund["pledged_cents"]
    assert fund["served"] == [
        {
            "action": "bus",
            "payee": "transporteur",
            "payee_name": "Transports du Lauragais (fictif)",
            "cents": 100,
        }
    ]
    assert told["stages"] == (await world.get("pool"))["stages"]


async def test_money_taken_back_or_lapsed_leaves_no_hole(world):
    await world.reach("paid", 100)
    (paid,) = await world.acts_of_kind("pay")
    await world.must("claw_back", 30, reverses=paid)
    await world.must("pledge", 50)
    pledges = await world.acts_of_kind("pledge")
    await world.must("lapse", 20, reverses=pledges[-1])

    told = await world.get("funders/region-occitanie/euros")

    assert told["pledged_cents"] == 130
    (fund,) = told["funds"]
    assert {one["stage"]: one["cents"] for one in fund["whereabouts"]} == {
        "promised": 30,
        "available": 30,
        "paid": 70,
    }


async def test_a_funder_sees_its_own_funds_alone(world):
    other = {"name": "Fondation", "level": "PRIVATE", "legal_nature": "PRIVATE"}
    await world.put("funders/fondation", other)
    await world.put("funds/don", {**FUND, "funder": "fondation"})
    await world.must("pledge", 70, fund="don")
    await world.must("pledge", 30)

    told = await world.get("funders/fondation/euros")

    assert (told["pledged_cents"], [one["fund"] for one in told["funds"]]) == (70, ["don"])


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("funders/personne/euros", "funder"),
        ("actions/personne", "action"),
        ("actions/personne/history", "action"),
    ],
)
async def test_what_nobody_wrote_is_unknown(world, path, field):
    answer = await world.running.client.get(world.address(path), headers=world.headers)

    assert (answer.status_code, answer.json()["code"]) == (404, "E_UNKNOWN")
    assert answer.json()["errors"][0]["field"] == field
    assert "inconnu ici" in answer.json()["detail"]


@pytest.mark.parametrize("year", ["1789", "demain"])
async def test_a_year_that_is_none_is_refused(world, year):
    answer = await world.running.client.get(world.address(f"years/{year}"), headers=world.headers)

    assert answer.status_code in {400, 404}
    assert answer.json()["code"] in {"E_FIELD", "E_UNKNOWN"}


async def test_an_action_says_who_brings_which_share(world):
    private = {"name": "Fondation", "level": "PRIVATE", "legal_nature": "PRIVATE"}
    await world.put("funders/fondation", private)
    await world.put("funds/don", {**FUND, "funder": "fondation"})
    for name, fund in (("c-region", "region"), ("c-don", "don")):
        body = {"fund": fund, "amount_cents": 1000, "signed_on": "2026-03-06", "action": "bus"}
        await world.put(f"funding-agreements/{name}", body)
        await world.must("pledge", 300, fund=fund)
        await world.must("notify", 300, fund=fund)
    await world.must("agree", 300, fund="region", agreement="c-region")
    await world.must("agree", 100, fund="don", agreement="c-don")

    told = await world.get("actions/bus")

    assert told["plan"]["agreed_cents"] == 400
    assert told["plan"]["gap_cents"] == told["plan"]["budget_cents"] - 400
    assert {one["legal_nature"]: one["share"] for one in told["natures"]} == {
        "PRIVATE": "1/4",
        "PUBLIC_PERSON": "3/4",
    }
    assert told["public_share"] == "3/4"


async def test_an_action_s_history_is_its_acts_in_order_page_by_page(world):
    await world.reach("liquidated", 100)

    found, cursor = [], None
    while True:
        asked = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = await world.get("actions/bus/history", **asked)
        found += page["items"]
        cursor = page["cursor"]
        if cursor is None:
            break

    assert [one["kind"] for one in found] == ["earmark", "award", "commit", "post", "liquidate"]
    assert found[-1]["proof"] == "FACTURE-1"
    assert found[3]["pending_id"] == found[2]["id"]


async def test_a_year_counts_what_is_effective_in_it(world):
    await world.must("pledge", 100, effective_on="2025-12-31")
    await world.must("notify", 40, effective_on="2026-01-01")
    await world.must("agree", 30, effective_on="2026-12-31")
    await world.must("receive", 10, effective_on="2027-01-01")

    years = {year: await world.get(f"years/{year}") for year in (2024, 2025, 2026, 2027)}

    assert years[2024]["funds"] == []
    assert [years[year]["did"]["promised"] for year in years] == [0, 100, 0, 0]
    assert [years[year]["did"]["notified"] for year in years] == [0, 0, 40, 0]
    assert [years[year]["did"]["available"] for year in years] == [0, 0, 30, 0]
    assert [years[year]["received"] for year in years] == [0, 0, 0, 10]
    assert years[2026]["funds"][0]["fund"] == "region"


async def test_announced_budgeted_disbursed_and_consumed_are_four_figures(world):
    await world.reach("liquidated", 15)
    await world.must("pledge", 205)
    await world.must("notify", 100)
    await world.must("agree", 95)
    await world.must("receive", 75)

    told = (await world.get("money-facts"))["together"]

    assert told == {
        "announced_cents": 220,
        "budgeted_cents": 110,
        "disbursed_cents": 75,
        "consumed_cents": 15,
    }
    assert (await world.get("money-facts", as_of="2020-01-01"))["together"] == dict.fromkeys(
        told, 0
    )
    assert (await world.get("money-facts", as_of=DAY))["together"] == told


async def test_a_fund_that_never_enters_the_pool_is_disbursed_when_it_is_paid(make_world):
    world = await make_world(custody="DIRECT")
    await world.reach("mandated", 50)
    assert (await world.get("money-facts"))["together"]["disbursed_cents"] == 0

    await world.must("pay", 50)

    facts = (await world.get("money-facts"))["funds"][0]["facts"]
    assert (facts["disbursed_cents"], facts["consumed_cents"]) == (50, 50)


async def test_execution_says_how_far_each_budget_is_used(world, pool):
    await open_action(pool, world.coordination, "tiers-lieu", 500)
    await world.reach("liquidated", 100)

    told = await world.get("execution")

    by_action = {one["action"]: one for one in told["actions"]}
    assert by_action["bus"]["liquidated_cents"] == 100
    assert by_action["bus"]["committed_cents"] == 100
    assert by_action["bus"]["rate"] == "1/100000"
    assert by_action["bus"]["left_cents"] == 10**7 - 100
    assert by_action["tiers-lieu"]["rate"] == "0"
    assert told["liquidated_cents"] == 100
