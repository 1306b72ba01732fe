"""One itinerance action, four funders of different natures, from pledge to paid."""

from uuid import uuid4

import pytest

from contracts.verify import ledger
from services.funding.errors import euros
from tests.integration.funding.conftest import FUND, World, decide, open_action
from tests.integration.funding.test_posts import programmes
from tests.integration.funding.test_rules import enforce, must, refused

FUNDERS = {
    # fund: level, nature, custody, instrument, procedure, cents, what its money may do
    "etat-poste": ("STATE", "PUBLIC_PERSON", "HOST_BUDGET", "salary", "direct", 5_000_000),
    "prives": ("PRIVATE", "PRIVATE", "POOLED", "patronage", "direct", 2_000_000),
    "region-bus": ("REGION", "PUBLIC_PERSON", "POOLED", "grant", "call_for_projects", 4_800_000),
    "departement": (
        "DEPARTMENT",
        "PUBLIC_PERSON",
        "POOLED",
        "grant",
        "participatory_budget",
        1_200_000,
    ),
}
BUDGET_CENTS = 16_250_000


@pytest.fixture
async def itinerance(running, bearer, pool):
    """A coordination whose bus has four funders, tagged, agreed and awarded to the cent."""
    world = World(running, bearer())
    world.awards = {}
    await open_action(pool, world.coordination, "itinerance", BUDGET_CENTS)
    for name in ("sicoval", "garage", "hub"):
        await must(world, f"payees/{name}", name=name.title())
    for fund, (level, nature, custody, instrument, procedure, cents) in FUNDERS.items():
        funder = f"f-{fund}"
        await must(world, f"funders/{funder}", name=funder, level=level, legal_nature=nature)
        await must(world, f"funds/{fund}", **{**FUND, "funder": funder, "custody": custody})
        await must(world, f"funds/{fund}/tags", instrument=instrument, procedure=procedure)
        await must(
            world,
            f"funding-agreements/{fund}",
            fund=fund,
            amount_cents=cents,
            signed_on="2026-03-06",
            action="itinerance",
        )
        opinion, decision = uuid4(), uuid4()
        await decide(
            pool,
            world.coordination,
            opinion=opinion,
            decision=decision,
            voted={fund: cents},
            funder=funder,
            action="itinerance",
        )
        world.awards[fund] = {
            "action": "itinerance",
            "opinion": str(opinion),
            "funder_decision": str(decision),
        }
    return world


async def paid(world, fund, cents, *, payee, **line):
    """Bring a fund's money for the bus from pledge to paid."""
    pooled = FUNDERS[fund][2] == "POOLED"
    for kind in ("pledge", "notify"):
        await world.must(kind, cents, fund=fund)
    await world.must("agree", cents, fund=fund, agreement=fund)
    await world.must("earmark", cents, fund=fund, purpose="itinerance")
    await world.must("award", cents, fund=fund, **world.awards[fund])
    to = {"fund": fund, "action": "itinerance", "payee": payee}
    hold = await world.must("commit", cents, **to, **line)
    await world.must("post", None, pending_id=hold)
    await world.must("liquidate", cents, **to, proof=f"facture-{fund}")
    await world.must("mandate", cents, fund=fund)
    if pooled:
        await world.must("receive", cents, fund=fund)
    await world.must("pay", cents, fund=fund, **line)


async def test_four_funders_of_different_natures_pay_one_action_to_the_cent(itinerance):
    world = itinerance
    await must(world, "actions/itinerance/tags", nature="investment", frameworks=["CTG"])
    await must(
        world,
        "budget-lines/bus",
        name="Acquisition du bus",
        kind="AP",
        body_kind="EPCI",
        nature="21828",
        ceiling_cents=6_000_000,
        years=[{"year": 2026, "payable_cents": 6_000_000}],
    )
    for fund, (*_, cents) in FUNDERS.items():
        await must(
            world,
            f"proofs/facture-{fund}",
            kind="invoice",
            amount_cents=cents,
            issued_on="2026-05-02",
        )
        line = {"line": "bus"} if fund in {"region-bus", "departement"} else {}
        await paid(world, fund, cents, payee="sicoval", **line)

    (plan,) = (await world.get("actions"))["items"]
    figures = await world.get("pool")

    assert (plan["agreed_cents"], plan["gap_cents"]) == (13_000_000, BUDGET_CENTS - 13_000_000)
    assert {one["fund"]: one["awarded_cents"] for one in plan["plan"]} == {
        fund: cents for fund, (*_, cents) in FUNDERS.items()
    }
    assert figures["stages"]["paid"] == 13_000_000
    assert figures["received"] == 8_000_000  # The post is paid to its host, never here.
    (line,) = (await world.get("budget-lines"))["items"]
    assert (line["committed_cents"], line["left_cents"]) == (6_000_000, 0)
    assert isinstance(ledger.audit((await world.journal()).splitlines()), ledger.Audited)


async def test_the_same_action_is_refused_at_each_stage_by_the_rules_it_turned_on(itinerance):
    world = itinerance
    await must(world, "funders/sicoval", name="Sicoval", level="EPCI", legal_nature="PUBLIC_PERSON")
    await must(world, "actions/itinerance/tags", nature="investment", owner="sicoval")
    await must(world, "payees/garage/tags", sector="PRIVATE")
    for slug in ("part-minimale-maitre-ouvrage", "convention-23000"):
        await enforce(world, slug)
    await enforce(
        world,
        "plafond-region",
        kind="fund_share_max",
        scope="fund",
        scope_id="region-bus",
        share="1/4",
        source="Région, règlement mobilités",
    )
    for kind in ("pledge", "notify"):
        await world.must(kind, 4_800_000, fund="region-bus")
    await world.must("agree", 4_800_000, fund="region-bus", agreement="region-bus")
    award = {"fund": "region-bus", **world.awards["region-bus"]}

    told = await refused(world, "E_CAP", "award", 4_062_501, **award)
    assert "Région, règlement mobilités" in told
    assert euros(4_062_500) in told
    await world.must("award", 4_062_500, **award)
    to = {"fund": "region-bus", "action": "itinerance", "payee": "garage"}
    assert "23\u202f000,00" in await refused(world, "E_AGREEMENT", "commit", 2_300_001, **to)
    await world.must("commit", 2_300_001, **{**to, "payee": "sicoval"})


async def test_the_second_adviser_is_a_post_of_the_state_beside_the_bus(itinerance):
    world = itinerance
    rates = programmes()["conum-v2"]
    await must(world, "programmes/conum-v2", **{**rates, "funder": "f-etat-poste"})
    found = await must(
        world,
        "posts/second",
        programme="conum-v2",
        fund="etat-poste",
        employer="sicoval",
        host="hub",
        deployer="hub",
        employer_kind="LOCAL_AUTHORITY",
        starts_on="2026-01-01",
        yearly_cost_cents=3_800_000,
    )
    await must(
        world,
        "posts/second/events/prise",
        kind="filled",
        effective_on="2026-02-01",
        contract="CDI",
    )
    await must(world, "posts/second/events/bonus", kind="bonus", effective_on="2026-02-01")

    plan = await world.get("plan", first_year=2026, years=4)

    assert (found["funder"], found["fund"]) == ("f-etat-poste", "etat-poste")
    assert [one["funded_cents"] for one in plan["years"]] == [2_000_000, 1_750_000, 1_250_000, 0]
    assert [one["left_cents"] for one in plan["years"]] == [
        1_800_000,
        2_050_000,
        2_550_000,
        3_800_000,
    ]
    assert [one["cliff_cents"] for one in plan["years"]] == [0, 250_000, 500_000, 1_250_000]
    assert (await world.get("pool"))["received"] == 0
