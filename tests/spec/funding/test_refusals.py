"""What each act is refused for, as a table: the code of what lacks, and a sentence with figures."""

from datetime import date
from uuid import UUID, uuid4

import msgspec
import pytest

from contracts.http.funding import TransferAnswer, TransferStatus
from services.funding.errors import euros
from services.funding.model.book import Unread
from tests.unit.funding.known import (
    AGREED_CENTS,
    DECIDED_CENTS,
    DECISION,
    FUND,
    VOTED_CENTS,
    Kept,
    asked,
)

# money stands at | act            | with                                    | code
REFUSALS = """
    available       | agree          | agreement=None                          | E_AGREEMENT
    notified        | agree          | agreement='autre'                       | E_AGREEMENT
    notified        | agree          | effective_on=date(2026, 3, 5)           | E_AGREEMENT
    available       | earmark        | purpose=None                            | E_PURPOSE
    available       | earmark        | purpose='inconnue'                      | E_PURPOSE
    available       | award          | opinion=None                            | E_DECISION
    available       | award          | funder_decision=None                    | E_DECISION
    available       | award          | opinion=uuid4()                         | E_DECISION
    available       | award          | funder_decision=uuid4()                 | E_DECISION
    available       | award          | effective_on=date(2026, 4, 23)          | E_DECISION
    available       | award          | effective_on=date(2026, 3, 18)          | E_DECISION
    available       | award          | action=None                             | E_FIELD
    available       | award          | action='inconnue'                       | E_UNKNOWN
    available       | award          | effective_on=date(2029, 1, 1)           | E_PERIOD
    awarded         | commit         | effective_on=date(2029, 1, 1)           | E_PERIOD
    awarded         | commit         | payee='inconnu'                         | E_UNKNOWN
    awarded         | commit         | payee=None                              | E_FIELD
    awarded         | commit         | phase='single'                          | E_FIELD
    awarded         | withdraw_award | reason=None                             | E_FIELD
    awarded         | withdraw_award | reason='Voir 06 12 34 56 78'            | E_FIELD
    available       | withdraw_award | action=None                             | E_DECISION
    committed       | liquidate      | proof=None                              | E_PROOF
    committed       | liquidate      | payee='inconnu'                         | E_UNKNOWN
    paid            | claw_back      | reverses=None                           | E_FIELD
    paid            | claw_back      | reverses=uuid4()                        | E_UNKNOWN
    awarded         | post           | pending_id=uuid4()                      | E_UNKNOWN
    awarded         | post           | pending_id=None                         | E_FIELD
    promised        | pledge         | fund='inconnu'                          | E_UNKNOWN
    promised        | pledge         | fund=None                               | E_FIELD
    promised        | notify         | amount_cents=None                       | E_FIELD
    promised        | notify         | amount_cents=101                        | E_FUNDS
    notified        | agree          | amount_cents=101                        | E_FUNDS
    available       | earmark        | amount_cents=101                        | E_FUNDS
    earmarked       | release        | amount_cents=101                        | E_FUNDS
    earmarked       | release        | purpose='atelier'                       | E_FUNDS
    available       | award          | amount_cents=101                        | E_FUNDS
    awarded         | withdraw_award | amount_cents=101                        | E_FUNDS
    awarded         | commit         | amount_cents=101                        | E_FUNDS
    committed       | liquidate      | amount_cents=101                        | E_FUNDS
    liquidated      | mandate        | amount_cents=101                        | E_FUNDS
    mandated        | pay            | amount_cents=101                        | E_FUNDS
    available       | receive        | amount_cents=101                        | E_FUNDS
    available       | receive        | tranche=None                            | E_FIELD
"""


@pytest.mark.parametrize("line", REFUSALS.strip().splitlines())
def test_an_act_that_lacks_something_is_refused_by_the_code_of_what_lacks(line):
    start, kind, changed, code = (part.strip() for part in line.split("|"))
    ledger = Kept()
    ledger.reach(start, 100)
    before = dict(ledger.balances)

    answer = ledger.one(kind, **eval(f"dict({changed})", {"date": date, "uuid4": uuid4}))

    assert (answer.status, answer.code) == (TransferStatus.REFUSED, code)
    assert answer.detail.endswith(".")
    assert ledger.balances == before


def of_kind(ledger: Kept, kind: str) -> UUID:
    return next(one.id for one in ledger.recorded.values() if one.kind == kind)


def test_an_overspend_is_told_with_its_fund_what_is_there_and_what_was_asked():
    ledger = Kept()
    ledger.reach("available", 50_000)

    answer = ledger.one("earmark", 60_000)

    assert answer.detail == (
        f"Fonds « region », conventionné disponible : {euros(50_000)} s'y trouvent, "
        f"{euros(60_000)} sont demandés."
    )


def test_an_agreement_is_not_exceeded_over_all_its_acts():
    ledger = Kept()
    ledger.reach("notified", AGREED_CENTS + 1)
    ledger.must("agree", AGREED_CENTS - 1)

    answer = ledger.one("agree", 2)

    assert answer.code == "E_AGREEMENT"
    assert euros(AGREED_CENTS) in answer.detail
    ledger.must("agree", 1)


def test_awards_stay_within_the_opinion_and_the_decision_both_told():
    ledger = Kept()
    ledger.reach("available", AGREED_CENTS)
    ledger.must("award", DECIDED_CENTS - 1)

    answer = ledger.one("award", 2)

    assert answer.code == "E_DECISION"
    assert euros(DECIDED_CENTS) in answer.detail
    assert euros(VOTED_CENTS) in answer.detail
    ledger.must("award", 1)


def test_a_withdrawn_award_can_be_awarded_again_under_the_same_opinion():
    ledger = Kept()
    ledger.reach("available", DECIDED_CENTS)
    ledger.must("award", DECIDED_CENTS)

    ledger.must("withdraw_award", 100)

    assert ledger.one("award", 101).code == "E_DECISION"
    ledger.must("award", 100)


def test_a_withdrawal_that_may_be_of_two_awards_says_which():
    ledger = Kept()
    ledger.reach("available", 200)
    ledger.must("award", 100)
    ledger.must("award", 100, action="atelier")

    assert ledger.one("withdraw_award", 50).code == "E_DECISION"
    ledger.must("withdraw_award", 50, action="atelier")

    assert ledger.held()["region:awarded:atelier"] == 50


def test_a_decision_of_another_funder_awards_nothing_here():
    ledger = Kept(msgspec.structs.replace(FUND, funder="departement-31"))
    ledger.known = Kept().known  # The decision is of the région.
    fund = msgspec.structs.replace(FUND, funder="departement-31")
    ledger.known = msgspec.structs.replace(ledger.known, funds={"region": fund})
    ledger.reach("available")

    answer = ledger.one("award")

    assert answer.code == "E_DECISION"
    assert "departement-31" in answer.detail


def test_an_award_is_not_effective_before_its_opinion_even_if_the_funder_decided_first():
    ledger = Kept()
    early = [
        msgspec.structs.replace(share, enforceable_since=date(2026, 1, 1))
        for share in ledger.known.decisions[DECISION]
    ]
    ledger.known = msgspec.structs.replace(ledger.known, decisions={DECISION: early})
    ledger.reach("available")

    answer = ledger.one("award", effective_on=date(2026, 3, 18))

    assert answer.code == "E_DECISION"
    assert "19/03/2026" in answer.detail
    ledger.must("award", effective_on=date(2026, 3, 19))


def test_holds_count_towards_the_ceiling_until_they_are_voided():
    ledger = Kept(msgspec.structs.replace(FUND, ceiling_cents=100))
    ledger.reach("awarded", 300)
    hold = ledger.must("commit", 80)

    answer = ledger.one("commit", 21)

    assert answer.code == "E_CEILING"
    assert euros(100) in answer.detail
    ledger.must("void", None, pending_id=hold)
    ledger.must("commit", 100)


def test_what_a_signed_act_leaves_of_its_hold_frees_the_ceiling():
    ledger = Kept(msgspec.structs.replace(FUND, ceiling_cents=100))
    ledger.reach("awarded", 300)

    ledger.must("post", 60, pending_id=ledger.must("commit", 100))

    assert ledger.one("commit", 41).code == "E_CEILING"
    ledger.must("commit", 40)


def test_a_reimbursement_fund_receives_ahead_up_to_its_prefinancing_limit():
    fund = msgspec.structs.replace(FUND, mode="reimbursement", prefinancing_limit_cents=30)
    ledger = Kept(fund)
    ledger.reach("available", 100)
    ledger.must("receive", 30)

    assert ledger.one("receive", 1).code == "E_CAP"
    ledger.must("award", 100)
    ledger.must("post", None, pending_id=ledger.must("commit", 30))
    for kind in ("liquidate", "mandate", "pay"):
        ledger.must(kind, 20)

    assert ledger.one("receive", 21).code == "E_CAP"
    ledger.must("receive", 20)


def test_a_fund_outside_the_pool_has_no_cash_and_is_paid_all_the_same():
    ledger = Kept(msgspec.structs.replace(FUND, custody="DIRECT"))
    ledger.reach("awarded", 100)

    assert ledger.one("receive").code == "E_UNKNOWN"
    ledger.must("post", None, pending_id=ledger.must("commit"))
    for kind in ("liquidate", "mandate", "pay"):
        ledger.must(kind)

    assert ledger.held() == {"region:pledged": -100, "region:paid": 100}


def test_a_fund_its_funder_bound_serves_only_the_actions_it_agreed_on():
    ledger = Kept(msgspec.structs.replace(FUND, restriction="hard", actions=["bus"]))
    ledger.reach("available", 200)

    assert ledger.one("earmark", purpose="atelier").code == "E_PURPOSE"
    assert ledger.one("award", action="atelier").code == "E_PURPOSE"
    ledger.must("earmark")


def test_a_hold_ends_once():
    ledger = Kept()
    ledger.reach("awarded")
    hold = ledger.must("commit")
    ledger.must("post", 40, pending_id=hold)

    for kind in ("post", "void"):
        assert ledger.one(kind, None, pending_id=hold).code == "E_RESOLVED"


def test_a_hold_ends_once_within_a_list():
    ledger = Kept()
    ledger.reach("awarded")
    hold = asked("commit", 50)

    answers = ledger.post(
        [
            hold,
            asked("post", None, pending_id=hold.id),
            asked("void", None, pending_id=hold.id),
        ]
    )

    assert [answer.code for answer in answers] == [None, None, "E_RESOLVED"]


def test_a_hold_whose_signature_was_refused_with_its_group_is_still_open():
    ledger = Kept()
    ledger.reach("awarded")
    hold = ledger.must("commit", 50)

    ledger.post([asked("post", None, pending_id=hold, linked=True), asked("commit", 51)])

    ledger.must("void", None, pending_id=hold)


def test_a_hold_is_signed_for_at_most_its_amount_and_voided_whole():
    ledger = Kept()
    ledger.reach("awarded")
    hold = ledger.must("commit")

    assert ledger.one("post", 101, pending_id=hold).code == "E_FUNDS"
    assert ledger.one("void", 99, pending_id=hold).code == "E_FUNDS"


def test_what_is_taken_back_is_at_most_what_was_done_and_not_before_it():
    ledger = Kept()
    ledger.reach("paid")
    paid = of_kind(ledger, "pay")

    early = ledger.one("claw_back", reverses=paid, effective_on=date(2026, 5, 17))
    ledger.must("claw_back", 60, reverses=paid)

    assert early.code == "E_PERIOD"
    assert ledger.one("claw_back", 41, reverses=paid).code == "E_FUNDS"
    assert ledger.one("lapse", 10, reverses=paid).code == "E_UNKNOWN"


def test_what_is_taken_back_is_at_most_what_was_done_within_a_list():
    ledger = Kept()
    ledger.reach("paid", 200)
    ledger.reach("paid", 100)
    paid = of_kind(ledger, "pay")

    answers = ledger.post([asked("claw_back", 110, reverses=paid) for _ in range(2)])

    assert [answer.code for answer in answers] == [None, "E_FUNDS"]


def test_cash_never_goes_below_zero_even_when_the_mandate_is_good():
    ledger = Kept()
    ledger.reach("mandated", 100)
    ledger.must("pay", 60)
    for kind in ("pledge", "notify", "agree", "award"):
        ledger.must(kind, 500)
    ledger.must("post", None, pending_id=ledger.must("commit", 500))
    for kind in ("liquidate", "mandate"):
        ledger.must(kind, 500)

    answer = ledger.one("pay", 41)

    assert answer.code == "E_FUNDS"
    assert "caisse" in answer.detail
    assert ledger.held()["region:paid"] == 60


def test_the_same_act_again_changes_nothing_and_another_under_its_id_is_refused():
    ledger = Kept()
    act = asked("pledge", 100)
    ledger.post([act])
    before = dict(ledger.balances)

    again, other, kind = ledger.post(
        [
            act,
            msgspec.structs.replace(act, amount_cents=101),
            asked("notify", 100, id=act.id),
        ]
    )

    assert (again.status, again.code) == (TransferStatus.EXISTS, None)
    assert (other.code, kind.code) == ("E_DIFFERS", "E_DIFFERS")
    assert "amount_cents" in other.detail
    assert ledger.balances == before


def test_an_act_completed_by_the_ledger_is_the_same_when_it_is_sent_again():
    ledger = Kept()
    ledger.reach("awarded")
    withdrawal = asked("withdraw_award", 40)
    hold = ledger.must("commit", 60)
    signature = asked("post", None, pending_id=hold)

    answers = ledger.post([withdrawal, signature, withdrawal, signature])

    assert [answer.status for answer in answers] == ["posted", "posted", "exists", "exists"]


def test_linked_acts_pass_together():
    ledger = Kept()
    acts = [asked("pledge", linked=True), asked("notify", linked=True), asked("agree")]

    assert [answer.status for answer in ledger.post(acts)] == ["posted"] * 3


def test_linked_acts_fail_together_and_leave_nothing():
    ledger = Kept()
    ledger.reach("promised", 50)
    acts = [
        asked("pledge", 100, linked=True),
        asked("notify", 200, linked=True),
        asked("pledge", 100),
        asked("notify", 50),
    ]

    answers = ledger.post(acts)

    assert [answer.code for answer in answers] == ["E_LINKED", "E_FUNDS", "E_LINKED", None]
    assert str(acts[1].id) in answers[0].detail
    assert ledger.held() == {"region:pledged": -50, "region:notified": 50}


def test_a_group_refused_once_may_come_again():
    ledger = Kept()
    group = [asked("pledge", 100, linked=True), asked("notify", 200)]

    first = ledger.post(group)
    ledger.must("pledge", 100)

    assert [answer.code for answer in first] == ["E_LINKED", "E_FUNDS"]
    assert [answer.status for answer in ledger.post(group)] == ["posted", "posted"]


def test_a_last_act_linked_to_nothing_is_refused_with_its_group():
    ledger = Kept()

    answers = ledger.post([asked("pledge", linked=True), asked("pledge", linked=True)])

    assert [answer.code for answer in answers] == ["E_LINKED", "E_LINKED"]
    assert ledger.held() == {}


def test_an_act_that_cannot_be_read_fails_its_group_and_no_other():
    ledger = Kept()
    unread = TransferAnswer(id=None, status=TransferStatus.REFUSED, code="E_FIELD", detail="non")

    answers = ledger.post(
        [asked("pledge", linked=True), Unread(unread, linked=False), asked("pledge")]
    )

    assert [answer.code for answer in answers] == ["E_LINKED", "E_FIELD", None]
    assert ledger.held() == {"region:pledged": -100, "region:promised": 100}


def test_two_groups_failing_for_different_reasons_keep_their_own_reason():
    ledger = Kept()
    first = [asked("notify", linked=True), asked("pledge")]
    second = [asked("pledge", linked=True), asked("agree", agreement=None)]

    answers = ledger.post([*first, *second])

    assert [answer.code for answer in answers] == ["E_FUNDS", "E_LINKED", "E_LINKED", "E_AGREEMENT"]
