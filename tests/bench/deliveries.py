"""Deliveries of feeds: how many a second by each channel, how late, and what one more costs."""

import asyncio
import json
import sys
import time
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import msgspec
import nats

from contracts.envelope import Event
from contracts.values import Role
from infra.cli.folder import DataFolder
from infra.cli.operator_token import token
from tests.acceptance.conftest import Stack, free_port_base
from tests.bench import limits
from tests.bench.main_job import _pss_kib

UPDATED = "fr.ctin.diagnostics.area_updated.v1"
SUBSCRIBERS, EVENTS = 100, 30
STEADY, PER_SECOND = 100, 20
FAN_OUT = (10, 100, 1_000)
FILLER = "x" * 400


class Rig:
    """The exchange of a stack, and a publisher that stands for the diagnostics."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.url = stack.ready["services"]["exchange"]
        self.headers = {"Authorization": f"Bearer {self._token()}"}

    def _token(self) -> str:
        folder = DataFolder(self.stack.data)
        asked = {"coordination": "sicoval", "organization": "la-poste", "minutes": 60}
        return token(folder, Role.INSTITUTION, **asked)

    async def __aenter__(self) -> Self:
        seed = DataFolder(self.stack.data).nats_seed("diagnostics").read_text()
        self.nats = await nats.connect(
            self.stack.ready["nats"]["url"],
            nkeys_seed_str=seed,
            inbox_prefix="_INBOX_diagnostics",
        )
        self.client = httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=60)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()
        await self.nats.close()

    async def publish(self, number: int) -> None:
        """Publish an update of an area, with the instant it left."""
        told = {"number": number, "left": time.perf_counter(), "filler": FILLER}
        event = Event(
            id=str(uuid4()),
            source="urn:ctin:bench",
            type=UPDATED,
            time=datetime.now(UTC),
            data=msgspec.json.encode(told),
            subject="sicoval/c31113",
            sequence=str(number),
        )
        subject = "pub.diagnostics.sicoval.c31113.area_updated.v1"
        await self.nats.request(subject, event.data, headers=event.headers(), timeout=10)

    async def subscribe(self, count: int, channel: str, **asked: Any) -> list[str]:
        body = {"channel": channel, "coordinations": ["sicoval"], "types": [UPDATED], **asked}
        made = []
        for _ in range(count):
            answer = await self.client.post("/v1/subscriptions", json=body, headers=self.headers)
            answer.raise_for_status()
            made.append(answer.json()["id"])
        return made

    async def end(self, made: list[str]) -> None:
        for one in made:
            await self.client.delete(f"/v1/subscriptions/{one}", headers=self.headers)

    def memory_kib(self) -> int:
        """Proportional memory of the exchange's process."""
        return _pss_kib(self.stack.processes()["exchange"]["pid"])


class Took:
    """What subscribers received: how many, and how late each was."""

    def __init__(self) -> None:
        self.ms: list[float] = []
        self._more = asyncio.Event()

    def note(self, left: float) -> None:
        self.ms.append((time.perf_counter() - left) * 1000)
        self._more.set()

    async def until(self, count: int, seconds: float = 300) -> None:
        async with asyncio.timeout(seconds):
            while len(self.ms) < count:
                self._more.clear()
                await self._more.wait()


@asynccontextmanager
async def streams(rig: Rig, made: list[str], took: Took):
    """Hold a stream per subscription, by bare sockets: the client is not what is measured."""
    where = urlsplit(rig.url)
    writers = []

    async def read(reader: asyncio.StreamReader) -> None:
        async for line in reader:
            if line.startswith(b"data: {") and b'"left"' in line:
                took.note(json.loads(line[6:])["data"]["left"])

    tasks = []
    for one in made:
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        request = f"GET /v1/feeds/{one}/stream HTTP/1.1\r\nHost: bench\r\n"
        writer.write(f"{request}Authorization: {rig.headers['Authorization']}\r\n\r\n".encode())
        while (line := await reader.readline()) not in {b": suivi\r\n", b": suivi\n"}:
            assert line, "the exchange refused the stream"
        writers.append(writer)
        tasks.append(asyncio.create_task(read(reader)))
    try:
        yield
    finally:
        for task, writer in zip(tasks, writers, strict=True):
            task.cancel()
            writer.close()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def endpoint(took: Took):
    """One server for every webhook: it gives challenges back and notes what comes."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                size = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
                told = json.loads(await reader.readexactly(size))
                answer = b"{}"
                if told["type"].endswith("handshake.v1"):
                    answer = json.dumps({"challenge": told["data"]["challenge"]}).encode()
                elif "left" in told["data"]:
                    took.note(told["data"]["left"])
                size_told = f"HTTP/1.1 200 OK\r\ncontent-length: {len(answer)}\r\n\r\n"
                writer.write(size_told.encode() + answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/in"
    finally:
        server.close()


async def _rate(rig: Rig, took: Took, count: int) -> dict[str, float]:
    """Return deliveries per second of a burst, then latencies at a steady pace."""
    began = time.perf_counter()
    for number in range(EVENTS):
        await rig.publish(number)
    await took.until(count * EVENTS)
    return {"deliveries_per_s": round(count * EVENTS / (time.perf_counter() - began))}


async def _steady(rig: Rig, took: Took) -> dict[str, float]:
    took.ms.clear()
    began = time.perf_counter()
    for number in range(STEADY):
        await asyncio.sleep(max(0.0, began + number / PER_SECOND - time.perf_counter()))
        await rig.publish(number)
    await took.until(STEADY)
    return limits.spread(took.ms)


async def by_stream(rig: Rig) -> dict[str, Any]:
    """Measure the channel `sse`."""
    took, made = Took(), await rig.subscribe(SUBSCRIBERS, "sse")
    async with streams(rig, made, took):
        found = await _rate(rig, took, SUBSCRIBERS)
    await rig.end(made)
    made = await rig.subscribe(1, "sse")
    alone = Took()
    async with streams(rig, made, alone):
        found["latency"] = await _steady(rig, alone)
    await rig.end(made)
    return found


async def by_webhook(rig: Rig) -> dict[str, Any]:
    """Measure the channel `webhook`."""
    took = Took()
    async with endpoint(took) as url:
        made = await rig.subscribe(SUBSCRIBERS, "webhook", url=url)
        await _all_active(rig, made)
        found = await _rate(rig, took, SUBSCRIBERS)
        await rig.end(made)
    alone = Took()
    async with endpoint(alone) as url:
        made = await rig.subscribe(1, "webhook", url=url)
        await _all_active(rig, made)
        found["latency"] = await _steady(rig, alone)
        await rig.end(made)
    return found


async def _all_active(rig: Rig, made: list[str]) -> None:
    async with asyncio.timeout(300):
        for one in made:
            path = f"/v1/subscriptions/{one}"
            while (await rig.client.get(path, headers=rig.headers)).json()["status"] != "active":
                await asyncio.sleep(0.1)


async def by_pull(rig: Rig) -> dict[str, Any]:
    """Measure the channel `http`: each subscriber reads its feed and confirms it."""
    made = await rig.subscribe(SUBSCRIBERS, "http")
    for number in range(EVENTS):
        await rig.publish(number)
    began, got = time.perf_counter(), 0
    for one in made:
        found: list[Any] = []
        while len(found) < EVENTS:
            path = f"/v1/feeds/{one}/events"
            found = (await rig.client.get(path, headers=rig.headers)).json()
        got += len(found)
    seconds = time.perf_counter() - began
    await rig.end(made)
    return {"deliveries_per_s": round(got / seconds)}


async def fan_out(rig: Rig) -> dict[str, Any]:
    """Return, as streams grow, how late the last of one event is, and the memory each takes."""
    found: dict[str, Any] = {}
    for count in FAN_OUT:
        before = rig.memory_kib()
        made = await rig.subscribe(count, "sse")
        idle = rig.memory_kib()
        took = Took()
        async with streams(rig, made, took):
            held = rig.memory_kib()
            last = []
            for number in range(5):
                took.ms.clear()
                await rig.publish(number)
                await took.until(count)
                last.append(max(took.ms))
        found[str(count)] = {
            "last_of_one_event_ms": round(sorted(last)[2], 1),
            "kib_per_idle_subscription": round((idle - before) / count, 1),
            "kib_per_open_stream": round((held - idle) / count, 1),
        }
        await rig.end(made)
    return found


async def measure(stack: Stack) -> dict[str, Any]:
    """Return every figure."""
    async with Rig(stack) as rig:
        return {
            "subscribers": SUBSCRIBERS,
            "sse": await by_stream(rig),
            "webhook": await by_webhook(rig),
            "http": await by_pull(rig),
            "fan_out": await fan_out(rig),
        }


def lines(found: dict[str, Any]) -> list[str]:
    """Return the part of the page about deliveries."""
    told = [
        "## Deliveries",
        "",
        f"{found['subscribers']} subscriptions, {EVENTS} events each; latency of one subscriber "
        f"at {PER_SECOND} events/s, from publishing to receipt.",
        "",
        "| channel | deliveries/s | p50 | p99 |",
        "|---|---:|---:|---:|",
    ]
    for channel in ("sse", "webhook", "http"):
        one = found[channel]
        late = one.get("latency", {})
        spread = [f"{late[name]} ms" if late else "–" for name in ("p50_ms", "p99_ms")]
        told.append(f"| {channel} | {one['deliveries_per_s']:,} | {' | '.join(spread)} |")
    told += [
        "",
        "| open streams | last of one event | KiB per idle subscription | KiB per open stream |",
        "|---:|---:|---:|---:|",
    ]
    told += [
        f"| {count} | {one['last_of_one_event_ms']} ms | {one['kib_per_idle_subscription']} "
        f"| {one['kib_per_open_stream']} |"
        for count, one in found["fan_out"].items()
    ]
    return [*told, ""]


async def _alone(folder: Path) -> dict[str, Any]:
    environment = {"EXCHANGE_WEBHOOKS_TO_LOOPBACK": "true"}
    stack = Stack(folder / "stack", base=free_port_base(), environment=environment)
    stack.start()
    try:
        found = await measure(stack)
        async with limits.BareServer(folder) as client:
            found["bare_pull"] = limits.spread(await limits.bare_round_trip(client, 5, PER_SECOND))
        return found
    finally:
        stack.stop()


if __name__ == "__main__":
    json.dump(asyncio.run(_alone(Path(sys.argv[1]))), sys.stdout, indent=1)
