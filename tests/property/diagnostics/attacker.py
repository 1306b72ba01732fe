"""Someone who reads a published table and works the hidden counts out, without a solver.

A table is a network that loses nothing: a source gives to rows, rows to columns, columns to a sink,
the sink gives the whole back. What a hidden count may be is what can still flow round through the
other hidden ones: the largest flow, found path by path (Ford and Fulkerson), in whole numbers.
"""

from itertools import product

Counts = list[list[int]]
Cell = tuple[int, int]
ENDLESS = 10**12


def ends(cell: Cell, rows: int, columns: int) -> tuple[str, str]:
    """Return the two nodes a count flows between."""
    i, j = cell
    left = "sink" if (i, j) == (rows, columns) else f"row {i}" if j < columns else "source"
    right = f"column {j}" if i < rows and j < columns else "sink"
    if i == rows and j < columns:
        left = f"column {j}"
    if j == columns:
        right = f"row {i}" if i < rows else "source"
    return left, right


def largest_flow(room: dict[str, dict[str, int]], start: str, end: str, at_most: int) -> int:
    """Return what can flow from `start` to `end`, no more than `at_most`."""
    flowed = 0
    while flowed < at_most:
        came: dict[str, str] = {start: start}
        queue = [start]
        for node in queue:
            for onward, left in room.get(node, {}).items():
                if left > 0 and onward not in came:
                    came[onward] = node
                    queue.append(onward)
        if end not in came:
            break
        path = [end]
        while path[-1] != start:
            path.append(came[path[-1]])
        steps = list(zip(path[1:], path, strict=False))
        amount = min(at_most - flowed, *(room[a][b] for a, b in steps))
        for a, b in steps:
            room[a][b] -= amount
            room.setdefault(b, {}).setdefault(a, 0)
            room[b][a] += amount
        flowed += amount
    return flowed


def widths(counts: Counts, hidden: set[Cell], at_most: int) -> dict[Cell, int]:
    """Return how far from its least the most of each hidden count is, no more than `at_most`."""
    rows, columns = len(counts) - 1, len(counts[0]) - 1
    found = {}
    for cell in hidden:
        start, end = ends(cell, rows, columns)

        def room(aside: Cell = cell) -> dict[str, dict[str, int]]:
            made: dict[str, dict[str, int]] = {}
            for i, j in hidden - {aside}:
                a, b = ends((i, j), rows, columns)
                forward, back = made.setdefault(a, {}), made.setdefault(b, {})
                forward[b] = forward.get(b, 0) + ENDLESS
                back[a] = back.get(a, 0) + counts[i][j]
            return made

        more = largest_flow(room(), end, start, at_most)
        value = counts[cell[0]][cell[1]]
        less = largest_flow(room(), start, end, min(value, at_most))
        found[cell] = min(more + less, at_most)
    return found


def possible(counts: Counts, hidden: set[Cell], top: int) -> dict[Cell, set[int]]:
    """Return every value each hidden inner count can take, by trying all of them up to `top`."""
    rows, columns = len(counts) - 1, len(counts[0]) - 1
    inner = sorted(cell for cell in hidden if cell[0] < rows and cell[1] < columns)
    found: dict[Cell, set[int]] = {cell: set() for cell in inner}
    for values in product(range(top + 1), repeat=len(inner)):
        tried = [list(row) for row in counts]
        for (i, j), value in zip(inner, values, strict=True):
            tried[i][j] = value
        for i in range(rows):
            tried[i][columns] = sum(tried[i][:columns])
        tried[rows] = [sum(row[j] for row in tried[:rows]) for j in range(columns + 1)]
        if all(
            tried[i][j] == counts[i][j]
            for i in range(rows + 1)
            for j in range(columns + 1)
            if (i, j) not in hidden
        ):
            for cell, value in zip(inner, values, strict=True):
                found[cell].add(value)
    return found
