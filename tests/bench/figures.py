"""A national import of the index of fragility, beside a bare COPY of the same observations."""

import csv
import random
import time
from io import StringIO
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from contracts.values import Role
from infra.cli.folder import DataFolder
from infra.cli.operator_token import token
from tests.acceptance.conftest import Stack
from tests.bench.main_job import diagnostics

COMMUNES = 35_000
SEED = 20260301
VINTAGE = "bench"
COLUMNS = (
    *("no_thd_coverage_rate", "no_4g_coverage_rate", "poverty_rate", "older_65_rate"),
    *("nscol15p_rate", "total"),
)
WAIT_SECONDS_MAX = 300


def table() -> tuple[bytes, list[tuple[str, str, str, str, str]]]:
    """Return a made-up file of the national layout, and the observations it holds."""
    chance = random.Random(SEED)
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(("name", "division", "code", *COLUMNS))
    kept = []
    for number in range(COMMUNES):
        code = f"{1 + number // 900:02}{number % 900:03}"
        scores = [f"{chance.uniform(0, 10):.15f}" for _ in COLUMNS]
        writer.writerow((f"Commune {number}", "city", code, *scores))
        kept += [
            ("", code, column, VINTAGE, score)
            for column, score in zip(COLUMNS, scores, strict=True)
        ]
    return text.getvalue().encode(), kept


def memory_mib(pid: int, line: str) -> float:
    """Return a line of a process's memory: `VmRSS` now, `VmHWM` at most."""
    told = Path(f"/proc/{pid}/status").read_text().splitlines()
    (found,) = [one.split()[1] for one in told if one.startswith(f"{line}:")]
    return round(int(found) / 1024, 1)


async def bare_copy(connection: asyncpg.Connection, rows: list[tuple[str, ...]]) -> float:
    """Return rows per second of a COPY into a table like that of the observations."""
    await connection.execute(
        "CREATE TABLE bare_observations (coordination text NOT NULL, commune text NOT NULL,"
        " indicator text NOT NULL, vintage text NOT NULL, value text,"
        " PRIMARY KEY (coordination, commune, indicator, vintage))"
    )
    began = time.monotonic()
    await connection.copy_records_to_table("bare_observations", records=rows)
    took = time.monotonic() - began
    await connection.execute("DROP TABLE bare_observations")
    return len(rows) / took


async def measure(stack: Stack) -> dict[str, Any]:
    """Import a country twice; return rows per second, memory and the limit of the same run."""
    content, kept = table()
    pid = stack.processes()["diagnostics"]["pid"]
    Path(f"/proc/{pid}/clear_refs").write_text("5")  # The peak counts from here.
    before = memory_mib(pid, "VmRSS")
    headers = {"Authorization": f"Bearer {token(DataFolder(stack.data), Role.OPERATOR)}"}
    took = []
    async with httpx.AsyncClient(trust_env=False, timeout=WAIT_SECONDS_MAX) as client:
        for _ in range(2):
            began = time.monotonic()
            answer = await client.post(
                f"{stack.ready['services']['diagnostics']}/v1/imports/ifn",
                params={"mapping": f'{{"={VINTAGE}": "vintage"}}'},
                content=content,
                headers=headers,
            )
            took.append(time.monotonic() - began)
            answer.raise_for_status()
            assert answer.json()["read"] == COMMUNES
    peak = memory_mib(pid, "VmHWM")
    connection = await diagnostics(stack)
    copied = await bare_copy(connection, kept)
    await connection.execute("DELETE FROM observations WHERE vintage = $1", VINTAGE)
    await connection.execute("DELETE FROM indicators WHERE vintage = $1", VINTAGE)
    await connection.close()
    return {
        "communes": COMMUNES,
        "observations": len(kept),
        "first_rows_per_s": round(COMMUNES / took[0]),
        "first_observations_per_s": round(len(kept) / took[0]),
        "again_rows_per_s": round(COMMUNES / took[1]),
        "bare_copy_observations_per_s": round(copied),
        "memory_before_mib": before,
        "memory_peak_mib": peak,
        "file_mib": round(len(content) / 2**20, 1),
    }


def lines(found: dict[str, Any]) -> list[str]:
    """Return the part of the page about imports."""
    share = found["first_observations_per_s"] / found["bare_copy_observations_per_s"]
    return [
        f"## A national index, {found['communes']:,} communes, "
        f"{found['observations']:,} observations",
        "",
        "| figure | ours | bare COPY | ratio |",
        "|---|---:|---:|---:|",
        f"| observations /s, first time | {found['first_observations_per_s']:,} "
        f"| {found['bare_copy_observations_per_s']:,} | {share:.2f} |",
        "",
        f"{found['first_rows_per_s']:,} communes a second the first time, "
        f"{found['again_rows_per_s']:,} when the same file comes again.",
        f"Memory of the process: {found['memory_before_mib']} MiB before, "
        f"{found['memory_peak_mib']} MiB at most, for a file of {found['file_mib']} MiB.",
        "",
    ]
