"""Tables that leave: no hidden count can be worked out, by an attacker written apart."""

import random

from hypothesis import given
from hypothesis import strategies as st

from services.diagnostics.model.protection import Status, Table, extra_per_primary, protect, shown
from tests.property.diagnostics.attacker import possible, widths

THRESHOLD = 11
TABLES = 1_000


def with_totals(inner: list[list[int]]) -> list[list[int]]:
    rows = [[*row, sum(row)] for row in inner]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def random_table(chance: random.Random) -> list[list[int]]:
    rows, columns = chance.randint(1, 6), chance.randint(1, 6)
    kinds = (lambda: 0, lambda: chance.randint(1, 10), lambda: chance.randint(11, 400))
    weights = chance.choice([(1, 1, 2), (4, 1, 1), (0, 1, 9), (1, 4, 1)])
    return with_totals(
        [[chance.choices(kinds, weights)[0]() for _ in range(columns)] for _ in range(rows)]
    )


def hidden(statuses) -> set[tuple[int, int]]:
    return {cell for cell, status in statuses.items() if status is not Status.PUBLISHED}


def recoverable(counts: list[list[int]], cells: set[tuple[int, int]]) -> int:
    return sum(width < THRESHOLD for width in widths(counts, cells, THRESHOLD).values())


def test_nothing_can_be_worked_out_of_a_thousand_tables_and_much_can_without_protection(
    record_property,
):
    chance = random.Random(20261122)
    primary = others = left = without = 0
    for _ in range(TABLES):
        counts = random_table(chance)
        statuses = protect(Table(counts), THRESHOLD)
        small = {cell for cell, one in statuses.items() if one is Status.PRIMARY}
        primary += len(small)
        others += len(hidden(statuses)) - len(small)
        left += recoverable(counts, hidden(statuses))
        without += recoverable(counts, small)
    assert left == 0
    # The negative control: the same attacker, with the small counts alone hidden.
    assert without > primary / 2, f"{without} of {primary}"
    record_property("small_counts", primary)
    record_property("recoverable_alone", without)
    record_property("hidden_for_them", others)


margined = st.integers(1, 4).flatmap(
    lambda columns: st.lists(
        st.lists(st.one_of(st.just(0), st.integers(0, 60)), min_size=columns, max_size=columns),
        min_size=1,
        max_size=5,
    ).map(with_totals)
)


@given(margined, st.integers(1, 20))
def test_small_counts_are_hidden_zeros_never_and_the_rest_is_exact(counts, threshold):
    statuses = protect(Table(counts), threshold)
    told = list(shown(Table(counts), statuses))
    for (i, j), status in statuses.items():
        count = counts[i][j]
        assert (status is Status.PRIMARY) == (0 < count < threshold)
        assert told[i][j] == (count if status is Status.PUBLISHED else None)
        assert count or status is Status.PUBLISHED
    assert extra_per_primary(statuses) >= 0
    width = widths(counts, hidden(statuses), threshold)
    assert all(one >= threshold for one in width.values())


tiny = st.lists(st.lists(st.integers(0, 5), min_size=2, max_size=2), min_size=2, max_size=2)


@given(tiny)
def test_every_value_of_a_wide_enough_range_is_possible_when_all_are_tried(inner):
    counts, threshold = with_totals(inner), 3
    cells = hidden(protect(Table(counts), threshold))
    for values in possible(counts, cells, 12).values():
        assert max(values) - min(values) >= threshold
        assert len(values) == max(values) - min(values) + 1


@given(margined)
def test_rows_and_columns_in_another_order_hide_as_much_of_what_must_be(counts):
    turned = [list(column) for column in zip(*counts, strict=True)]
    one, other = protect(Table(counts), THRESHOLD), protect(Table(turned), THRESHOLD)
    small = {cell for cell, status in one.items() if status is Status.PRIMARY}
    assert small == {(i, j) for (j, i), status in other.items() if status is Status.PRIMARY}
    assert protect(Table(counts), THRESHOLD) == one
