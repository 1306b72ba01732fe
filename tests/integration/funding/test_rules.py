"""Rules a coordination turns on, over HTTP: silent until then, and each refusal says which."""

import tomllib
from uuid import uuid4

import pytest

from services.funding.errors import euros
from tests.conftest import ROOT
from tests.integration.funding.conftest import FUND, decide, open_action

SINCE = {"enforced_from": "2026-01-01"}


def rules():
    """Return the rules of the demonstration, by slug."""
    text = (ROOT / "infra/demo/funding_rules.toml").read_text(encoding="utf-8")
    return {one.pop("slug"): one for one in tomllib.loads(text)["rules"]}


async def must(world, path, **body):
    answer = await world.put(path, body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def enforce(world, slug, days=SINCE, **rule):
    await must(world, f"rules/{slug}", **(rule or rules()[slug]))
    await must(world, f"rules/{slug}/enforcement", **days)


def cap(share, **more):
    return {
        "kind": "fund_share_max",
        "scope": "coordination",
        "source": "Règlement de la Région",
        "share": share,
        **more,
    }


async def refused(world, code, kind, cents, **more):
    answer = await world.do(kind, cents, **more)
    assert (answer["status"], answer["code"]) == ("refused", code), answer
    assert answer["detail"].endswith(".")
    return answer["detail"]


async def test_a_rule_that_is_written_and_not_turned_on_refuses_nothing(world):
    for slug, body in rules().items():
        await must(world, f"rules/{slug}", **body)
    await must(world, "rules/plafond", **cap("1/100"))

    await world.reach("paid", 5_000_000)

    found = (await world.get("rules"))["items"]
    assert len(found) == 9
    assert {one["enforced_from"] for one in found} == {None}


async def test_a_cap_on_a_fund_holds_at_each_award_and_says_whose_it_is_and_by_how_much(world):
    await enforce(world, "plafond", **cap("4/5"))  # Of an action of 100 000 €.
    await world.reach("available", 10_000_000)
    await world.must("award", 7_900_000)

    told = await refused(world, "E_CAP", "award", 100_001)

    assert "« plafond » (Règlement de la Région)" in told
    assert "80\u00a0%" in told
    assert f"soit {euros(1)} de trop" in told
    await world.must("award", 100_000)


async def test_two_awards_of_one_list_do_not_pass_the_same_cap(world):
    await enforce(world, "plafond", **cap("1/2"))
    await world.reach("available", 10_000_000)

    answers = await world.send([world.act("award", 3_000_000) for _ in range(3)])

    assert [one["code"] for one in answers] == [None, "E_CAP", "E_CAP"]


async def test_a_withdrawn_award_makes_room_under_its_cap(world):
    await enforce(world, "plafond", **cap("1/2"))
    await world.reach("available", 10_000_000)
    await world.must("award", 5_000_000)

    await world.must("withdraw_award", 1_000_000)

    await refused(world, "E_CAP", "award", 1_000_001)
    await world.must("award", 1_000_000)


async def test_a_rule_counts_from_its_day_until_it_is_turned_off(world):
    days = {"enforced_from": "2026-05-18", "enforced_until": "2026-05-20"}
    await enforce(world, "plafond", days, **cap("0/1"))
    await world.reach("available", 1_000)

    await world.must("award", 100, effective_on="2026-05-17")
    await refused(world, "E_CAP", "award", 100, effective_on="2026-05-18")
    await refused(world, "E_CAP", "award", 100, effective_on="2026-05-20")
    await world.must("award", 100, effective_on="2026-05-21")

    off = {"enforced_from": "2026-01-01", "enforced_until": "2026-01-01"}
    await must(world, "rules/plafond/enforcement", **off)
    await world.must("award", 100, effective_on="2026-05-18")


@pytest.mark.parametrize(
    ("scope", "scope_id", "counts"),
    [
        ("coordination", None, True),
        ("fund", "region", True),
        ("fund", "autre", False),
        ("programme", "mobilites", True),
        ("programme", "autre", False),
        ("body_kind", "REGION", True),
        ("body_kind", "STATE", False),
    ],
)
async def test_a_rule_covers_what_its_scope_names(world, scope, scope_id, counts):
    await must(world, "funds/region/tags", programme="mobilites")
    await enforce(world, "plafond", **cap("0/1", scope=scope, scope_id=scope_id))
    await world.reach("available", 100)

    assert ((await world.do("award", 100))["code"] == "E_CAP") is counts


async def second_funder(world, pool, *, level, nature, fund="autre"):
    """Write another funder with an available fund of 100 000 €, and what awards from it need."""
    await must(world, f"funders/{fund}", name="Autre", level=level, legal_nature=nature)
    await must(world, f"funds/{fund}", **{**FUND, "funder": fund})
    await must(
        world,
        f"funding-agreements/pour-{fund}",
        fund=fund,
        amount_cents=10**9,
        signed_on="2026-03-06",
    )
    opinion, decision = uuid4(), uuid4()
    await decide(
        pool,
        world.coordination,
        opinion=opinion,
        decision=decision,
        voted={fund: 10**9},
        funder=fund,
    )
    for kind in ("pledge", "notify"):
        await world.must(kind, 10_000_000, fund=fund)
    await world.must("agree", 10_000_000, fund=fund, agreement=f"pour-{fund}")
    return {"fund": fund, "opinion": str(opinion), "funder_decision": str(decision)}


async def test_all_public_funders_together_stay_under_a_public_cap(world, pool):
    await enforce(
        world,
        "plafond-public",
        kind="public_share_max",
        scope="coordination",
        share="4/5",
        source="AAP",
    )
    state = await second_funder(world, pool, level="STATE", nature="PUBLIC_PERSON")
    caf = await second_funder(
        world, pool, level="SOCIAL_SECURITY", nature="SOCIAL_SECURITY", fund="caf"
    )
    await world.reach("available", 10_000_000)
    await world.must("award", 5_000_000)

    await refused(world, "E_CAP", "award", 3_000_001, **state)

    await world.must("award", 3_000_000, **state)
    await world.must("award", 2_000_000, **caf)


@pytest.mark.parametrize(
    ("nature", "lead", "most"),
    [("investment", False, 8_000_000), ("investment", True, 7_000_000), ("operation", True, None)],
)
async def test_an_owner_keeps_its_share_of_an_investment_and_of_nothing_else(
    world, pool, nature, lead, most
):
    await enforce(world, "part-minimale-maitre-ouvrage")
    await must(world, "funders/sicoval", name="Sicoval", level="EPCI", legal_nature="PUBLIC_PERSON")
    await must(world, "actions/bus/tags", nature=nature, owner="sicoval", lead_competence=lead)
    await world.reach("available", 10_000_000)

    if most is not None:
        told = await refused(world, "E_CAP", "award", most + 1)
        assert "CGCT art. L1111-10" in told
        assert "maître d'ouvrage" in told
    await world.must("award", most or 10_000_000)


async def test_what_the_caf_brings_is_not_public_and_leaves_the_owner_less_to_keep(world, pool):
    await enforce(world, "part-minimale-maitre-ouvrage")
    await must(world, "funders/sicoval", name="Sicoval", level="EPCI", legal_nature="PUBLIC_PERSON")
    await must(world, "actions/bus/tags", nature="investment", owner="sicoval")
    caf = await second_funder(
        world, pool, level="SOCIAL_SECURITY", nature="SOCIAL_SECURITY", fund="caf"
    )
    await world.must("award", 5_000_000, **caf)  # 50 000 € of public money are left to share.
    await world.reach("available", 5_000_000)

    await refused(world, "E_CAP", "award", 4_000_001)
    await world.must("award", 4_000_000)


async def test_a_private_payee_beyond_23_000_euros_in_a_year_has_a_convention(world):
    await enforce(world, "convention-23000")
    await must(world, "payees/transporteur/tags", sector="PRIVATE")
    await world.reach("awarded", 10_000_000)
    await world.must("commit", 2_300_000)

    told = await refused(world, "E_AGREEMENT", "commit", 1)

    assert "décret 2001-495" in told
    assert euros(2_300_000) in told
    await world.must("commit", 2_300_000, effective_on="2027-01-01")
    await must(
        world,
        "payee-conventions/c1",
        payee="transporteur",
        signed_on="2026-05-18",
        ends_on="2026-12-31",
    )
    await refused(world, "E_AGREEMENT", "commit", 1, effective_on="2026-05-17")
    await world.must("commit", 1)


async def test_a_voided_hold_is_not_counted_among_a_payees_year(world):
    await enforce(world, "convention-23000")
    await must(world, "payees/transporteur/tags", sector="PRIVATE")
    await world.reach("awarded", 10_000_000)
    hold = await world.must("commit", 2_300_000)

    await world.must("void", None, pending_id=hold)
    other = await world.must("commit", 2_300_000)
    await world.must("post", 1_000_000, pending_id=other)

    await refused(world, "E_AGREEMENT", "commit", 1_300_001)
    await world.must("commit", 1_300_000)


async def test_a_public_payee_needs_no_convention(world):
    await enforce(world, "convention-23000")
    await must(world, "payees/transporteur/tags", sector="PUBLIC")
    await world.reach("awarded", 10_000_000)

    await world.must("commit", 9_000_000)


async def test_what_a_rule_or_a_schedule_needs_is_asked_for(world):
    cases = [
        ("rules/r", {**cap("4/5"), "share": None}, "share"),
        ("rules/r", {**cap("4/5"), "scope": "fund"}, "scope_id"),
        ("rules/r", cap("5/4"), "share"),
        ("rules/r", {**cap("1/1"), "kind": "owner_share_min"}, "share"),
        ("rules/r", {**cap("4/5"), "kind": "report_within"}, "months"),
        ("rules/r", {**cap("0.8")}, "share"),
    ]
    for path, body, field in cases:
        answer = await world.put(path, {key: one for key, one in body.items() if one is not None})
        assert (answer.status_code, answer.json()["code"]) == (400, "E_FIELD"), answer.text
        assert answer.json()["errors"][0]["field"] == field

    answer = await world.put("rules/inconnue/enforcement", SINCE)
    assert (answer.status_code, answer.json()["code"]) == (404, "E_UNKNOWN")
    await must(world, "rules/r", **cap("4/5"))
    days = {"enforced_from": "2026-01-02", "enforced_until": "2026-01-01"}
    answer = await world.put("rules/r/enforcement", days)
    assert (answer.status_code, answer.json()["code"]) == (400, "E_FIELD")


async def test_an_action_that_is_not_tagged_is_held_to_no_owners_share(world, pool):
    await enforce(world, "part-minimale-maitre-ouvrage")
    await open_action(pool, world.coordination, "bus", 100)
    await world.reach("available", 100)

    await world.must("award", 100)


async def test_what_an_owner_brings_itself_is_not_what_others_leave_it(world, pool):
    await enforce(world, "part-minimale-maitre-ouvrage")
    own = await second_funder(world, pool, level="EPCI", nature="PUBLIC_PERSON")
    await must(world, "actions/bus/tags", nature="investment", owner="autre")
    await world.reach("available", 8_000_000)
    await world.must("award", 2_000_000, **own)

    await world.must("award", 8_000_000)


async def test_the_least_an_owner_keeps_is_rounded_up(world, pool):
    await enforce(world, "part-minimale-maitre-ouvrage")
    await must(world, "funders/sicoval", name="Sicoval", level="EPCI", legal_nature="PUBLIC_PERSON")
    await must(world, "actions/bus/tags", nature="investment", owner="sicoval")
    await open_action(pool, world.coordination, "bus", 101)
    await world.reach("available", 100)

    await refused(world, "E_CAP", "award", 81)  # 20.25 cents are the least of 81 others'.
    await world.must("award", 80)
