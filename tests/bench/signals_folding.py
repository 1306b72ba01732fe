"""Folding alone, without streams: signals a second beside bare inserts, and the detector's pace.

Run by `make bench`, or alone as `python -m tests.bench.signals_folding`, on a PostgreSQL of its own.
"""

import asyncio
import json
import random
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg

from contracts import privacy
from contracts.events.exchange import SignalReceived
from contracts.events.signals import ExposureCount, Unit
from contracts.values import AreaKind
from infra.devservers.postgres import Postgres
from services.chassis import ids, migrate
from services.diagnostics import commands
from tests.bench import limits
from tests.bench.feed import AGES, AGREEMENT, MEASURES, PERIODS

SIGNALS = 20_000
BATCH = 500
COMMUNES = [f"31{number:03}" for number in range(1, 37)]
COORDINATION = "bench-folding"
TEXTS, CHARS, SEED = 2_000, 500, 20260301
WORDS = [
    "usager",
    "accompagné",
    "démarche",
    "dossier",
    "en",
    "ligne",
    "le",
    "12/03/2026",
    "commune",
    "31506",
    "SIREN",
    "243100633",
    "médiathèque",
    "36",
    "communes",
    "1",
    "184",
    "foyers",
    "rendez-vous",
    "2021-S1",
    "atelier",
    "numérique",
]


def received(count: int, *, revision: int = 1) -> list[SignalReceived]:
    """Return as many signals of distinct cells; with a higher revision, the same cells again."""
    chance, now = random.Random(SEED), ids.now()
    cells = (
        (period, age, measure, commune)
        for period in PERIODS
        for age in AGES
        for measure in MEASURES
        for commune in COMMUNES
    )
    found = []
    for number, (period, age, (measure, unit), commune) in zip(range(count), cells, strict=False):
        signal = ExposureCount(
            signal_id=ids.from_key("bench", str(number)),
            revision=revision,
            agreement=ids.from_key("bench", AGREEMENT),
            purpose="shared_diagnostic",
            period=period,
            area_kind=AreaKind.COMMUNE,
            area_code=commune,
            measure=measure,
            unit=Unit(unit),
            count=chance.randrange(11, 900),
            age_band=age,
        )
        found.append(
            SignalReceived(
                coordination=COORDINATION,
                receipt=uuid4(),
                ce_id=str(number),
                institution="cpam-31",
                in_seq=number + 1,
                received_at=now,
                threshold=11,
                label="Convention (fictif)",
                exposure=signal,
            )
        )
    return found


async def folded_per_s(connection: asyncpg.Connection, signals: list[SignalReceived]) -> float:
    """Return signals a second decided, kept and folded, each batch in its transaction."""
    began = time.perf_counter()
    for start in range(0, len(signals), BATCH):
        async with connection.transaction():
            await commands.fold_signals(
                connection,
                COORDINATION,
                signals[start : start + BATCH],
                at_once=lambda _: False,
                threshold=11,
                now=ids.now(),
                new_id=ids.new_id,
            )
    return len(signals) / (time.perf_counter() - began)


def detector_us() -> float:
    """Return microseconds that the detector takes for a text of 500 characters of the field."""
    chance = random.Random(SEED)
    texts = [" ".join(chance.choices(WORDS, k=100))[:CHARS] for _ in range(TEXTS)]
    assert min(map(len, texts)) == CHARS
    began = time.perf_counter()
    found = sum(bool(privacy.scan(text)) for text in texts)
    took = time.perf_counter() - began
    assert found < TEXTS
    return took / TEXTS * 10**6


async def measure(connection: asyncpg.Connection) -> dict[str, Any]:
    """Return the figures, each ratio to a bare insert of the same run; nothing of it stays."""
    insert = await limits.bare_insert(connection, SIGNALS)
    await commands.cover_communes(connection, COORDINATION, COMMUNES)
    try:
        first = await folded_per_s(connection, received(SIGNALS))
        await connection.execute("ANALYZE cells, exposure_figures, series")
        again = await folded_per_s(connection, received(SIGNALS, revision=2))
        repeated = await folded_per_s(connection, received(SIGNALS, revision=2))
    finally:
        for table in ("cells", "exposure_figures", "series", "communes"):
            await connection.execute(f"DELETE FROM {table} WHERE coordination = $1", COORDINATION)
        await connection.execute(
            "DELETE FROM ev_pending USING ev WHERE ev.seq = ev_pending.seq AND subject LIKE $1",
            f"%.{COORDINATION}.%",
        )
        await connection.execute("DELETE FROM ev WHERE subject LIKE $1", f"%.{COORDINATION}.%")
    return {
        "signals": SIGNALS,
        "raw_unnest_insert_per_s": round(insert),
        "folded_per_s": round(first),
        "ratio": round(first / insert, 2),
        "revised_per_s": round(again),
        "repeated_per_s": round(repeated),
        "detector_us_per_500_chars": round(detector_us(), 1),
    }


def lines(found: dict[str, Any]) -> list[str]:
    """Return the figures as a section of the page."""
    return [
        f"## Folding alone, {found['signals']:,} signals in batches of {BATCH}",
        "",
        "| | per second | ÷ bare insert |",
        "|---|---:|---:|",
        *(
            f"| {title} | {found[name]:,} | {found[name] / found['raw_unnest_insert_per_s']:.2f} |"
            for name, title in (
                ("raw_unnest_insert_per_s", "bare `unnest` insert"),
                ("folded_per_s", "new cells decided, kept and folded"),
                ("revised_per_s", "revisions of them"),
                ("repeated_per_s", "repetitions, which change nothing"),
            )
        ),
        "",
        f"The detector reads 500 characters in {found['detector_us_per_500_chars']} µs.",
        "",
    ]


async def alone(folder: Path) -> dict[str, Any]:
    """Measure on a PostgreSQL that nothing else uses."""
    server = Postgres(folder / "postgres", system_folder=folder / "system")
    server.start()
    try:
        await server.ensure_service("bench", "bench")
        url = server.service_url("bench").replace("//bench@", "//bench:bench@")
        connection = await asyncpg.connect(url, server_settings={"enable_seqscan": "off"})
        await migrate.migrate(connection, "services.diagnostics")
        try:
            return await measure(connection)
        finally:
            await connection.close()
    finally:
        server.stop()


def main() -> int:
    """Measure alone and print."""
    folder = Path(tempfile.mkdtemp(prefix="ctin-bench-"))
    folder.chmod(0o755)
    try:
        print(json.dumps(asyncio.run(alone(folder)), indent=1))  # noqa: T201
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
