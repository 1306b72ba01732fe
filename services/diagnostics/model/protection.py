"""Tables of counts with their margins: which counts stay secret so that none can be worked out.

Three steps: hide what is small (primary), hide enough more that a difference gives nothing away
(complementary), then audit by linear programming and go on until every hidden count may be
anything within a range at least as wide as the threshold. Zero is no secret and hides nothing.

Source: Hundepool et al., Statistical Disclosure Control (2012), chapter 4 (tabular data).
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from heapq import heappop, heappush

import msgspec

from services.diagnostics.model.audit import Range, ranges

Cell = tuple[int, int]
"""Row and column, the margins last."""
_NEW, _MARGIN = 10**9, 4
"""What hiding one more count costs beside its value, and how many of those a margin costs."""
GIVE_BACK_MAX = 200
"""In larger tables nothing is tried to be given back: each try is an audit."""


class Status(StrEnum):
    """Why a count is hidden, or that it is not. Never shown beside a public table.

    A reader who knew which counts are primary would know that they are under the threshold.
    """

    PRIMARY = "A"
    COMPLEMENTARY = "D"
    PUBLISHED = "V"


class Table(msgspec.Struct, frozen=True):
    """Counts by row and column; the last row and the last column are their totals."""

    counts: Sequence[Sequence[int]]

    @property
    def rows(self) -> int:
        """How many rows there are, without the totals."""
        return len(self.counts) - 1

    @property
    def columns(self) -> int:
        """How many columns there are, without the totals."""
        return len(self.counts[0]) - 1

    def cells(self) -> dict[Cell, int]:
        """Return every count by its place."""
        return {(i, j): n for i, row in enumerate(self.counts) for j, n in enumerate(row)}

    def sums(self) -> list[dict[Cell, int]]:
        """Return what adds up: each row and each column, less its total."""
        across = [
            {(i, j): 1 for j in range(self.columns)} | {(i, self.columns): -1}
            for i in range(self.rows + 1)
        ]
        down = [
            {(i, j): 1 for i in range(self.rows)} | {(self.rows, j): -1}
            for j in range(self.columns + 1)
        ]
        return across + down

    def is_margin(self, cell: Cell) -> bool:
        """Tell whether a cell is a total."""
        return cell[0] == self.rows or cell[1] == self.columns

    def ends(self, cell: Cell) -> tuple[int, int]:
        """Return where a count flows from and to: every table is a network that loses nothing.

        From a source to rows, from rows to columns, from columns to a sink, and back as the whole.
        """
        row, column = cell
        source, sink = self.rows + self.columns, self.rows + self.columns + 1
        if cell == (self.rows, self.columns):
            return sink, source
        if column == self.columns:
            return source, row
        if row == self.rows:
            return self.rows + column, sink
        return row, self.rows + column


def protect(table: Table, threshold: int) -> dict[Cell, Status]:
    """Return the status of every count of a table whose totals add up.

    Each hidden count can afterwards be anything within `threshold` or more, for a reader who knows
    all that is published. The same table always gives the same answer.
    """
    assert threshold > 0
    cells = table.cells()
    assert min(cells.values()) >= 0
    assert not any(sum(s * cells[cell] for cell, s in one.items()) for one in table.sums())
    primary = {cell for cell, count in cells.items() if 0 < count < threshold}
    hidden = dict.fromkeys(sorted(primary))
    while exposed := _exposed(table, hidden, threshold):
        for cell, known in exposed.items():
            hidden |= dict.fromkeys(_way_round(table, hidden, cell, known, threshold))
    for cell in _to_give_back(table, hidden, primary):
        fewer = {one: None for one in hidden if one != cell}
        if not _exposed(table, fewer, threshold):
            hidden = fewer
    return {
        cell: Status.PRIMARY
        if cell in primary
        else Status.COMPLEMENTARY
        if cell in hidden
        else Status.PUBLISHED
        for cell in cells
    }


def _exposed(table: Table, hidden: Mapping[Cell, None], threshold: int) -> dict[Cell, Range]:
    if not hidden:
        return {}
    found = ranges(table.cells(), table.sums(), list(hidden), enough=threshold)
    return {cell: known for cell, known in found.items() if known.width < threshold}


def _to_give_back(table: Table, hidden: Mapping[Cell, None], primary: set[Cell]) -> list[Cell]:
    """Return what was hidden for others, margins first, then the largest counts."""
    cells = table.cells()
    if len(cells) > GIVE_BACK_MAX:
        return []
    others = [cell for cell in hidden if cell not in primary]
    return sorted(others, key=lambda one: (not table.is_margin(one), -cells[one], one))


def _way_round(
    table: Table, hidden: Mapping[Cell, None], cell: Cell, known: Range, threshold: int
) -> list[Cell]:
    """Return the cheapest counts to hide so that `cell` may be far enough up, or down.

    They close a cycle with it: what one gains, the next loses, and no published total changes. In
    a table that is a rectangle, unless a longer way hides less; through the margins at last.
    """
    count = table.cells()[cell]
    start, end = table.ends(cell)
    up, down = known.least + threshold - count, count - known.most + threshold
    ways = [_cheapest(table, hidden, end, start, cell, up)]
    if down <= count:
        ways.append(_cheapest(table, hidden, start, end, cell, down))
    return min(way for way in ways if way is not None)[1]


def _cheapest(
    table: Table, hidden: Mapping[Cell, None], start: int, end: int, skip: Cell, amount: int
) -> tuple[int, list[Cell]] | None:
    """Return cost and counts of the cheapest way that lets `amount` flow, None if there is none."""
    steps = _steps(table, hidden, skip, amount)
    best: dict[int, int] = {start: 0}
    came: dict[int, tuple[int, Cell]] = {}
    queue = [(0, start)]
    while queue:
        cost, node = heappop(queue)
        if node == end:
            break
        if cost > best[node]:
            continue
        for onward, cell, price in steps.get(node, ()):
            total = cost + price
            if total < best.get(onward, total + 1):
                best[onward], came[onward] = total, (node, cell)
                heappush(queue, (total, onward))
    if end not in came:
        return None
    way: list[Cell] = []
    node = end
    while node != start:
        node, cell = came[node]
        way.append(cell)
    return best[end], way


def _steps(
    table: Table, hidden: Mapping[Cell, None], skip: Cell, amount: int
) -> dict[int, list[tuple[int, Cell, int]]]:
    """Return, by node, where a flow may go on: more of a count, or less of one that is enough."""
    found: dict[int, list[tuple[int, Cell, int]]] = {}
    for cell, count in table.cells().items():
        if cell == skip or count == 0:
            continue
        price = 1
        if cell not in hidden:
            price = _NEW * (_MARGIN if table.is_margin(cell) else 1) + count
        start, end = table.ends(cell)
        found.setdefault(start, []).append((end, cell, price))
        if count >= amount:
            found.setdefault(end, []).append((start, cell, price))
    return found


def extra_per_primary(statuses: Mapping[Cell, Status]) -> float:
    """Return how many counts are hidden for each one that had to be; zero when none had to."""
    kinds = list(statuses.values())
    primary = kinds.count(Status.PRIMARY)
    return kinds.count(Status.COMPLEMENTARY) / primary if primary else 0.0


def shown(table: Table, statuses: Mapping[Cell, Status]) -> Iterator[list[int | None]]:
    """Yield the rows of a table as they may leave, totals last; None is hidden."""
    for i, row in enumerate(table.counts):
        yield [count if statuses[i, j] is Status.PUBLISHED else None for j, count in enumerate(row)]
