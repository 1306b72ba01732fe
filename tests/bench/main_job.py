"""The main job under load, seen from outside: a real stack, its doors, its own servers."""

import asyncio
import csv
import json
import os
import time
import urllib.request
from pathlib import Path

import asyncpg
import httpx
import msgspec

from contracts.partner import credentials
from contracts.partner.cli import slices
from contracts.partner.client import Partner
from contracts.values import Role
from infra.cli.folder import DataFolder, public_nkey
from infra.cli.operator_token import token
from tests.acceptance.conftest import Stack
from tests.bench.feed import events
from tests.conftest import ROOT

INSTITUTION, FOLLOWER = "cpam-31", "la-poste"
WAIT_SECONDS_MAX = 240


def communes() -> list[str]:
    """Return the INSEE codes of the demonstration."""
    with (ROOT / "infra/demo/sicoval_communes.csv").open(encoding="utf-8", newline="") as file:
        return [row["code"] for row in csv.DictReader(file)]


async def diagnostics(stack: Stack) -> asyncpg.Connection:
    """Return a connection to the diagnostics' database, to see when signals are projected."""
    told = Path(f"/proc/{stack.processes()['diagnostics']['pid']}/environ").read_bytes()
    found = dict(one.split(b"=", 1) for one in told.split(b"\0") if b"=" in one)
    password = Path(found[b"DIAGNOSTICS_DATABASE_PASSWORD_FILE"].decode()).read_text()
    return await asyncpg.connect(found[b"DIAGNOSTICS_DATABASE_URL"].decode(), password=password)


def group_answers(stack: Stack, *, grouped: bool) -> None:
    """Ask for one answer per signal, or for grouped ones."""
    folder = DataFolder(stack.data)
    nkey = public_nkey(folder.institution_seed(INSTITUTION).read_text())
    answer = httpx.post(
        f"{stack.ready['services']['exchange']}/v1/partners",
        headers={"Authorization": f"Bearer {token(folder, Role.OPERATOR)}"},
        json={
            "institution": INSTITUTION,
            "name": "CPAM",
            "nkeys": [nkey],
            "answers_grouped": grouped,
        },
        trust_env=False,
    )
    answer.raise_for_status()


def accepted(stack: Stack) -> int:
    """Return how many signals of the institution were ever answered as accepted."""
    found = stack.ask("exchange", f"/v1/partners/{INSTITUTION}/status").json()
    return int(found["accepted"])


async def throughput(stack: Stack, count: int, *, start: int) -> dict[str, float]:
    """Return signals per second published, projected and answered, each since the first one."""
    own = credentials.load(stack.institution(INSTITUTION))
    sent = events(count, communes(), start=start)
    connection = await diagnostics(stack)
    before = await connection.fetchval("SELECT count(*) FROM cells")
    told = accepted(stack)
    began = time.perf_counter()
    async with Partner(own) as partner:
        for batch in slices(sent, 500):
            await partner.publish(batch)
    found = {"published_per_s": count / (time.perf_counter() - began)}
    async with asyncio.timeout(WAIT_SECONDS_MAX):
        while await connection.fetchval("SELECT count(*) FROM cells") < before + count:
            await asyncio.sleep(0.1)
        found["projected_per_s"] = count / (time.perf_counter() - began)
        while await asyncio.to_thread(accepted, stack) < told + count:
            await asyncio.sleep(0.1)
        found["answered_per_s"] = count / (time.perf_counter() - began)
    await connection.close()
    return {name: round(rate) for name, rate in found.items()}


async def latency(stack: Stack, *, seconds: float, per_second: int, start: int) -> list[float]:
    """Return the milliseconds from publishing a signal to the partner's receipt of its update."""
    sender = credentials.load(stack.institution(INSTITUTION))
    receiver = credentials.load(stack.institution(FOLLOWER))
    total = int(seconds * per_second)
    sent = events(total, communes(), start=start)
    waiting: dict[str, list[tuple[int, float]]] = {}
    took: list[float] = []
    async with Partner(sender) as publisher, Partner(receiver) as follower:
        while await follower.read(receiver.durables.updates, seconds=0.5):
            pass

        async def receive() -> None:
            while len(took) < total:
                for event, _, message in await follower.read(
                    receiver.durables.updates, most=1, seconds=1.0
                ):
                    now = time.perf_counter()
                    data = msgspec.json.decode(event.data)
                    rest = []
                    for in_seq, at in waiting.get(data["commune"], []):
                        if in_seq <= data["as_of_seq"]:
                            took.append((now - at) * 1000)
                        else:
                            rest.append((in_seq, at))
                    waiting[data["commune"]] = rest
                    await follower.done(message)

        receiving = asyncio.create_task(receive())
        began = time.perf_counter()
        for number, event in enumerate(sent):
            await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
            at = time.perf_counter()
            kept = await publisher.publish([event])
            commune = msgspec.json.decode(event.data)["area_code"]
            waiting.setdefault(commune, []).append((kept[0].in_seq, at))
        async with asyncio.timeout(60):
            await receiving
    return took


def memory_mib(stack: Stack) -> dict[str, float]:
    """Return the proportional resident memory of each process of the stack, in MiB."""
    found = {}
    for name, one in stack.processes().items():
        pids = [one["pid"], *_children(one["pid"])]
        found[name] = round(sum(map(_pss_kib, pids)) / 1024, 1)
    assert stack.process is not None
    found["ctin up"] = round(_pss_kib(stack.process.pid) / 1024, 1)
    return found


def _children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(one) for one in path.read_text().split()]


def _pss_kib(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))


def machine() -> dict[str, str | int]:
    """Return what the figures were measured on."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        "unknown",
    )
    return {
        "cpu": cpu,
        "cores": os.cpu_count() or 0,
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "kernel": os.uname().release,
        "load_before": round(os.getloadavg()[0], 2),
    }


def server_version(stack: Stack) -> str:
    """Return the version of the NATS server."""
    with urllib.request.urlopen(f"{stack.ready['nats']['monitor']}/varz") as answer:
        return str(json.load(answer)["version"])
