"""The ledger's speed beside its limits: `python -m tests.bench.ledger`, or `measure` from a bench.

Everything runs on one PostgreSQL of its own, with its defaults; callers, service and server share
the machine. Each figure is the best of `RUNS`, because a shared machine only ever slows one down.
"""

import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg
import httpx
import uvloop
from msgspec import convert

from contracts.http.funding import TransferAsked
from contracts.verify.ledger import Audited, audit
from infra.devservers.nats import free_port
from services.chassis import ids
from services.funding import commands, reads
from services.funding.app import create_app
from services.funding.settings import Settings
from services.funding.store import flows
from tests.bench import ledger_peers
from tests.bench.ledger_rig import DAY, Rig, act
from tests.bench.raw_http import Caller
from tests.conftest import ROOT

RUNS = 2
BATCHES = {20: 100, 100: 50, 1_000: 20, 5_000: 6}
HISTORY = 1_000_000
FILL = 5_000
YEARS_DAYS = 1_000
FIRST_DAY = date(2026, 1, 1)


def say(sentence: str) -> None:
    """Tell what is measured now."""
    sys.stderr.write(sentence + "\n")


def acts(count: int, **more: Any) -> list[TransferAsked]:
    """Return pledges: the hot account of the pool is on both sides of none."""
    return [convert(act("pledge", 1, **more), TransferAsked) for _ in range(count)]


async def best(once: Callable[[], Awaitable[float]]) -> int:
    """Return the best of several runs, per second."""
    return round(max([await once() for _ in range(RUNS)]))


async def in_process(rig: Rig) -> dict[str, Any]:
    """Return transfers per second through the lane, in this process."""
    settings = Settings(
        port=1,
        database_url=rig.database_url,
        nats_url="nats://127.0.0.1:1",
        nats_monitor_url="http://127.0.0.1:1",
        nats_seed_file=str(rig.folder / "funding.nkey"),
        jwks_url=rig.keys.url,
    )
    app, service = create_app(settings)
    await service.start()
    lane = app.dependencies["lane"].dependency(service)

    async def singles(callers: int, each: int) -> float:
        lists = [acts(each) for _ in range(callers)]

        async def call(some: list[TransferAsked]) -> None:
            for one in some:
                (answer,) = await lane.post(rig.coordination, [one])
                assert answer.status == "posted"

        began = time.perf_counter()
        await asyncio.gather(*map(call, lists))
        return callers * each / (time.perf_counter() - began)

    async def batches(size: int, count: int) -> float:
        lists = [acts(size) for _ in range(count)]
        began = time.perf_counter()
        for one in lists:
            await lane.post(rig.coordination, one)
        return size * count / (time.perf_counter() - began)

    try:
        return {
            "singles_by_8": await best(lambda: singles(8, 100)),
            "singles_by_256": await best(lambda: singles(256, 40)),
            **{
                f"batches_of_{size}": await best(lambda size=size, n=n: batches(size, n))  # type: ignore[misc]
                for size, n in BATCHES.items()
            },
        }
    finally:
        await service.stop()


async def _posts(
    port: int, path: str, headers: dict[str, str], bodies: list[list[bytes]], size: int
) -> float:
    async def call(some: list[bytes]) -> None:
        async with Caller(port, headers) as caller:
            for body in some:
                status, told = await caller.post(path, body)
                assert status == 200, told
                assert told == b"[]" or told.count(b'"posted"') == size

    began = time.perf_counter()
    await asyncio.gather(*map(call, bodies))
    return sum(map(len, bodies)) * size / (time.perf_counter() - began)


async def over_http(rig: Rig) -> dict[str, Any]:
    """Return transfers per second over HTTP, and those of an empty POST with the same bodies."""
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.empty_post", str(port)]
    empty = await asyncio.to_thread(subprocess.Popen, command, cwd=ROOT)
    found: dict[str, Any] = {}
    try:
        async with asyncio.timeout(30):
            while True:
                try:
                    await _posts(port, "/", {}, [[b"[]"]], 1)
                    break
                except OSError:
                    await asyncio.sleep(0.05)  # It is not up yet.
        headers, path = rig.keys.headers(), rig.path("transfers")
        for name, callers, each, size in (
            ("singles_by_8", 8, 100, 1),
            ("singles_by_256", 256, 20, 1),
            ("batches_of_20", 4, 50, 20),
            ("batches_of_100", 4, 25, 100),
            ("batches_of_1000", 4, 8, 1_000),
            ("batches_of_5000", 2, 4, 5_000),
        ):

            def bodies(callers: int = callers, each: int = each, size: int = size) -> Any:
                return [
                    [
                        json.dumps([act("pledge", 1) for _ in range(size)]).encode()
                        for _ in range(each)
                    ]
                    for _ in range(callers)
                ]

            found[name] = await best(
                lambda size=size, bodies=bodies: _posts(rig.port, path, headers, bodies(), size)  # type: ignore[misc]
            )
            found[f"{name}_of_an_empty_post"] = await best(
                lambda size=size, bodies=bodies: _posts(port, "/", headers, bodies(), size)  # type: ignore[misc]
            )
    finally:
        empty.terminate()
        empty.wait(10)
    return found


async def statements(rig: Rig, history: int) -> dict[str, Any]:
    """Return the milliseconds of a statement as of a day while the history grows tenfold twice."""
    connection = await asyncpg.connect(
        rig.database_url, server_settings={"enable_seqscan": "off", "jit": "off"}
    )
    found: dict[str, Any] = {}
    try:
        done = 0
        for mark in (history // 100, history // 10, history):
            began = time.perf_counter()
            before = done
            while done < mark:
                some = _spread(done)
                await commands.post(
                    connection, rig.coordination, some, now=ids.now(), new_id=ids.new_id
                )
                done += len(some)
            found[f"filled_to_{mark}_per_s"] = round(
                (done - before) / (time.perf_counter() - began)
            )
            found[f"statement_at_{mark}_ms"] = await _timed(
                lambda day: reads.statement(
                    connection, rig.coordination, "region", as_of=day, known_at=None
                )
            )
            found[f"pool_at_{mark}_ms"] = await _timed(
                lambda day: reads.pool(connection, rig.coordination, as_of=day, known_at=None)
            )
        head = (1, 10**9)
        began = time.perf_counter()
        await flows.recorded(connection, rig.coordination, ["region"], head, date(9999, 12, 31))
        found["replay_per_s"] = round(done / (time.perf_counter() - began))
    finally:
        await connection.close()
    return found


def _spread(start: int) -> list[TransferAsked]:
    """Return acts of two kinds on ten days of the years."""
    some: list[TransferAsked] = []
    for number in range(10):
        day = str(FIRST_DAY + timedelta(days=(start // 97 + 100 * number) % YEARS_DAYS))
        some += acts(FILL // 20, effective_on=day)
        told = [act("notify", 1, effective_on=day) for _ in range(FILL // 20)]
        some += [convert(one, TransferAsked) for one in told]
    return some


async def _timed(ask: Callable[[date], Awaitable[object]]) -> float:
    took = []
    for number in range(60):
        day = FIRST_DAY + timedelta(days=number * 16)
        began = time.perf_counter()
        await ask(day)
        took.append((time.perf_counter() - began) * 1000)
    return round(median(took), 2)


async def audited(rig: Rig) -> dict[str, Any]:
    """Return transfers per second of the export and of the auditor on the whole journal."""
    began, size = time.perf_counter(), 0
    lines: list[bytes] = []
    async with (
        httpx.AsyncClient(trust_env=False, timeout=600) as client,
        client.stream(
            "GET",
            f"http://127.0.0.1:{rig.port}{rig.path('journal')}",
            headers=rig.keys.headers(),
        ) as answer,
    ):
        parts = [part async for part in answer.aiter_bytes()]
    took = time.perf_counter() - began
    lines = b"".join(parts).splitlines()
    began = time.perf_counter()
    found = audit(lines)
    size = found.transfers if isinstance(found, Audited) else 0
    assert size, found
    return {
        "exported_per_s": round(size / took),
        "verified_per_s": round(size / (time.perf_counter() - began)),
        "transfers": size,
    }


async def measure(folder: Path, *, history: int = HISTORY) -> dict[str, Any]:
    """Return every figure, on a PostgreSQL and a service of its own in `folder`."""
    rig = Rig(folder)
    await rig.start()
    try:
        found: dict[str, Any] = {"day": DAY, "history": history}
        say("Transfers in process…")
        found["in_process"] = await in_process(rig)
        say("Transfers over HTTP, beside an empty POST…")
        found["over_http"] = await over_http(rig)
        say("Peers: raw COPY, a naive ledger, django-hordak…")
        url = rig.database_url
        found["peers"] = {
            "raw_copy_per_s": round(await ledger_peers.raw_copy(url, 50_000)),
            "naive_by_8_per_s": await best(lambda: ledger_peers.naive(url, callers=8, count=800)),
            "naive_by_256_per_s": await best(
                lambda: ledger_peers.naive(url, callers=256, count=1_024)
            ),
            "django_hordak_by_1": await asyncio.to_thread(_hordak, rig),
        }
        say(f"Statements while the history grows to {history:,}…")
        await rig.open_ledger("histoire")
        found["statements"] = await statements(rig, history)
        say("Export and audit…")
        found["audit"] = await audited(rig)
        return found
    finally:
        await rig.stop()


def _hordak(rig: Rig) -> float | str:
    asyncio.run(rig.postgres.ensure_service("hordak", "hordak"))
    url = rig.postgres.service_url("hordak").replace("//hordak@", "//hordak:hordak@")
    return ledger_peers.hordak(url, count=300)


def main(history: int) -> int:
    """Measure and print."""
    folder = Path(tempfile.mkdtemp(prefix="ctin-ledger-"))
    folder.chmod(0o755)
    try:
        found = uvloop.run(measure(folder, history=history))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else HISTORY))
