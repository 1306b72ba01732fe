"""How long tables take to protect, and how much of them it costs."""

import random
import time
from statistics import quantiles
from typing import Any

from services.diagnostics.model.protection import Status, Table, protect

THRESHOLD, SEED = 11, 20261122
SIZES = ((5, 6, 1_000), (36, 11, 30), (95, 11, 10))
"""Rows, columns and tables: the usual, needs by problem of the Sicoval, and of Lille."""


def random_table(chance: random.Random, rows: int, columns: int) -> Table:
    """Return a table a third of which is small, a sixth nothing."""
    kinds = (lambda: 0, lambda: chance.randint(1, 10), lambda: chance.randint(11, 400))
    inner = [[chance.choices(kinds, (1, 2, 3))[0]() for _ in range(columns)] for _ in range(rows)]
    closed = [[*row, sum(row)] for row in inner]
    return Table([*closed, [sum(column) for column in zip(*closed, strict=True)]])


def measure() -> dict[str, Any]:
    """Return the milliseconds a table takes, by size, and what is hidden for one small count."""
    found: dict[str, Any] = {}
    for rows, columns, count in SIZES:
        chance = random.Random(SEED)
        took, primary, others = [], 0, 0
        for _ in range(count):
            table = random_table(chance, rows, columns)
            began = time.perf_counter()
            statuses = list(protect(table, THRESHOLD).values())
            took.append((time.perf_counter() - began) * 1000)
            primary += statuses.count(Status.PRIMARY)
            others += statuses.count(Status.COMPLEMENTARY)
        cut = quantiles(took, n=100)
        found[f"{rows}x{columns}"] = {
            "p50_ms": round(cut[49], 2),
            "p99_ms": round(cut[98], 2),
            "extra_per_primary": round(others / primary, 3),
        }
    return found


def lines(found: dict[str, Any]) -> list[str]:
    """Return the figures as a table of the page."""
    rows = [
        "## Tables protected before they leave",
        "",
        "Small counts hidden, others hidden for them, audited by linear programming; threshold 11,",
        "half of the counts secret or nothing.",
        "",
        "| table | p50, ms | p99, ms | hidden for each small count |",
        "|---|---:|---:|---:|",
    ]
    for size, one in found.items():
        told = size.replace("x", " × ")
        rows.append(f"| {told} | {one['p50_ms']} | {one['p99_ms']} | {one['extra_per_primary']} |")
    return [*rows, ""]
