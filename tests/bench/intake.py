"""Signals by each way in, HTTP batches and NATS, until they are accepted, beside raw limits."""

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from contracts.partner import credentials
from contracts.partner.cli import slices
from contracts.partner.client import Partner
from contracts.values import Role
from infra.cli.folder import DataFolder
from infra.cli.operator_token import token
from tests.acceptance.conftest import Stack, free_port_base
from tests.bench import limits
from tests.bench.feed import events
from tests.bench.main_job import INSTITUTION, WAIT_SECONDS_MAX, accepted, communes, diagnostics

COUNT = 10_000
BATCH = 500
BATCH_FORM = "application/cloudevents-batch+json"


async def _until_accepted(stack: Stack, wanted: int) -> None:
    async with asyncio.timeout(WAIT_SECONDS_MAX):
        while await asyncio.to_thread(accepted, stack) < wanted:
            await asyncio.sleep(0.1)


async def over_http(stack: Stack, *, start: int) -> dict[str, int]:
    """Return signals per second kept, and accepted, of batches sent one after the other."""
    sent = events(COUNT, communes(), start=start)
    bodies = [
        json.dumps([{**one.structured(), "data": json.loads(one.data)} for one in batch])
        for batch in slices(sent, BATCH)
    ]
    own = token(
        DataFolder(stack.data),
        Role.INSTITUTION,
        coordination="sicoval",
        organization=INSTITUTION,
    )
    headers = {"Authorization": f"Bearer {own}", "Content-Type": BATCH_FORM}
    wanted = accepted(stack) + COUNT
    began = time.perf_counter()
    url = f"{stack.ready['services']['exchange']}/v1/signals"
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        for body in bodies:
            answer = await client.post(url, content=body, headers=headers)
            assert all(one["status"] == "kept" for one in answer.json()["items"]), answer.text
    kept = COUNT / (time.perf_counter() - began)
    await _until_accepted(stack, wanted)
    return {
        "kept_per_s": round(kept),
        "accepted_per_s": round(COUNT / (time.perf_counter() - began)),
    }


async def over_nats(stack: Stack, *, start: int) -> dict[str, int]:
    """Return signals per second kept, and accepted, of atomic batches."""
    sent = events(COUNT, communes(), start=start)
    wanted = accepted(stack) + COUNT
    began = time.perf_counter()
    async with Partner(credentials.load(stack.institution(INSTITUTION))) as partner:
        for batch in slices(sent, BATCH):
            await partner.publish(batch)
    kept = COUNT / (time.perf_counter() - began)
    await _until_accepted(stack, wanted)
    return {
        "kept_per_s": round(kept),
        "accepted_per_s": round(COUNT / (time.perf_counter() - began)),
    }


async def measure(stack: Stack, *, start: int) -> dict[str, Any]:
    """Return both ways in."""
    return {
        "signals": COUNT,
        "http": await over_http(stack, start=start),
        "nats": await over_nats(stack, start=start + COUNT),
    }


def lines(found: dict[str, Any], bound: float) -> list[str]:
    """Return the part of the page about both ways in."""
    table = [
        f"| {title} | {found[name]['kept_per_s']:,} | {found[name]['accepted_per_s']:,} "
        f"| {found[name]['accepted_per_s'] / bound:.2f} |"
        for name, title in (("http", "HTTP, batches of 500"), ("nats", "NATS, batches of 500"))
    ]
    return [
        f"## Both ways in, {found['signals']:,} signals each, one sender",
        "",
        "| by | kept /s | accepted /s | accepted ÷ limit |",
        "|---|---:|---:|---:|",
        *table,
        "",
        "`kept` is on disk at the exchange; over HTTP it was checked by then, over NATS it is checked",
        "later. The limit is the one of the signals end to end.",
        "",
    ]


async def _alone(folder: Path) -> dict[str, Any]:
    stack = Stack(folder / "stack", base=free_port_base())
    stack.start()
    try:
        connection = await diagnostics(stack)
        insert = await limits.bare_insert(connection, COUNT)
        await connection.close()
        async with limits.BareServer(folder) as client:
            pull = await limits.bare_pull(client, COUNT)
        found = await measure(stack, start=0)
    finally:
        stack.stop()
    return {**found, "raw_pull_per_s": round(pull), "raw_unnest_insert_per_s": round(insert)}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="ctin-bench-") as name:
        Path(name).chmod(0o755)
        sys.stdout.write(json.dumps(asyncio.run(_alone(Path(name)))) + "\n")
