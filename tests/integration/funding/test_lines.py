"""Budget lines, schedules and proofs, over HTTP: opt in, and exact to the cent."""

import asyncio

import pytest

from contracts.verify import ledger
from services.funding.errors import euros
from tests.integration.conftest import until
from tests.integration.funding.test_rules import cap, enforce, must, refused

LINE = {
    "name": "Itinérance",
    "kind": "AP",
    "body_kind": "EPCI",
    "nature": "21828",
    "chapter": "21",
    "ceiling_cents": 1_000,
    "years": [{"year": 2027, "payable_cents": 400}, {"year": 2026, "payable_cents": 600}],
}


async def held(world, cents, **more):
    return await world.must("commit", cents, **more)


async def test_what_is_committed_on_a_line_stays_within_its_ceiling_holds_included(world):
    await must(world, "budget-lines/bus", **LINE)
    await world.reach("awarded", 5_000)
    hold = await held(world, 700, line="bus")

    told = await refused(world, "E_CEILING", "commit", 301, line="bus")

    assert "« bus », autorisation de programme" in told
    assert f"soit {euros(1)} de trop" in told
    await world.must("post", 500, pending_id=hold)
    await world.must("void", None, pending_id=await held(world, 500, line="bus"))
    await held(world, 500, line="bus")
    await world.must("commit", 1)  # Without a line, no line's ceiling counts.


async def test_a_lapsed_commitment_gives_its_line_room_again(world):
    await must(world, "budget-lines/bus", **LINE)
    await world.reach("awarded", 5_000)
    signed = await world.must("post", None, pending_id=await held(world, 1_000, line="bus"))

    await world.must("lapse", 400, reverses=signed)

    await refused(world, "E_CEILING", "commit", 401, line="bus")
    await held(world, 400, line="bus")


async def test_a_year_is_read_against_the_credits_of_each_line(world):
    await must(world, "budget-lines/bus", **LINE)
    await must(world, "budget-lines/ateliers", **{**LINE, "kind": "AE", "years": []})
    past = [{"year": 2025, "payable_cents": 5}]
    await must(world, "budget-lines/passee", **{**LINE, "kind": "opened_credits", "years": past})
    await world.reach("awarded", 5_000)
    await world.must("receive", 5_000)
    for line, cents, day in (("bus", 700, "2026-05-18"), ("ateliers", 90, "2027-02-01")):
        await world.must("post", None, pending_id=await held(world, cents, line=line))
        await world.must("liquidate", cents - 50, line=line)
        await world.must("mandate", cents - 50)
        await world.must("pay", min(cents - 50, 500), line=line, effective_on=day)

    of_2026, of_2027 = await world.get("years/2026"), await world.get("years/2027")

    def lines(of):
        names = ("line", "kind", "authorised_cents", "committed_cents")
        sums = ("payable_cents", "paid_cents", "left_cents")
        return [tuple(one[name] for name in (*names, *sums)) for one in of["lines"]]

    assert lines(of_2026) == [
        ("ateliers", "AE", 1_000, 90, None, 0, None),
        ("bus", "AP", 1_000, 700, 600, 500, 100),
    ]
    assert lines(of_2027) == [
        ("ateliers", "AE", 1_000, 90, None, 40, None),
        ("bus", "AP", 1_000, 700, 400, 0, 400),
    ]
    assert of_2026["credits"] == [
        {
            "kind": kind,
            "authorised_cents": 1_000,
            "committed_cents": committed,
            "payable_cents": payable,
            "paid_cents": paid,
        }
        for kind, committed, payable, paid in (("AP", 700, 600, 500), ("AE", 90, 0, 0))
    ]
    assert of_2027["did"]["paid"] == 40


async def test_what_is_paid_in_a_year_stays_within_its_credits(world):
    await must(world, "budget-lines/bus", **LINE)
    await world.reach("mandated", 2_000)
    await world.must("receive", 2_000)
    await world.must("pay", 600, line="bus")

    told = await refused(world, "E_CEILING", "pay", 1, line="bus")

    assert "crédits de paiement 2026" in told
    await world.must("pay", 400, line="bus", effective_on="2027-01-01")
    await refused(world, "E_CEILING", "pay", 1, line="bus", effective_on="2028-01-01")
    found = (await world.get("budget-lines"))["items"][0]
    assert [(one["year"], one["payable_cents"], one["paid_cents"]) for one in found["years"]] == [
        (2026, 600, 600),
        (2027, 400, 400),
    ]


async def test_a_recall_gives_credits_back_within_its_year_only(world):
    await must(world, "budget-lines/bus", **LINE)
    await world.reach("mandated", 2_000)
    await world.must("receive", 2_000)
    paid = await world.must("pay", 600, line="bus")

    await world.must("claw_back", 100, reverses=paid)
    await world.must("claw_back", 200, reverses=paid, effective_on="2027-02-01")

    await refused(world, "E_CEILING", "pay", 101, line="bus")
    await world.must("pay", 100, line="bus")


async def test_a_line_is_one_that_exists_and_an_act_that_takes_one(world):
    await must(world, "budget-lines/bus", **LINE)
    await world.reach("awarded", 100)

    await refused(world, "E_UNKNOWN", "commit", 10, line="inconnue")
    told = await refused(world, "E_FIELD", "pledge", 10, line="bus")

    assert "ne prend pas de ligne" in told


async def test_an_act_on_a_line_is_the_same_when_sent_again_and_the_auditor_agrees(world):
    await must(world, "budget-lines/bus", **LINE)
    await world.reach("awarded", 5_000)
    hold = world.act("commit", 700, line="bus")
    signature = world.act("post", None, pending_id=hold["id"])
    other = {**hold, "line": None}

    first = await world.send([hold, signature])
    again = await world.send([hold, signature, {k: v for k, v in other.items() if v is not None}])

    assert [one["status"] for one in first] == ["posted", "posted"]
    assert [one["status"] for one in again] == ["exists", "exists", "refused"]
    assert again[2]["code"] == "E_DIFFERS"
    journal = await world.journal()
    assert journal.count(b'"line":"bus"') == 2
    assert isinstance(ledger.audit(journal.splitlines()), ledger.Audited)


async def test_a_rule_may_ask_that_commitments_and_payments_fall_on_a_line(world):
    await enforce(
        world, "ligne", kind="line_required", scope="coordination", source="Délibération 2026-1"
    )
    await must(world, "budget-lines/bus", **LINE)
    await world.reach("awarded", 100)

    assert "Délibération 2026-1" in await refused(world, "E_CEILING", "commit", 10)
    await world.must("commit", 10, line="bus")


@pytest.mark.parametrize(
    ("kind", "body", "nature", "admitted"),
    [
        ("AE", "EPCI", "64111", False),
        ("AE", "COMMUNE", "65748", False),
        ("AE", "EPCI", "65748", False),
        ("AE", "DEPARTMENT", "65748", True),
        ("AE", "METROPOLE", "65748", True),
        ("AE", "EPCI", "6228", True),
        ("AE", "DEPARTMENT", "64111", False),
        ("opened_credits", "EPCI", "64111", True),
        ("AP", "EPCI", "2182", True),
    ],
)
async def test_what_an_authorisation_cannot_hold_depends_on_the_kind_of_body(
    world, kind, body, nature, admitted
):
    for slug in (
        "ae-sans-personnel",
        "ae-commune-sans-subvention-privee",
        "ae-epci-sans-subvention-privee",
    ):
        await enforce(world, slug)

    answer = await world.put(
        "budget-lines/une", {**LINE, "kind": kind, "body_kind": body, "nature": nature}
    )

    if admitted:
        assert answer.status_code == 200, answer.text
    else:
        assert (answer.status_code, answer.json()["code"]) == (409, "E_CEILING")
        assert "CGCT" in answer.json()["detail"]


async def test_a_line_written_before_its_rule_takes_no_commitment_any_more(world):
    await must(world, "budget-lines/paie", **{**LINE, "kind": "AE", "nature": "64111"})
    await enforce(world, "ae-sans-personnel")
    await world.reach("awarded", 100)

    await refused(world, "E_CEILING", "commit", 10, line="paie")


SCHEDULE = {
    "ends_on": "2027-12-31",
    "tranches": [
        {"tranche": "avance", "kind": "advance", "amount_cents": 400, "due_on": "2026-04-01"},
        {"tranche": "acompte", "kind": "instalment", "amount_cents": 500, "due_on": "2026-10-01"},
        {
            "tranche": "solde",
            "kind": "balance",
            "amount_cents": 100,
            "due_on": "2027-12-31",
            "proofs": ["financial_report"],
        },
    ],
}


@pytest.fixture
async def scheduled(world):
    """A fund whose only agreed money follows a schedule of 1 000 cents."""
    await must(
        world,
        "funding-agreements/echelonnee",
        fund="region",
        amount_cents=1_000,
        signed_on="2026-03-06",
        action="bus",
    )
    await must(world, "funding-agreements/echelonnee/schedule", **SCHEDULE)
    for kind in ("pledge", "notify"):
        await world.must(kind, 1_000)
    await world.must("agree", 1_000, agreement="echelonnee")
    return world


async def test_money_is_received_by_the_tranches_of_its_schedule_and_within_each(scheduled):
    await scheduled.must("receive", 300, tranche="avance")

    told = await refused(scheduled, "E_AGREEMENT", "receive", 101, tranche="avance")

    assert euros(400) in told
    assert f"soit {euros(1)} de trop" in told
    await refused(scheduled, "E_AGREEMENT", "receive", 1, tranche="acompte-1")
    await refused(scheduled, "E_AGREEMENT", "receive", 1, tranche="autre", agreement="echelonnee")
    await scheduled.must("receive", 100, tranche="avance", agreement="echelonnee")
    await scheduled.must("receive", 10, tranche="libre", agreement="convention")


async def test_a_receipt_completed_with_its_agreement_is_the_same_when_sent_again(scheduled):
    act = scheduled.act("receive", 300, tranche="avance")

    answers = await scheduled.send([act, act])

    assert [one["status"] for one in answers] == ["posted", "exists"]
    assert b'"agreement":"echelonnee"' in await scheduled.journal()


async def test_what_comes_before_the_balance_is_capped_as_the_funder_says(scheduled):
    share = {"scope": "fund", "scope_id": "region", "source": "Région, règlement 2025"}
    await enforce(
        scheduled, "avance", kind="advance_max", share="3/10", higher_share="3/5", **share
    )
    await enforce(
        scheduled,
        "acomptes",
        kind="instalments_max",
        share="4/5",
        higher_share="9/10",
        months=48,
        **share,
    )

    told = await refused(scheduled, "E_CAP", "receive", 301, tranche="avance")
    assert "avance de 30\u00a0% de la convention « echelonnee »" in told
    await scheduled.must("receive", 300, tranche="avance")
    await scheduled.must("receive", 500, tranche="acompte")
    await refused(scheduled, "E_CAP", "receive", 1, tranche="avance")


async def test_a_bank_guarantee_opens_a_higher_advance(world):
    await must(
        world,
        "funding-agreements/garantie",
        fund="region",
        amount_cents=1_000,
        signed_on="2026-03-06",
    )
    tranches = [
        {**SCHEDULE["tranches"][0], "amount_cents": 700},
        {**SCHEDULE["tranches"][2], "amount_cents": 300},
    ]
    await must(world, "funding-agreements/garantie/schedule", tranches=tranches, guaranteed=True)
    await enforce(
        world,
        "avance",
        kind="advance_max",
        scope="coordination",
        share="3/10",
        higher_share="3/5",
        source="État",
    )
    await world.reach("available", 1_000)

    await refused(world, "E_CAP", "receive", 601, tranche="avance")
    await world.must("receive", 600, tranche="avance")


async def test_beyond_48_months_instalments_reach_a_higher_share(world):
    await must(
        world,
        "funding-agreements/longue",
        fund="region",
        amount_cents=1_000,
        signed_on="2026-03-06",
    )
    tranches = [
        {**SCHEDULE["tranches"][1], "amount_cents": 950},
        {**SCHEDULE["tranches"][2], "amount_cents": 50},
    ]
    await must(world, "funding-agreements/longue/schedule", tranches=tranches)
    await enforce(
        world,
        "acomptes",
        kind="instalments_max",
        scope="coordination",
        share="4/5",
        higher_share="9/10",
        months=48,
        source="État",
    )
    await world.reach("available", 1_000)
    await world.must("receive", 800, tranche="acompte", effective_on="2030-03-06")

    await refused(world, "E_CAP", "receive", 1, tranche="acompte", effective_on="2030-03-06")
    await world.must("receive", 100, tranche="acompte", effective_on="2030-03-07")


async def test_a_cap_holds_again_at_the_balance_on_what_was_certified_done(scheduled):
    await enforce(scheduled, "plafond", **cap("4/5"))
    await scheduled.must("award", 1_000)
    await scheduled.must("receive", 400, tranche="avance")
    await scheduled.must("receive", 500, tranche="acompte")
    await scheduled.must("post", None, pending_id=await scheduled.must("commit", 1_000))
    await scheduled.must("liquidate", 1_000)

    told = await refused(scheduled, "E_CAP", "receive", 100, tranche="solde")

    assert "solde" in told
    assert f"({euros(1_000)})" in told


async def test_prefinancing_may_be_limited_by_a_rule_of_its_programme(make_world):
    world = await make_world(mode="reimbursement")
    await must(world, "funds/region/tags", programme="feder")
    await enforce(
        world,
        "prefinancement",
        kind="prefinancing_max",
        scope="programme",
        scope_id="feder",
        amount_cents=300,
        source="FEDER 2021-2027",
    )
    await world.reach("available", 1_000)
    await world.must("receive", 300)

    assert "FEDER 2021-2027" in await refused(world, "E_CAP", "receive", 1)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"tranches": SCHEDULE["tranches"][:2]}, "E_FIELD"),
        ({"tranches": [*SCHEDULE["tranches"][:1], *SCHEDULE["tranches"][:1]]}, "E_FIELD"),
        ({"ends_on": "2026-01-01"}, "E_FIELD"),
    ],
)
async def test_a_schedule_adds_up_to_its_agreement(world, changed, code):
    await must(
        world, "funding-agreements/une", fund="region", amount_cents=1_000, signed_on="2026-03-06"
    )

    answer = await world.put("funding-agreements/une/schedule", {**SCHEDULE, **changed})

    assert (answer.status_code, answer.json()["code"]) == (400, code)


PROOF = {
    "kind": "invoice",
    "amount_cents": 1_000,
    "issued_on": "2026-05-01",
    "paid_on": "2026-05-10",
}


async def test_a_registered_proof_finances_at_most_itself_over_all_acts(world):
    await must(world, "proofs/facture-1", **PROOF)
    await world.reach("committed", 5_000)
    await world.must("liquidate", 700, proof="facture-1")

    told = await refused(world, "E_PROOF", "liquidate", 301, proof="facture-1")

    assert "« facture-1 », tous fonds ensemble" in told
    assert f"soit {euros(1)} de trop" in told
    answers = await world.send([world.act("liquidate", 200, proof="facture-1") for _ in range(2)])
    assert [one["code"] for one in answers] == [None, "E_PROOF"]
    await world.must("liquidate", 4_000 - 900, proof="Libre n° 2")  # Free text stays allowed.


async def test_a_rule_may_ask_that_every_proof_be_registered(world):
    await enforce(
        world, "justificatifs", kind="proof_registered", scope="coordination", source="Charte"
    )
    await must(world, "proofs/facture-1", **PROOF)
    for kind in ("pledge", "notify", "agree", "award"):
        await world.must(kind, 100)
    await world.must("post", None, pending_id=await world.must("commit", 100))

    assert "Charte" in await refused(world, "E_PROOF", "liquidate", 100, proof="Libre")
    await world.must("liquidate", 100, proof="facture-1")


def claim(**changed):
    return {
        "fund": "region",
        "claimed_on": "2026-06-01",
        "proofs": [{"proof": "facture-1", "eligible_cents": 600, "ineligible_cents": 400}],
        **changed,
    }


async def claimed(world, name, **changed):
    answer = await world.put(f"claims/{name}", claim(**changed))
    return answer.status_code, answer.json().get("code")


async def test_a_claim_asks_back_paid_expenses_once(world):
    await must(world, "proofs/facture-1", **PROOF)
    await must(world, "proofs/impayee", **{**PROOF, "paid_on": None})

    found = await must(world, "claims/d1", **claim())

    assert (found["eligible_cents"], found["ineligible_cents"]) == (600, 400)
    assert await claimed(world, "d1") == (200, None)
    assert await claimed(world, "d1", reference="autre") == (409, "E_DIFFERS")
    half = [{"proof": "facture-1", "eligible_cents": 401}]
    assert await claimed(world, "d2", proofs=half) == (409, "E_PROOF")
    unpaid = [{"proof": "impayee", "eligible_cents": 1}]
    assert await claimed(world, "d3", proofs=unpaid) == (409, "E_PROOF")
    assert await claimed(world, "d4", claimed_on="2026-05-09") == (409, "E_PROOF")
    unknown = [{"proof": "inconnue", "eligible_cents": 1}]
    assert await claimed(world, "d5", proofs=unknown) == (404, "E_UNKNOWN")
    assert len((await world.get("claims"))["items"]) == 1


async def test_ten_claims_at_once_on_one_proof_pay_it_back_once(world):
    await must(world, "proofs/facture-1", **PROOF)
    whole = [{"proof": "facture-1", "eligible_cents": 1_000}]

    answers = await asyncio.gather(*(claimed(world, f"d{n}", proofs=whole) for n in range(10)))

    assert sorted(code for _, code in answers if code) == ["E_PROOF"] * 9


async def test_what_is_claimed_on_a_proof_is_not_liquidated_by_another_fund(make_world, pool):
    world = await make_world()
    await must(world, "proofs/facture-1", **PROOF)
    feder = {"name": "FEDER", "level": "EU", "legal_nature": "PUBLIC_PERSON"}
    await must(world, "funders/feder", **feder)
    await must(
        world,
        "funds/feder",
        name="FEDER",
        funder="feder",
        custody="POOLED",
        mode="reimbursement",
        restriction="none",
        valid_from="2026-01-01",
        valid_until="2028-12-31",
    )
    part = [{"proof": "facture-1", "eligible_cents": 600, "ineligible_cents": 0}]
    assert await claimed(world, "d1", fund="feder", proofs=part) == (200, None)
    await world.reach("committed", 2_000)

    await refused(world, "E_PROOF", "liquidate", 401, proof="facture-1")
    await world.must("liquidate", 400, proof="facture-1")
    more = [{"proof": "facture-1", "eligible_cents": 1, "ineligible_cents": 0}]
    assert await claimed(world, "d2", fund="feder", proofs=more) == (409, "E_PROOF")


async def test_the_fund_that_advances_an_expense_is_paid_back_by_the_claim(make_world):
    world = await make_world()
    await must(world, "proofs/facture-1", **PROOF)
    await must(world, "funders/feder", name="FEDER", level="EU", legal_nature="PUBLIC_PERSON")
    await must(
        world,
        "funds/feder",
        name="FEDER",
        funder="feder",
        custody="POOLED",
        mode="reimbursement",
        restriction="none",
        valid_from="2026-01-01",
        valid_until="2028-12-31",
    )
    await world.reach("committed", 2_000)
    await world.must("liquidate", 1_000, proof="facture-1")
    part = [{"proof": "facture-1", "eligible_cents": 600, "ineligible_cents": 400}]

    assert await claimed(world, "d1", fund="feder", proofs=part) == (409, "E_PROOF")
    assert await claimed(world, "d1", fund="feder", proofs=part, advanced_by="region") == (
        200,
        None,
    )


async def test_a_claim_waits_for_who_holds_its_proof_and_then_counts_what_it_did(world, pool):
    await must(world, "proofs/facture-1", **PROOF)
    whole = [{"proof": "facture-1", "eligible_cents": 1_000}]

    async with pool.acquire() as other, other.transaction():
        await other.execute(
            "SELECT proof FROM proofs WHERE coordination = $1 FOR NO KEY UPDATE",
            world.coordination,
        )
        claim = asyncio.create_task(claimed(world, "d1", proofs=whole))
        await until(lambda: waits(other))
        await other.execute(
            "INSERT INTO claims (coordination, claim, fund, claimed_on, proofs,"
            " eligible_cents, ineligible_cents)"
            " VALUES ($1, 'd0', 'region', '2026-06-01', '{facture-1}', '{1}', '{0}')",
            world.coordination,
        )

    assert await claim == (409, "E_PROOF")


async def waits(connection):
    """Tell whether a session of this database waits for a row."""
    return await connection.fetchval(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
