"""Measure, then write `docs/benchmarks.json` and the page made from it."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.acceptance.conftest import Stack, free_port_base
from tests.bench import (
    deliveries,
    diagnostic_pages,
    figures,
    intake,
    limits,
    main_job,
    organizations,
    pages,
    places,
    protection,
    signals_folding,
    votes,
)
from tests.bench.deliveries_rig import Rig
from tests.conftest import ROOT

SIGNALS = 20_000
LATENCY_SECONDS, LATENCY_PER_SECOND = 20.0, 100
WARM_STARTS = 3
DOCS = ROOT / "docs"


def say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


async def signals(stack: Stack, folder: Path, found: dict[str, Any]) -> None:
    """Measure the main job: signals in, what they fold to, partners told."""
    found["nats_server"] = main_job.server_version(stack)
    found["memory_mib"] = main_job.memory_mib(stack)
    say("Limits: raw pull, raw insert, raw round trip…")
    connection = await main_job.diagnostics(stack)
    insert = await limits.bare_insert(connection, SIGNALS)
    found["signals_folding"] = await signals_folding.measure(connection)
    await connection.close()
    async with limits.BareServer(folder) as client:
        pull = await limits.bare_pull(client, SIGNALS)
        trips = await limits.bare_round_trip(client, LATENCY_SECONDS / 2, LATENCY_PER_SECOND)
    found["limits"] = {
        "raw_pull_per_s": round(pull),
        "raw_unnest_insert_per_s": round(insert),
        "raw_round_trip": limits.spread(trips),
    }
    say("Latency at a steady pace…")
    took = await main_job.latency(
        stack,
        seconds=LATENCY_SECONDS,
        per_second=LATENCY_PER_SECOND,
        start=2 * SIGNALS,
    )
    found["latency"] = limits.spread(took)
    for number, grouped in enumerate((False, True)):
        say(f"Signals end to end, answers {'grouped' if grouped else 'one each'}…")
        main_job.group_answers(stack, grouped=grouped)
        name = "answers_grouped" if grouped else "one_answer_per_signal"
        found[name] = await main_job.throughput(stack, SIGNALS, start=number * SIGNALS)


async def rooms(stack: Stack, folder: Path, found: dict[str, Any]) -> None:
    """Measure what each service does beside it."""
    say("Both ways in, HTTP and NATS…")
    found["intake"] = await intake.measure(stack, start=3 * SIGNALS)
    say("Lists of organisations, then votes…")
    found["organizations"] = await organizations.measure(stack, folder)
    say("Places…")
    connection = await main_job.diagnostics(stack)
    found["places"] = await places.measure(connection)
    await connection.close()
    found["votes"] = await votes.votes(stack)
    say("Deliveries of feeds by each channel…")
    async with Rig(stack) as rig:
        found["deliveries"] = await deliveries.measure(rig, folder)
    say("A national index…")
    found["figures"] = await figures.measure(stack)


async def measure(folder: Path) -> dict[str, Any]:
    """Return every figure, each beside its limit of the same run."""
    found: dict[str, Any] = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": main_job.machine(),
    }
    environment = {"EXCHANGE_WEBHOOKS_TO_LOOPBACK": "true"}
    stack = Stack(folder / "stack", base=free_port_base(), environment=environment)
    say("Cold start, then warm starts…")
    found["start"] = {"cold_s": round(stack.start(), 2)}
    warm = []
    for _ in range(WARM_STARTS):
        stack.stop()
        warm.append(stack.start())
    found["start"]["warm_s"] = round(sorted(warm)[len(warm) // 2], 2)
    try:
        await signals(stack, folder, found)
        await rooms(stack, folder, found)
    finally:
        stack.stop()
    say("A commune's page and the map, as counts pile up, on a stack of their own…")
    found["diagnostic_pages"] = await diagnostic_pages.alone(folder)
    say("Tables protected…")
    found["protection"] = protection.measure()
    say("The ledger, alone on its PostgreSQL, until it holds a million transfers…")
    found["ledger"] = json.loads(
        subprocess.run(  # noqa: ASYNC221  # Nothing else runs meanwhile.
            [sys.executable, "-m", "tests.bench.ledger"], cwd=ROOT, check=True, capture_output=True
        ).stdout
    )
    return found


async def measure_deliveries(folder: Path, parts: list[str]) -> dict[str, Any]:
    """Return the figures of deliveries alone, on a stack of their own."""
    environment = {"EXCHANGE_WEBHOOKS_TO_LOOPBACK": "true"}
    stack = Stack(folder / "stack", base=free_port_base(), environment=environment)
    stack.start()
    try:
        async with Rig(stack) as rig:
            return await deliveries.measure(rig, folder, parts)
    finally:
        stack.stop()


def page(found: dict[str, Any]) -> str:
    """Return the page made from the figures."""
    machine, limit = found["machine"], found["limits"]
    bound = min(limit["raw_pull_per_s"], limit["raw_unnest_insert_per_s"])
    trip = limit["raw_round_trip"]
    lines = [
        "# Figures",
        "",
        "Written by `make bench`, never by hand. Each figure stands beside a limit measured in the",
        "same run, on the same machine; compare ratios, not seconds, between machines.",
        "",
        f"{found['date']}, {machine['cpu']}, {machine['cores']} cores, {machine['memory_gib']} GiB,",
        f"Linux {machine['kernel']}, load {machine['load_before']} before; nats-server",
        f"{found['nats_server']} (`sync_interval: always`), PostgreSQL 18 with its defaults and",
        "checksums; publisher, services and servers share the cores.",
        "",
        f"## Signals end to end, {SIGNALS:,} distinct cells, publishing included",
        "",
        "| answers | published /s | projected /s | answered /s | projected ÷ limit |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, title in (
        ("one_answer_per_signal", "one per signal"),
        ("answers_grouped", "grouped per pull"),
    ):
        one = found[name]
        lines.append(
            f"| {title} | {one['published_per_s']:,} | {one['projected_per_s']:,} "
            f"| {one['answered_per_s']:,} | {one['projected_per_s'] / bound:.2f} |"
        )
    lines += [
        "",
        f"Limit: the slower of a raw JetStream pull ({limit['raw_pull_per_s']:,} messages/s) and a raw",
        f"`unnest` insert into a table like the cells ({limit['raw_unnest_insert_per_s']:,} rows/s).",
        "Targets: 3,000/s projected with one answer per signal, 5,000/s with grouped answers.",
        "",
        f"## From publishing to the partner's receipt, at {LATENCY_PER_SECOND} signals/s",
        "",
        "| | p50 | p99 |",
        "|---|---:|---:|",
        f"| signal → La Poste's update | {found['latency']['p50_ms']} ms "
        f"| {found['latency']['p99_ms']} ms |",
        f"| a bare JetStream publish and pull | {trip['p50_ms']} ms | {trip['p99_ms']} ms |",
        f"| ratio | {found['latency']['p50_ms'] / trip['p50_ms']:.1f} "
        f"| {found['latency']['p99_ms'] / trip['p99_ms']:.1f} |",
        "",
        "A signal crosses five hops: intake, exchange, its stream, diagnostic, what partners read.",
        "",
        "## Start and memory",
        "",
        f"Cold start with the demonstration played: {found['start']['cold_s']} s. Warm start: "
        f"{found['start']['warm_s']} s (target 5).",
        "",
        "| process | MiB (proportional) |",
        "|---|---:|",
    ]
    lines += [f"| {name} | {mib} |" for name, mib in found["memory_mib"].items()]
    lines += [f"| all | {round(sum(found['memory_mib'].values()), 1)} |", ""]
    lines += signals_folding.lines(found["signals_folding"])
    lines += intake.lines(found["intake"], bound)
    lines += organizations.lines(found["organizations"])
    lines += places.lines(found["places"])
    lines += pages.votes_lines(found["votes"])
    lines += deliveries.lines(found["deliveries"])
    lines += figures.lines(found["figures"])
    lines += pages.ledger_lines(found["ledger"])
    lines += protection.lines(found["protection"])
    lines += diagnostic_pages.lines(found["diagnostic_pages"])
    return "\n".join(lines)


def main(asked: list[str]) -> int:
    """Measure and write; `deliveries` and its parts alone are told, and nothing is written."""
    folder = Path(tempfile.mkdtemp(prefix="ctin-bench-"))
    folder.chmod(0o755)
    try:
        if asked:
            name, *parts = asked
            assert name == "deliveries", "usage: python -m tests.bench [deliveries [part …]]"
            told = asyncio.run(measure_deliveries(folder, parts))
            sys.stdout.write(json.dumps(told, indent=1) + "\n")
            return 0
        if "CTIN_REAL_DATA" not in os.environ:
            say("CTIN_REAL_DATA must name the folder of real data: places are measured on it.")
            return 2
        found = asyncio.run(measure(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    (DOCS / "benchmarks.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    (DOCS / "benchmarks.md").write_text(page(found), encoding="utf-8")
    say("docs/benchmarks.json and docs/benchmarks.md are written.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
