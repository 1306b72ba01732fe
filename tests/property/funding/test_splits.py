"""An amount split between funds."""

from hypothesis import given
from hypothesis import strategies as st

from services.funding.model.splits import shares

voted = st.dictionaries(
    st.sampled_from([f"f{n}" for n in range(9)]), st.integers(1, 10**12), min_size=1
)


@given(voted, st.data())
def test_shares_add_up_within_a_cent_of_the_exact_part_and_never_beyond_the_vote(given_by, data):
    whole = sum(given_by.values())
    amount = data.draw(st.integers(0, whole))

    found = shares(amount, given_by)

    assert sum(found.values()) == amount
    for fund, cents in found.items():
        assert abs(cents * whole - amount * given_by[fund]) < whole
        assert cents <= given_by[fund]


@given(voted, st.randoms())
def test_the_order_of_the_funds_does_not_matter(given_by, random):
    amount = sum(given_by.values()) // 2
    names = list(given_by)
    random.shuffle(names)

    assert shares(amount, {fund: given_by[fund] for fund in names}) == shares(amount, given_by)


def test_cents_left_over_go_to_the_largest_remainders_then_to_the_first_slug():
    assert shares(100, {"a": 1000, "b": 1000, "c": 1000}) == {"a": 34, "b": 33, "c": 33}
    assert shares(10, {"a": 100, "b": 199}) == {"a": 3, "b": 7}
