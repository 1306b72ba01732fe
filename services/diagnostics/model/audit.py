"""What a reader may work out of hidden counts from those that are published, by linear programming.

The reader knows every published count, which counts add up to which, and that none is negative.
A hidden count is as safe as the distance between the least and the most it can then be.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import NamedTuple, TypeVar

import highspy

K = TypeVar("K", bound=Hashable)
_WHOLE = 1e-6


class Range(NamedTuple):
    """The least and the most a hidden count can be, as far as they were looked for."""

    least: int
    most: int

    @property
    def width(self) -> int:
        """How far apart they are."""
        return self.most - self.least


class _Program:
    """One linear program over the hidden counts, solved again from where it stands.

    Its unknowns are how far each count is from the true one: all zero is where it starts, and no
    large number enters a sum.
    """

    def __init__(self, values: Sequence[int], rows: Sequence[Mapping[int, int]]) -> None:
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        self._solver.silent()
        self._solver.setOptionValue("presolve", "off")  # A warm start is worth more here.
        self._solver.setOptionValue("threads", 1)
        count = len(values)
        self._solver.addVars(count, [-float(one) for one in values], [highspy.kHighsInf] * count)
        for row in rows:
            signs = [float(one) for one in row.values()]
            self._solver.addRow(0.0, 0.0, len(row), list(row), signs)

    def push(self, column: int, *, value: int, up: bool, at_most: int) -> list[int]:
        """Return how far each count is when `column` is as far up or down as it goes."""
        self._solver.changeColBounds(column, -float(value), float(at_most))
        self._solver.changeColCost(column, -1.0 if up else 1.0)
        self._solver.run()
        status = self._solver.getModelStatus()
        assert status == highspy.HighsModelStatus.kOptimal, f"no optimum: {status}"
        found = self._solver.getSolution().col_value
        self._solver.changeColCost(column, 0.0)
        self._solver.changeColBounds(column, -float(value), highspy.kHighsInf)
        whole = [round(one) for one in found]
        # Rows and columns of a table make a network, whose optima are whole (Hoffman and Kruskal).
        assert abs(found[column] - whole[column]) < _WHOLE, "a count is not whole"
        return whole


def ranges(
    counts: Mapping[K, int],
    sums: Sequence[Mapping[K, int]],
    hidden: Collection[K],
    *,
    enough: int,
) -> dict[K, Range]:
    """Return what each hidden count can be, in its order; a width of `enough` is not widened.

    Args:
        counts: every count, hidden or not; they satisfy `sums`.
        sums: relations that hold, each the sign of its counts, which then add up to zero.
        hidden: the counts that are not published.
        enough: how wide a range must be to be safe, one or more.
    """
    assert enough > 0
    order = {key: column for column, key in enumerate(hidden)}
    rows = [{order[key]: sign for key, sign in one.items() if key in order} for one in sums]
    values = [counts[key] for key in order]
    program = _Program(values, [row for row in rows if row])
    least, most = list(values), list(values)

    def seen(moved: Sequence[int]) -> None:
        for column, by in enumerate(moved):
            least[column] = min(least[column], values[column] + by)
            most[column] = max(most[column], values[column] + by)

    for column, value in enumerate(values):
        for up in (True, False):
            if most[column] - least[column] < enough:
                seen(program.push(column, value=value, up=up, at_most=enough))
    return {key: Range(least[column], most[column]) for key, column in order.items()}


class CannotHold(Exception):
    """The sums that a reader takes to hold cannot all hold: nothing follows from them."""


def narrow(
    least: Sequence[int],
    most: Sequence[int | None],
    sums: Sequence[Mapping[int, int]],
    *,
    asked: Sequence[int],
    enough: int,
) -> set[int]:
    """Return which counts are too narrow for a reader who knows only bounds and sums.

    Here nobody knows the true counts: institutions keep their secrets.

    Args:
        least: the least each count can be at first sight; a published one, itself.
        most: the most, None where there is no end.
        sums: relations between counts, each the sign of its counts by place.
        asked: the places to look at.
        enough: how wide a range must be to be safe.

    Raises:
        CannotHold: the sums cannot all hold.
    """
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    solver.setOptionValue("presolve", "off")  # A warm start is worth more here.
    solver.setOptionValue("threads", 1)
    # No vertex is beyond what all counts add up to: as far as that is as good as no end.
    end = 2 * sum(least) + enough * (len(least) + 1)
    solver.addVars(
        len(least), list(map(float, least)), [float(end if m is None else m) for m in most]
    )
    for row in sums:
        solver.addRow(0.0, 0.0, len(row), list(row), [float(one) for one in row.values()])
    lowest, highest = [float(end)] * len(least), [0.0] * len(least)
    for place in asked:
        for sign in (1.0, -1.0):
            if highest[place] - lowest[place] >= enough - _WHOLE:
                break
            solver.changeColCost(place, sign)
            solver.run()
            status = solver.getModelStatus()
            if status == highspy.HighsModelStatus.kInfeasible:
                raise CannotHold
            assert status == highspy.HighsModelStatus.kOptimal, f"no optimum: {status}"
            solver.changeColCost(place, 0.0)
            for column, value in enumerate(solver.getSolution().col_value):
                lowest[column] = min(lowest[column], value)
                highest[column] = max(highest[column], value)
    return {place for place in asked if highest[place] - lowest[place] < enough - _WHOLE}
