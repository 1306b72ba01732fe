"""What deliveries are measured with: a publisher, subscribers of each channel, what they received."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import httpx
import msgspec
import nats
import nats.errors
from nats.js.client import JetStreamContext

from contracts.envelope import Event
from contracts.values import Role
from infra.cli.folder import DataFolder
from infra.cli.operator_token import token
from tests.acceptance.conftest import Stack
from tests.bench.main_job import FOLLOWER, _pss_kib

UPDATED = "fr.ctin.diagnostics.area_updated.v1"
FILLER = "x" * 300
AT_ONCE = 8
WAIT_SECONDS_MAX = 60.0


async def together(work: Iterable[Awaitable[Any]], most: int = AT_ONCE) -> list[Any]:
    """Return what each of these gives, some at the same time."""
    room = asyncio.Semaphore(most)

    async def one(asked: Awaitable[Any]) -> Any:
        async with room:
            return await asked

    return await asyncio.gather(*map(one, work))


class Took:
    """What subscribers received: how many, and how late each was."""

    def __init__(self) -> None:
        self.ms: list[float] = []
        self._more = asyncio.Event()

    def note(self, left: float) -> None:
        self.ms.append((time.perf_counter() - left) * 1000)
        self._more.set()

    async def until(self, count: int, seconds: float = WAIT_SECONDS_MAX) -> None:
        async with asyncio.timeout(seconds):
            while len(self.ms) < count:
                self._more.clear()
                await self._more.wait()


class Rig:
    """The exchange of a stack, a publisher that stands for the diagnostics, a subscriber's keys."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.url = stack.ready["services"]["exchange"]
        asked = {"coordination": "sicoval", "organization": FOLLOWER, "minutes": 60}
        own = token(DataFolder(stack.data), Role.INSTITUTION, **asked)
        self.headers = {"Authorization": f"Bearer {own}"}

    async def __aenter__(self) -> Self:
        folder = DataFolder(self.stack.data)
        self.nats = await self._connect("diagnostics", folder.nats_seed("diagnostics").read_text())
        self.own = await self._connect(FOLLOWER, folder.institution_seed(FOLLOWER).read_text())
        limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
        self.client = httpx.AsyncClient(
            base_url=self.url, trust_env=False, timeout=60, limits=limits, headers=self.headers
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()
        await self.own.close()
        await self.nats.close()

    async def _connect(self, name: str, seed: str) -> nats.NATS:
        async def told(_: Exception) -> None:
            """A durable may be asked for a little before it is there."""

        return await nats.connect(
            self.stack.ready["nats"]["url"],
            nkeys_seed_str=seed,
            inbox_prefix=f"_INBOX_{name}",
            error_cb=told,
        )

    async def publish(self, number: int) -> None:
        """Publish an update of an area, with the instant it left."""
        now = datetime.now(UTC)
        told = {
            "coordination": "sicoval",
            "commune": "31113",
            "name": "Castanet-Tolosan",
            "as_of_seq": number + 1,
            "as_of": now,
            "exposures": [],
            "needs": [],
            "indicators": [],
            "left": time.perf_counter(),
            "filler": FILLER,
        }
        event = Event(
            id=str(uuid4()),
            source="urn:ctin:bench",
            type=UPDATED,
            time=now,
            data=msgspec.json.encode(told),
            subject="sicoval/c31113",
            sequence=str(number),
        )
        subject = "pub.diagnostics.sicoval.c31113.area_updated.v1"
        await self.nats.request(subject, event.data, headers=event.headers(), timeout=10)

    async def subscribe(self, channel: str, count: int = 1, **asked: Any) -> list[str]:
        """Return the subscriptions made, of the same kind."""
        body = {"channel": channel, "coordinations": ["sicoval"], "types": [UPDATED], **asked}

        async def one() -> str:
            answer = await self.client.post("/v1/subscriptions", json=body)
            answer.raise_for_status()
            return answer.json()["id"]

        return await together(one() for _ in range(count))

    async def end(self, made: list[str]) -> None:
        """End subscriptions, so that the next figure does not carry them."""
        await together(self.client.delete(f"/v1/subscriptions/{one}") for one in made)

    async def active(self, made: list[str]) -> None:
        """Wait until each endpoint answered its handshake."""

        async def one(subscription: str) -> None:
            path = f"/v1/subscriptions/{subscription}"
            while (await self.client.get(path)).json()["status"] != "active":
                await asyncio.sleep(0.1)

        async with asyncio.timeout(WAIT_SECONDS_MAX):
            await together(map(one, made))

    def memory_kib(self) -> int:
        """Proportional memory of the exchange's process."""
        return _pss_kib(self.stack.processes()["exchange"]["pid"])


Follow = Callable[["Rig", list[str], Took], Any]


@asynccontextmanager
async def _running(tasks: list[asyncio.Task[None]]) -> AsyncIterator[None]:
    try:
        yield
    finally:
        failed = [one.exception() for one in tasks if one.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert not failed, failed


@asynccontextmanager
async def by_stream(rig: Rig, made: list[str], took: Took) -> AsyncIterator[None]:
    """Hold a stream per subscription, by bare sockets: the client is not what is measured."""
    where = urlsplit(rig.url)
    writers: list[asyncio.StreamWriter] = []

    async def read(reader: asyncio.StreamReader) -> None:
        async for line in reader:
            if line.startswith(b"data: {") and b'"left"' in line:
                took.note(json.loads(line[6:])["data"]["left"])

    async def open_one(subscription: str) -> asyncio.StreamReader:
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        writers.append(writer)
        asked = f"GET /v1/feeds/{subscription}/stream HTTP/1.1\r\nHost: bench\r\n"
        writer.write(f"{asked}Authorization: {rig.headers['Authorization']}\r\n\r\n".encode())
        while (line := await reader.readline()) not in {b": suivi\r\n", b": suivi\n"}:
            assert line, "the exchange refused the stream"
        return reader

    readers = await together(map(open_one, made))
    try:
        async with _running([asyncio.create_task(read(one)) for one in readers]):
            yield
    finally:
        for writer in writers:
            writer.close()


@asynccontextmanager
async def by_pull(rig: Rig, made: list[str], took: Took) -> AsyncIterator[None]:
    """Read each feed again and again by HTTP, and confirm what came."""

    async def read(subscription: str) -> None:
        while True:
            found = (await rig.client.get(f"/v1/feeds/{subscription}/events")).json()
            for one in found:
                took.note(one["data"]["left"])
            if found:  # Numbers without a hole: the last says how many there are.
                through = {"through": found[-1]["subseq"]}
                await rig.client.post(f"/v1/feeds/{subscription}/ack", json=through)
            await asyncio.sleep(0.02 if len(made) == 1 else 0.5)  # A program that asks politely.

    async with _running([asyncio.create_task(read(one)) for one in made]):
        yield


@asynccontextmanager
async def by_durable(rig: Rig, made: list[str], took: Took) -> AsyncIterator[None]:
    """Pull each durable over NATS as the institution."""
    durables = [f"{FOLLOWER}-s-{UUID(one).hex}" for one in made]
    async with pulled(rig.own.jetstream(), "PUB", durables, took):
        yield


@asynccontextmanager
async def pulled(
    stream: JetStreamContext, name: str, durables: list[str], took: Took
) -> AsyncIterator[None]:
    """Pull durables and acknowledge each message; the figure is the same whoever made them."""

    async def there(durable: str) -> None:
        async with asyncio.timeout(WAIT_SECONDS_MAX):
            while True:
                with suppress(nats.errors.Error, TimeoutError):
                    await stream._jsm.consumer_info(name, durable, timeout=1)
                    return
                await asyncio.sleep(0.2)

    async def read(durable: str) -> None:
        subscription = await stream.pull_subscribe_bind(durable=durable, stream=name)
        while True:
            with suppress(nats.errors.TimeoutError, TimeoutError):
                for message in await subscription.fetch(30, timeout=2):
                    told = json.loads(message.data)
                    if "left" in told:  # Else a heartbeat.
                        took.note(told["left"])
                    await message.ack()

    await together(map(there, durables))
    async with _running([asyncio.create_task(read(one)) for one in durables]):
        yield


@asynccontextmanager
async def endpoints(
    count: int, took: Took, *, wait_seconds: float = 0.0
) -> AsyncIterator[list[str]]:
    """Give the addresses of as many endpoints: they answer challenges and note what comes."""

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
                    await asyncio.sleep(wait_seconds)
                    took.note(told["data"]["left"])
                size_told = f"HTTP/1.1 200 OK\r\ncontent-length: {len(answer)}\r\n\r\n"
                writer.write(size_told.encode() + answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    servers = [await asyncio.start_server(serve, "127.0.0.1", 0) for _ in range(count)]
    try:
        yield [f"http://127.0.0.1:{one.sockets[0].getsockname()[1]}/in" for one in servers]
    finally:
        for one in servers:
            one.close()
