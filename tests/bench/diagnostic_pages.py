"""What a commune's page and the whole map cost as counts pile up in a database, over HTTP.

Run by `make bench`, or alone as `python -m tests.bench.diagnostic_pages [SIZE …]`.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from contracts.values import Role
from infra.cli.folder import DataFolder
from infra.cli.operator_token import token
from tests.acceptance.conftest import Stack, free_port_base
from tests.bench import main_job
from tests.bench.limits import spread

SIZES = (10_000, 1_000_000, 10_000_000)
"""Counts in the database; those of one coordination stay what they are."""
COMMUNES, SERIES, ASKED = 36, 60, 300
OURS = "bench-pages"
OF_ONE = 20_000
"""Counts of each of the coordinations that fill the database."""
LINES = 10_000
"""Lines of a COPY that are made at a time."""
LOAD_SECONDS_MAX = 600
FILLED = {
    "cells": (
        *("coordination", "institution", "signal_id", "revision", "cell_key", "measure", "unit"),
        *("period", "grid", "area_code", "commune", "breakdown", "count", "label", "in_seq"),
    ),
    "exposure_figures": (
        *("coordination", "commune", "institution", "measure", "unit", "period", "grid"),
        *("breakdown", "label", "known_sum", "known_parts", "secret_parts", "denominator_sum"),
    ),
}
_KEYS = """SELECT conname AS name, pg_get_constraintdef(oid) AS told FROM pg_constraint
    WHERE conrelid = $1::regclass AND contype IN ('p', 'u') ORDER BY conname"""
_INDEXES = """SELECT i.relname AS name, pg_get_indexdef(i.oid) AS told FROM pg_index AS x
    JOIN pg_class AS i ON i.oid = x.indexrelid WHERE x.indrelid = $1::regclass
     AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.oid) ORDER BY i.relname"""


def _cell(number: int) -> str:
    code, mixed = f"31{number % 600:03}", number * 0x9E3779B97F4A7C15 % 2**128
    return (
        f"bench-{number // OF_ONE}\tcpam-31\t{mixed:032x}\t1\tbench|{number}\tc2s\tinsured_person"
        f"\t2024\tcommune\t{code}\t{code}\t\t{11 + number % 300}\tbench\t{number}\n"
    )


def _figure(number: int) -> str:
    own = number % OF_ONE
    return (
        f"bench-{number // OF_ONE}\t31{own % 600:03}\tcpam-31\tc2s\tinsured_person\t2024\tcommune"
        f"\tage_band=b{own // 600}\tbench\t{11 + number % 300}\t1\t0\t0\n"
    )


async def _lines(start: int, stop: int, line: Callable[[int], str]) -> AsyncIterator[bytes]:
    for at in range(start, stop, LINES):
        yield "".join(map(line, range(at, min(at + LINES, stop)))).encode()


async def fill(connection: asyncpg.Connection, start: int, stop: int) -> None:
    """Copy counts and what they fold to; keys and indexes are made again once the rows are in."""
    for table, line in (("cells", _cell), ("exposure_figures", _figure)):
        keys = await connection.fetch(_KEYS, table)
        indexes = await connection.fetch(_INDEXES, table)
        for one in keys:
            await connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {one['name']}")
        for one in indexes:
            await connection.execute(f"DROP INDEX {one['name']}")
        await connection.copy_to_table(
            table,
            source=_lines(start, stop, line),
            columns=FILLED[table],
            timeout=LOAD_SECONDS_MAX,
        )
        await connection.execute("SET maintenance_work_mem = '1GB'")
        for one in keys:
            made = f"ALTER TABLE {table} ADD CONSTRAINT {one['name']} {one['told']}"
            await connection.execute(made, timeout=LOAD_SECONDS_MAX)
        for one in indexes:
            await connection.execute(one["told"], timeout=LOAD_SECONDS_MAX)
        await connection.execute(f"VACUUM (ANALYZE) {table}", timeout=LOAD_SECONDS_MAX)


_OURS = (
    """INSERT INTO communes (coordination, code, covered, name, population)
       SELECT $1, '31' || lpad(n::text, 3, '0'), true, 'Commune ' || n, 1000 + n
         FROM generate_series(1, $2::integer) AS a (n)""",
    """INSERT INTO series (coordination, institution, measure, unit, period, grid, breakdown, label)
       SELECT $1, 'cpam-31', 'c2s', 'insured_person', (2000 + n)::text, 'commune', '', 'bench'
         FROM generate_series(1, $2::integer) AS a (n)""",
    """INSERT INTO exposure_figures (coordination, commune, institution, measure, unit, period,
           grid, breakdown, label, known_sum, known_parts, secret_parts, denominator_sum)
       SELECT $1, c.code, s.institution, s.measure, s.unit, s.period, s.grid, s.breakdown, 'bench',
              100, 1, 0, 0
         FROM communes AS c
         JOIN series AS s USING (coordination)
        WHERE c.coordination = $1""",
)


def asked(stack: Stack, path: str) -> list[float]:
    """Return the milliseconds of each of many same questions, on one connection."""
    headers = {"Authorization": f"Bearer {token(DataFolder(stack.data), Role.OPERATOR)}"}
    took = []
    with httpx.Client(
        base_url=stack.ready["services"]["diagnostics"], headers=headers, trust_env=False
    ) as client:
        for _ in range(ASKED):
            began = time.perf_counter()
            answer = client.get(f"/v1/coordinations/{OURS}/{path}")
            took.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200, answer.text
    return took


async def measure(stack: Stack, sizes: Sequence[int] = SIZES) -> dict[str, Any]:
    """Return p50 and p99 of a commune and of the map at each size, and of an empty question.

    The stack is filled and stays so: it is to be thrown away.
    """
    found: dict[str, Any] = {"communes": COMMUNES, "series": SERIES}
    connection = await main_job.diagnostics(stack)
    try:
        await connection.execute(_OURS[0], OURS, COMMUNES)
        await connection.execute(_OURS[1], OURS, SERIES)
        await connection.execute(_OURS[2], OURS)
        filled = 0
        for size in sizes:
            began = time.monotonic()
            await fill(connection, filled, size)
            filled, loaded = size, time.monotonic() - began
            found[str(size)] = {
                "loaded_s": round(loaded, 1),
                "area": spread(asked(stack, "areas/31007")),
                "sheet": spread(asked(stack, "areas/31007/sheet")),
                "map": spread(asked(stack, "map")),
            }
        found["empty"] = spread(asked(stack, "diagnostics"))
    finally:
        await connection.close()
    return found


async def alone(folder: Path, sizes: Sequence[int] = SIZES) -> dict[str, Any]:
    """Measure on a stack that nothing else uses."""
    stack = Stack(folder / "pages", base=free_port_base())
    stack.start()
    try:
        return await measure(stack, sizes)
    finally:
        stack.stop()


def lines(found: dict[str, Any]) -> list[str]:
    """Return the figures as a table of the page."""
    rows = [
        "## A commune's page and the whole map, as counts pile up",
        "",
        f"Over HTTP, of a coordination of {found['communes']} communes and {found['series']} "
        "series; the others fill the database.",
        "",
        "| counts in the database | commune p50 / p99, ms | sheet p50 / p99, ms | map p50 / p99, ms |",
        "|---:|---:|---:|---:|",
    ]
    for size in filter(str.isdigit, found):
        told = found[size]
        cells = " | ".join(
            f"{told[name]['p50_ms']} / {told[name]['p99_ms']}" for name in ("area", "sheet", "map")
        )
        rows.append(f"| {int(size):,} | {cells} |")
    empty = found["empty"]
    rows += [
        "",
        f"A list without an entry, the same way: {empty['p50_ms']} / {empty['p99_ms']} ms.",
    ]
    return [*rows, ""]


if __name__ == "__main__":
    told_sizes = tuple(map(int, sys.argv[1:])) or SIZES
    with tempfile.TemporaryDirectory(prefix="ctin-pages-") as made:
        Path(made).chmod(0o755)
        sys.stdout.write(json.dumps(asyncio.run(alone(Path(made), told_sizes)), indent=1) + "\n")
