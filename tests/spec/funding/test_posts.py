"""Adviser posts as tables: months used, what is due, what their states admit."""

from datetime import date

import pytest

from services.chassis.errors import Refusal
from services.funding.model import plan, posts
from services.funding.model.months import add_months, months_between, months_over
from tests.unit.funding.known_posts import (
    FIRST,
    PRIVATE,
    PROGRAMME,
    PUBLIC,
    event,
    happened,
    known,
    opening,
)

# from      | months | is
LATER = """
    2024-01-31 | 1   | 2024-02-29
    2023-01-31 | 1   | 2023-02-28
    2024-12-15 | 1   | 2025-01-15
    2024-05-18 | 36  | 2027-05-18
    2024-02-29 | 12  | 2025-02-28
    2024-08-31 | 6   | 2025-02-28
    2024-03-15 | -3  | 2023-12-15
"""


@pytest.mark.parametrize("row", LATER.strip().splitlines())
def test_a_month_later_is_the_same_day_or_the_last_of_a_shorter_month(row):
    start, months, end = (part.strip() for part in row.split("|"))

    assert add_months(date.fromisoformat(start), int(months)) == date.fromisoformat(end)


# from      | to         | whole months
BETWEEN = """
    2024-01-15 | 2024-02-14 | 0
    2024-01-15 | 2024-02-15 | 1
    2024-01-31 | 2024-02-29 | 1
    2024-01-15 | 2027-01-15 | 36
    2024-01-15 | 2024-01-15 | 0
    2024-02-15 | 2024-01-15 | 0
"""


@pytest.mark.parametrize("row", BETWEEN.strip().splitlines())
def test_whole_months_are_counted_from_day_to_day(row):
    start, end, months = (part.strip() for part in row.split("|"))

    assert months_between(date.fromisoformat(start), date.fromisoformat(end)) == int(months)


def test_days_left_over_by_several_periods_add_up_to_months():
    half = (date(2024, 1, 1), date(2024, 1, 17))

    assert months_over([half]) == 0
    assert months_over([half, half]) == 1


# rate    | what happened                                          | by         | used | due
MONTHS = """
    public  | -                                                      | 2027-01-14 | 0  | 0
    public  | filled 2024-01-15                                      | 2024-02-13 | 0  | 0
    public  | filled 2024-01-15                                      | 2024-02-14 | 1  | 118_056
    public  | filled 2024-01-15                                      | 2027-01-14 | 36 | 4_250_000
    public  | filled 2024-01-15                                      | 2030-01-01 | 36 | 4_250_000
    public  | filled 2024-01-15, bonus 2024-02-01                    | 2027-01-14 | 36 | 5_000_000
    public  | filled 2024-01-15, vacated 2024-07-15                  | 2024-12-31 | 6  | 708_333
    public  | filled 2024-01-15, vacated 2024-07-15, filled 2024-10-15 | 2025-01-14 | 9 | 1_062_500
    public  | filled 2024-01-15, returned 2024-07-15                 | 2026-12-31 | 6  | 708_333
    private | filled 2024-01-15                                      | 2025-01-14 | 12 | 1_466_667
    private | filled 2024-01-15                                      | 2027-01-14 | 36 | 4_400_000
    first   | filled 2024-01-15                                      | 2025-01-14 | 12 | 2_500_000
    first   | filled 2024-01-15                                      | 2026-01-14 | 24 | 5_000_000
"""


@pytest.mark.parametrize("row", MONTHS.strip().splitlines())
def test_months_are_used_while_a_post_is_filled_and_earn_their_share(row):
    rate, events, day, used, due = (part.strip() for part in row.split("|"))
    one = known(
        {"public": PUBLIC, "private": PRIVATE, "first": FIRST}[rate], opening(), happened(events)
    )
    by = date.fromisoformat(day)

    assert posts.consumed(one.standing, one.row, one.rate, day=by) == int(used)
    assert posts.due_cents(one.standing, one.row, one.rate, day=by) == int(due)


def test_a_transfer_keeps_the_months_used_and_changes_the_parties():
    events = [
        event("filled", "2024-01-15"),
        event("transferred", "2024-07-15", employer="ramonville", host="ramonville"),
    ]
    one = known(PUBLIC, opening(), events)

    assert posts.consumed(one.standing, one.row, one.rate, day=date(2025, 1, 14)) == 12
    assert (one.standing.employer, one.standing.host, one.standing.deployer) == (
        "ramonville",
        "ramonville",
        "hub",
    )
    assert one.standing.state == "FILLED"


# what happened                          | then                  | code
REFUSALS = """
    -                                      | vacated 2024-02-01    | E_STATE
    filled 2024-02-01                      | filled 2024-03-01     | E_STATE
    filled 2024-02-01, returned 2024-03-01 | filled 2024-04-01     | E_STATE
    filled 2024-02-01, returned 2024-03-01 | returned 2024-04-01   | E_STATE
    filled 2024-02-01, returned 2024-03-01 | bonus 2024-04-01      | E_STATE
    filled 2024-02-01                      | vacated 2024-01-31    | E_PERIOD
    -                                      | filled 2024-01-14     | E_PERIOD
    -                                      | filled 2024-07-16     | E_PERIOD
    -                                      | filled 2024-07-15     | -
    filled 2024-02-01, vacated 2024-08-31  | filled 2025-03-01     | E_PERIOD
    filled 2024-02-01, vacated 2024-08-31  | filled 2025-02-28     | -
    filled 2024-02-01, vacated 2026-12-01  | filled 2027-01-15     | E_PERIOD
    bonus 2024-02-01                       | bonus 2024-03-01      | E_CAP
    -                                      | transferred 2024-02-01 | E_FIELD
    -                                      | payment 2024-02-01    | E_FIELD
    -                                      | credit_note 2024-02-01 | E_FIELD
"""


@pytest.mark.parametrize("row", REFUSALS.strip().splitlines())
def test_a_post_admits_what_its_state_and_its_days_admit(row):
    events, then, code = (part.strip() for part in row.split("|"))
    one = known(PUBLIC, opening(), happened(events))
    (more,) = happened(then)

    if code == "-":
        posts.after(one.standing, more, one.row, PROGRAMME, one.rate)
        return
    with pytest.raises(Refusal) as refused:
        posts.after(one.standing, more, one.row, PROGRAMME, one.rate)
    assert refused.value.code == code
    assert str(refused.value).endswith(".")


# rate    | paid before     | bonus | rank | cents     | code
PAYMENTS = """
    public  | -               | no    | 1    | 1_750_000 | -
    public  | -               | no    | 1    | 1_750_001 | E_CAP
    public  | -               | yes   | 1    | 2_000_000 | -
    public  | -               | yes   | 1    | 2_000_001 | E_CAP
    public  | 1=1_750_000     | yes   | 2    | 1_750_000 | -
    public  | 1=1_750_000     | no    | 1    | 1         | E_CAP
    public  | -               | no    | 4    | 1         | E_CAP
    private | -               | no    | 1    | 2_000_000 | -
    private | -               | no    | 3    | 1_000_001 | E_CAP
    first   | -               | no    | 1    | 5_000_000 | -
    first   | -               | no    | 2    | 1         | E_CAP
"""


@pytest.mark.parametrize("row", PAYMENTS.strip().splitlines())
def test_each_payment_comes_once_and_within_its_instalment(row):
    rate, before, bonus, rank, cents, code = (part.strip() for part in row.split("|"))
    events = [event("bonus", "2024-01-20")] if bonus == "yes" else []
    if before != "-":
        first, amount = before.split("=")
        events.append(event("payment", "2024-02-01", rank=int(first), amount_cents=int(amount)))
    one = known({"public": PUBLIC, "private": PRIVATE, "first": FIRST}[rate], opening(), events)
    more = event("payment", "2024-03-01", rank=int(rank), amount_cents=int(cents))

    if code == "-":
        after = posts.after(one.standing, more, one.row, PROGRAMME, one.rate)
        assert after.paid[int(rank)] == int(cents)
        return
    with pytest.raises(Refusal) as refused:
        posts.after(one.standing, more, one.row, PROGRAMME, one.rate)
    assert refused.value.code == code


def test_a_private_programme_without_bonus_grants_none():
    one = known(PRIVATE, opening(employer_kind="ASSOCIATION"), [])

    with pytest.raises(Refusal) as refused:
        posts.after(one.standing, event("bonus", "2024-02-01"), one.row, PROGRAMME, one.rate)

    assert refused.value.code == "E_CAP"


def test_a_credit_note_lowers_what_is_granted_and_never_below_zero():
    note = event("credit_note", "2024-02-01", amount_cents=250_000, reason="Poste partagé")
    one = known(PUBLIC, opening(), [note])

    assert posts.granted_cents(one.standing, one.rate) == 4_000_000
    over = event("credit_note", "2024-03-01", amount_cents=4_000_001, reason="Trop")
    with pytest.raises(Refusal) as refused:
        posts.after(one.standing, over, one.row, PROGRAMME, one.rate)
    assert refused.value.code == "E_CAP"


def test_what_was_paid_beyond_the_months_used_is_to_be_returned_with_the_post():
    events = [
        event("filled", "2024-01-15"),
        event("payment", "2024-02-01", rank=1, amount_cents=1_750_000),
    ]
    running = known(PUBLIC, opening(), events)
    back = known(PUBLIC, opening(), [*events, event("returned", "2024-07-15")])
    day = date(2024, 7, 15)

    assert posts.to_return_cents(running.standing, running.row, PUBLIC, day=day) == 0
    assert posts.to_return_cents(back.standing, back.row, PUBLIC, day=day) == 1_750_000 - 708_333


def test_a_post_that_lasts_longer_than_its_rate_uses_no_more_months_than_it():
    row = opening(ends_on=date(2028, 1, 14))
    one = known(PUBLIC, row, happened("filled 2024-01-15"))

    assert posts.consumed(one.standing, row, PUBLIC, day=date(2028, 1, 14)) == 36


def test_a_plan_takes_credit_notes_off_the_last_instalments():
    note = event("credit_note", "2024-02-01", amount_cents=1_300_000, reason="Poste partagé")

    found = plan.parts(known(PUBLIC, opening(), [note]))

    assert [cents for _, _, cents in found] == [1_750_000, 1_200_000, 0]


def test_a_plan_stops_at_a_return_with_the_days_of_its_part():
    found = plan.parts(known(PUBLIC, opening(), happened("returned 2025-07-15")))

    assert [cents for _, _, cents in found] == [1_750_000, 619_863]  # 181 days of 365.
