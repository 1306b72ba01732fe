"""What each act moves, as a table: the whole way of a euro and every way back."""

import pytest

from tests.unit.funding.known import Kept

# money stands at | act            | cites     | and then stands at
MOVES = """
    -               | pledge         | -         | promised
    promised        | notify         | -         | notified
    notified        | agree          | -         | available
    available       | earmark        | -         | earmarked:bus
    earmarked       | release        | -         | available
    earmarked       | award          | -         | awarded:bus
    available       | award          | -         | awarded:bus
    awarded         | withdraw_award | -         | available
    awarded         | commit         | -         | awarded:bus
    committed       | liquidate      | -         | liquidated
    liquidated      | mandate        | -         | mandated
    mandated        | pay            | -         | paid
    paid            | claw_back      | pay       | available
    promised        | lapse          | pledge    | -
    notified        | lapse          | notify    | -
    available       | lapse          | agree     | -
    earmarked       | lapse          | earmark   | -
    awarded         | lapse          | award     | -
    committed       | lapse          | post      | -
    earmarked       | carry_over     | earmark   | available
    awarded         | carry_over     | award     | available
    committed       | carry_over     | post      | available
"""


@pytest.mark.parametrize("line", MOVES.strip().splitlines())
def test_an_act_moves_money_from_its_stage_to_the_next(line):
    start, kind, cites, end = (part.strip() for part in line.split("|"))
    ledger = Kept()
    if start != "-":
        ledger.reach(start, 100)
    more = {}
    if cites != "-":
        more["reverses"] = next(one.id for one in ledger.recorded.values() if one.kind == cites)

    ledger.must(kind, 100, **more)

    stages = {
        code.removeprefix("region:"): cents
        for code, cents in ledger.held().items()
        if code.split(":")[1] not in {"pledged", "receivable", "cash", "payee", "clawback_due"}
    }
    assert stages == ({} if end == "-" else {end: 100})


def test_an_award_draws_on_the_earmark_of_its_action_before_what_is_free():
    ledger = Kept()
    ledger.reach("available", 300)
    ledger.must("earmark", 100)

    ledger.must("award", 80)
    ledger.must("award", 150)

    assert ledger.held() == {
        "region:pledged": -300,
        "region:available": 50,
        "region:earmarked:bus": 20,
        "region:awarded:bus": 230,
    }


def test_a_payment_of_a_pooled_fund_leaves_its_cash_with_it():
    ledger = Kept()
    ledger.reach("mandated", 100)

    ledger.must("pay", 60)

    assert ledger.held()["region:cash"] == 40
    assert ledger.held()["region:payee"] == 60 == ledger.held()["region:paid"]


def test_money_recalled_comes_back_to_cash_by_a_receipt_that_cites_the_recall():
    ledger = Kept()
    ledger.reach("paid", 100)
    paid = next(one.id for one in ledger.recorded.values() if one.kind == "pay")

    recall = ledger.must("claw_back", 30, reverses=paid)
    ledger.must("receive", 30, reverses=recall)

    held = ledger.held()
    assert (held["region:cash"], held["region:payee"], held["region:paid"]) == (30, 70, 70)
    assert "region:clawback_due" not in held


def test_a_hold_keeps_money_from_others_until_it_is_signed_in_part():
    ledger = Kept()
    ledger.reach("awarded", 100)
    hold = ledger.must("commit", 70)

    assert ledger.one("commit", 40).code == "E_FUNDS"
    ledger.must("post", 50, pending_id=hold)
    ledger.must("commit", 50)

    assert ledger.held()["region:committed:bus:transporteur"] == 50


def test_a_voided_hold_gives_its_money_back():
    ledger = Kept()
    ledger.reach("awarded", 100)
    hold = ledger.must("commit", 100)

    ledger.must("void", None, pending_id=hold)

    ledger.must("commit", 100)
    assert ledger.held() == {"region:pledged": -100, "region:awarded:bus": 100}
