"""What raises an alert, on which day exactly, as a table; the day is an argument."""

from datetime import date
from fractions import Fraction

import msgspec
import pytest

from services.funding.model.alerts import (
    GivenProof,
    Watched,
    WatchedAgreement,
    WatchedFund,
    WatchedLine,
    WatchedShare,
    evaluate,
)
from tests.unit.funding.known_posts import PRIVATE, PUBLIC, happened, known, opening

FUND = WatchedFund("bus", None, 0, date(2030, 1, 1), 0, None, 0, 0)
AGREEMENT = WatchedAgreement(
    "conv",
    "bus",
    date(2026, 3, 6),
    date(2027, 12, 31),
    None,
    ["avance", "solde"],
    ["advance", "balance"],
    [400, 600],
    [date(2026, 4, 1), date(2027, 12, 31)],
    ["", "financial_report,activity_report"],
)
ALL_IN = {("conv", "avance"): 400, ("conv", "solde"): 600}


def keys(watched, day):
    """Return the keys raised on a day, the cliff of the years aside."""
    found = evaluate(watched, date.fromisoformat(day))
    return [one.key for one in found if one.kind != "funding_cliff"]


def changed(struct, **more):
    return msgspec.structs.replace(struct, **more)


# ceiling | engaged | line's ceiling | committed | raised
CEILINGS = """
    100     | 89      | 0              | 0         | -
    100     | 90      | 0              | 0         | ceiling_near:fund/bus
    100     | 100     | 0              | 0         | ceiling_near:fund/bus
    -       | 10**9   | 0              | 0         | -
    0       | 0       | 0              | 0         | -
    -       | 0       | 1000           | 899       | -
    -       | 0       | 1000           | 900       | ceiling_near:line/l1
"""


@pytest.mark.parametrize("row", CEILINGS.strip().splitlines())
def test_a_ceiling_is_near_from_nine_tenths(row):
    most, engaged, line, committed, raised = (part.strip() for part in row.split("|"))
    fund = changed(
        FUND, ceiling_cents=None if most == "-" else int(most), engaged_cents=eval(engaged)
    )
    watched = Watched(funds=[fund], lines=[WatchedLine("l1", int(line), int(committed))])

    assert keys(watched, "2026-05-18") == ([] if raised == "-" else [raised])


# day        | uncommitted | raised
LAPSES = """
    2026-10-01 | 500         | -
    2026-10-02 | 500         | lapse:bus:90
    2026-12-01 | 500         | lapse:bus:30
    2026-11-30 | 500         | lapse:bus:90
    2026-12-31 | 500         | lapse:bus:30
    2027-01-01 | 500         | -
    2026-12-01 | 0           | -
"""


@pytest.mark.parametrize("row", LAPSES.strip().splitlines())
def test_money_not_committed_is_told_90_then_30_days_before_it_lapses(row):
    day, left, raised = (part.strip() for part in row.split("|"))
    fund = changed(FUND, lapses_on=date(2026, 12, 31), uncommitted_cents=int(left))

    assert keys(Watched(funds=[fund]), day) == ([] if raised == "-" else [raised])


# day        | what was received | proofs given                          | raised
AGREEMENTS = """
    2026-03-10 | -                 | -                                     | -
    2027-07-03 | all               | -                                     | -
    2027-07-04 | all               | -                                     | agreement_ending:conv:180
    2027-10-01 | all               | -                                     | agreement_ending:conv:180
    2027-10-02 | all               | -                                     | agreement_ending:conv:90
    2027-11-30 | all               | -                                     | agreement_ending:conv:90
    2027-12-01 | all               | -                                     | agreement_ending:conv:30
    2027-12-31 | all               | -                                     | agreement_ending:conv:30
    2028-01-01 | all               | -                                     | -
    2026-05-01 | advance           | -                                     | balance_to_claim:conv
    2028-01-01 | -                 | solde/financial_report -/activity_report | balance_to_claim:conv
    2027-11-30 | -                 | -                                     | agreement_ending:conv:90
    2027-12-01 | -                 | solde/financial_report                | agreement_ending:conv:30 proof_missing:conv/solde
    2027-12-01 | -                 | solde/financial_report -/activity_report | agreement_ending:conv:30
    2027-12-01 | -                 | avance/financial_report -/activity_report | agreement_ending:conv:30 proof_missing:conv/solde
"""


@pytest.mark.parametrize("row", AGREEMENTS.strip().splitlines())
def test_an_agreement_tells_its_end_its_balance_and_what_proof_lacks(row):
    day, received, proofs, raised = (part.strip() for part in row.split("|"))
    come = {"-": {}, "advance": {("conv", "avance"): 400}, "all": ALL_IN}[received]
    given = [
        GivenProof("conv", None if tranche == "-" else tranche, kind, date(2027, 1, 15))
        for tranche, _, kind in (one.partition("/") for one in proofs.split() if one != "-")
    ]
    watched = Watched(agreements=[AGREEMENT], received=come, proofs=given)

    assert keys(watched, day) == ([] if raised == "-" else raised.split())


# day        | report due on | months | report issued on | raised
REPORTS = """
    2027-05-30 | 2027-06-30    | -      | -                | -
    2027-05-31 | 2027-06-30    | -      | -                | report_due:conv:2027
    2028-01-01 | 2027-06-30    | -      | -                | report_due:conv:2027
    2028-01-01 | 2027-06-30    | -      | 2026-12-01       | -
    2027-05-30 | -             | 6      | -                | -
    2027-05-31 | -             | 6      | -                | report_due:conv:2027
    2027-05-31 | -             | 6      | 2026-12-31       | report_due:conv:2027
    2027-05-31 | -             | 6      | 2027-01-01       | -
    2026-05-31 | -             | 6      | -                | -
    2027-05-31 | -             | -      | -                | -
"""


@pytest.mark.parametrize("row", REPORTS.strip().splitlines())
def test_a_financial_report_is_due_on_its_day_or_months_after_each_year(row):
    day, due, months, issued, raised = (part.strip() for part in row.split("|"))
    agreement = changed(
        AGREEMENT,
        report_due_on=None if due == "-" else date.fromisoformat(due),
        ends_on=date(2029, 12, 31),
    )
    given = (
        []
        if issued == "-"
        else [
            GivenProof("conv", "solde", "financial_report", date.fromisoformat(issued)),
        ]
    )
    watched = Watched(
        agreements=[agreement],
        received=ALL_IN,
        proofs=given,
        report_months=None if months == "-" else int(months),
    )

    assert keys(watched, day) == ([] if raised == "-" else [raised])


# what happened                           | day        | raised
POSTS = """
    -                                       | 2024-07-14 | -
    -                                       | 2024-07-15 | vacancy:p1
    filled 2024-03-01                       | 2024-07-15 | -
    filled 2024-03-01, vacated 2024-08-31   | 2025-02-27 | -
    filled 2024-03-01, vacated 2024-08-31   | 2025-02-28 | vacancy:p1
    filled 2024-03-01                       | 2024-10-16 | -
    filled 2024-03-01                       | 2024-10-17 | degressive_step:p1:2025-01-15
    filled 2024-03-01                       | 2025-01-15 | degressive_step:p1:2025-01-15
    filled 2024-03-01                       | 2025-01-16 | -
    filled 2024-03-01                       | 2026-07-17 | -
    filled 2024-03-01                       | 2026-07-18 | post_ending:p1:180
    filled 2024-03-01                       | 2026-10-16 | post_ending:p1:90
    filled 2024-03-01                       | 2026-12-15 | post_ending:p1:30
    filled 2024-03-01                       | 2027-01-14 | post_ending:p1:30
    filled 2024-03-01                       | 2027-01-15 | -
    filled 2024-03-01, returned 2026-07-01  | 2026-12-15 | -
"""


@pytest.mark.parametrize("row", POSTS.strip().splitlines())
def test_a_post_tells_its_vacancy_its_steps_and_its_end(row):
    events, day, raised = (part.strip() for part in row.split("|"))
    post = known(PUBLIC, opening(), happened(events))

    assert keys(Watched(posts=[post]), day) == ([] if raised == "-" else [raised])


def test_a_share_is_near_from_nine_tenths_of_what_its_rule_leaves():
    share = WatchedShare("bus", "itinerance", 1_000, 719)
    watched = Watched(shares=[share], share_max={"bus": Fraction(4, 5)})

    assert keys(watched, "2026-05-18") == []
    near = changed(share, awarded_cents=720)
    assert keys(Watched(shares=[near], share_max={"bus": Fraction(4, 5)}), "2026-05-18") == [
        "cap_near:bus/itinerance"
    ]
    assert keys(Watched(shares=[near]), "2026-05-18") == []


def test_prefinancing_is_near_its_limit_by_what_is_received_ahead_of_the_payments():
    fund = changed(FUND, prefinancing_limit_cents=100, received_cents=200, paid_cents=111)

    assert keys(Watched(funds=[fund]), "2026-05-18") == []
    assert keys(Watched(funds=[changed(fund, paid_cents=110)]), "2026-05-18") == [
        "cap_near:prefinancing/bus"
    ]


# in the year | raised             | what the year after brings less
CLIFFS = """
    2023      | -                  | 0
    2024      | funding_cliff:2025 | 414_065
    2025      | funding_cliff:2026 | 18_995
    2026      | funding_cliff:2027 | 1_202_055
    2027      | funding_cliff:2028 | 47_945
    2028      | -                  | 0
"""


@pytest.mark.parametrize("row", CLIFFS.strip().splitlines())
def test_a_cliff_is_told_all_the_year_before_with_what_is_lost(row):
    year, raised, less = (part.strip() for part in row.split("|"))
    post = known(PUBLIC, opening(), happened("filled 2024-03-01"))

    for day in (date(int(year), 1, 1), date(int(year), 12, 31)):
        found = [one for one in evaluate(Watched(posts=[post]), day) if one.kind == "funding_cliff"]

        told = [(one.key, one.amount_cents, one.due_on) for one in found]
        due = date(int(year) + 1, 1, 1)
        assert told == ([] if raised == "-" else [(raised, int(less), due)])


def test_a_private_rate_is_degressive_twice():
    post = known(PRIVATE, opening(employer_kind="ASSOCIATION"), happened("filled 2024-03-01"))

    assert keys(Watched(posts=[post]), "2025-01-15") == ["degressive_step:p1:2025-01-15"]
    assert keys(Watched(posts=[post]), "2026-01-15") == ["degressive_step:p1:2026-01-15"]


def test_alerts_come_the_soonest_due_first():
    watched = Watched(
        funds=[changed(FUND, lapses_on=date(2026, 6, 1), uncommitted_cents=1)],
        lines=[WatchedLine("l1", 10, 10)],
        agreements=[changed(AGREEMENT, ends_on=date(2026, 5, 20))],
        received=ALL_IN,
    )

    assert keys(watched, "2026-05-18") == [
        "agreement_ending:conv:30",
        "lapse:bus:30",
        "ceiling_near:line/l1",
    ]
