"""What a commune's page and the whole map cost as counts pile up in a database, over HTTP."""

import time
from typing import Any

import asyncpg
import httpx

from contracts.values import Role
from infra.cli.folder import DataFolder
from infra.cli.operator_token import token
from tests.acceptance.conftest import Stack
from tests.bench.limits import spread

SIZES = (10_000, 1_000_000)
"""Counts in the database; those of one coordination stay what they are."""
COMMUNES, SERIES, ASKED = 36, 60, 300
OURS = "bench-pages"
_FILL_CELLS = """INSERT INTO cells (coordination, institution, signal_id, revision, cell_key,
    measure, unit, period, grid, area_code, commune, breakdown, count, label, in_seq)
    SELECT 'bench-' || n / 20000, 'cpam-31', uuidv7(), 1, 'bench|' || n, 'c2s', 'insured_person',
           '2024', 'commune', '31' || lpad((n % 600)::text, 3, '0'),
           '31' || lpad((n % 600)::text, 3, '0'), '', 11 + n % 300, 'bench', n
      FROM generate_series($1::bigint, $2::bigint - 1) AS a (n)
        ON CONFLICT DO NOTHING"""
_FILL_FIGURES = """INSERT INTO exposure_figures (coordination, commune, institution, measure, unit,
    period, grid, breakdown, label, known_sum, known_parts, secret_parts, denominator_sum)
    SELECT 'bench-' || n / 20000, '31' || lpad((n % 600)::text, 3, '0'), 'cpam-31', 'c2s',
           'insured_person', '2024', 'commune', 'age_band=b' || (n % 20000) / 600, 'bench',
           11 + n % 300, 1, 0, 0
      FROM generate_series($1::bigint, $2::bigint - 1) AS a (n)
        ON CONFLICT DO NOTHING"""
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


async def clear(connection: asyncpg.Connection) -> None:
    """Take what was filled out: the stack stays as it was."""
    for table in ("cells", "exposure_figures", "series", "communes"):
        await connection.execute(f"DELETE FROM {table} WHERE coordination LIKE 'bench-%'")


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


async def measure(stack: Stack, connection: asyncpg.Connection) -> dict[str, Any]:
    """Return p50 and p99 of a commune and of the map at each size, and of an empty question."""
    found: dict[str, Any] = {"communes": COMMUNES, "series": SERIES}
    try:
        await connection.execute(_OURS[0], OURS, COMMUNES)
        await connection.execute(_OURS[1], OURS, SERIES)
        await connection.execute(_OURS[2], OURS)
        filled = 0
        for size in SIZES:
            for fill in (_FILL_CELLS, _FILL_FIGURES):
                await connection.execute(fill, filled, size, timeout=600)
            filled = size
            await connection.execute("ANALYZE cells, exposure_figures", timeout=600)
            found[str(size)] = {
                "area": spread(asked(stack, "areas/31007")),
                "sheet": spread(asked(stack, "areas/31007/sheet")),
                "map": spread(asked(stack, "map")),
            }
        found["empty"] = spread(asked(stack, "diagnostics"))
    finally:
        await clear(connection)
    return found


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
    for size in SIZES:
        told = found[str(size)]
        cells = " | ".join(
            f"{told[name]['p50_ms']} / {told[name]['p99_ms']}" for name in ("area", "sheet", "map")
        )
        rows.append(f"| {size:,} | {cells} |")
    empty = found["empty"]
    rows += [
        "",
        f"A list without an entry, the same way: {empty['p50_ms']} / {empty['p99_ms']} ms.",
    ]
    return [*rows, ""]
