"""Amounts that are split, capped, spread or financed twice: whatever the numbers."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from contracts.http.funding.plans import Scenario
from services.funding.model import plan
from services.funding.model.caps import financed
from services.funding.model.limits import ClaimedPart
from services.funding.model.months import capped, half_up, split
from tests.unit.funding.known_posts import FIRST, PRIVATE, PUBLIC, happened, known, opening

CENTS = st.integers(0, 10**13)
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any)
SHARES = st.fractions(0, 1, max_denominator=10**5)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@given(CENTS, WEIGHTS)
def test_a_split_keeps_every_cent_and_is_off_by_less_than_one_each(cents, weights):
    shares = split(cents, weights)

    assert sum(shares) == cents
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(cents * weight, sum(weights))) < 1
        assert weight or not share


@given(CENTS, st.integers(1, 50), st.integers(1, 10**6))
def test_equal_weights_differ_by_a_cent_at_most(cents, count, weight):
    shares = split(cents, [weight] * count)

    assert max(shares) - min(shares) <= 1


@given(SHARES, CENTS)
def test_a_cap_is_the_most_whole_cents_within_its_share(share, cents):
    most = capped(share, cents)

    assert most <= share * cents < most + 1


@given(SHARES, CENTS)
def test_a_rate_rounds_half_a_cent_up(share, cents):
    exact = share * cents

    assert exact - Fraction(1, 2) < half_up(exact) <= exact + Fraction(1, 2)


@given(DAYS, st.integers(0, 2_000), CENTS)
def test_what_is_spread_over_years_adds_up(first, days, cents):
    found = plan.spread(first, first + timedelta(days=days), cents)

    assert sum(found.values()) == cents
    assert set(found) == set(range(first.year, (first + timedelta(days=days)).year + 1))


@given(DAYS, st.sampled_from([PUBLIC, PRIVATE, FIRST]))
def test_a_post_that_is_not_renewed_brings_its_whole_rate_and_no_more(starts_on, rate):
    row = opening(starts_on=starts_on, ends_on=plan.posts.whole_end(starts_on, rate))
    one = known(rate, row, happened("-"))
    args = {"until_year": 2060}

    alone = plan.yearly(one, Scenario.NOT_RENEWED, Fraction(0), **args)
    half = plan.yearly(one, Scenario.PARTIAL, Fraction(1, 2), **args)
    whole = plan.yearly(one, Scenario.RENEWED, Fraction(1), **args)

    assert sum(alone.values()) == sum(rate.instalments_cents)
    for year in whole:
        assert alone.get(year, 0) <= half[year] <= whole[year]


@given(
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 1_000)),
    st.lists(
        st.tuples(st.sampled_from("abc"), st.none() | st.sampled_from("de"), st.integers(0, 1_000)),
        max_size=5,
    ),
    st.sampled_from("abc"),
    st.integers(1, 1_000),
)
def test_financing_a_proof_more_never_counts_less(liquidated, claims, fund, cents):
    parts = [ClaimedPart("p", who, advanced, part) for who, advanced, part in claims]
    more = {**liquidated, fund: liquidated.get(fund, 0) + cents}

    before, after = financed(liquidated, parts), financed(more, parts)

    assert 0 <= before <= after <= before + cents
    assert financed(liquidated, []) == sum(liquidated.values())
