"""The limits the product is held against, measured on the same machine in the same run."""

import asyncio
import time
from pathlib import Path
from statistics import quantiles
from uuid import uuid4

import asyncpg
import nats
from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig, StreamConfig

from infra.devservers.nats import Nats, free_port

BATCH = 500
BODY = b"x" * 420  # As large as an exposure count.


class BareServer:
    """A NATS server with the product's durability and nothing of its permissions."""

    def __init__(self, folder: Path) -> None:
        port, monitor = free_port(), free_port()
        self._config = (
            f"listen: 127.0.0.1:{port}\nhttp: 127.0.0.1:{monitor}\n"
            f'jetstream {{ store_dir: "{folder}/bare-streams", sync_interval: always }}\n'
        )
        self._server = Nats(folder / "bare", port=port, monitor_port=monitor)

    async def __aenter__(self) -> Client:
        self.pid = (await asyncio.to_thread(self._server.start, self._config)).pid
        self.client = await nats.connect(self._server.url)
        return self.client

    async def __aexit__(self, *_: object) -> None:
        await self.client.close()
        await asyncio.to_thread(self._server.stop)


async def bare_pull(client: Client, count: int) -> float:
    """Return messages per second pulled, in batches acknowledged together."""
    stream = client.jetstream()
    await stream.add_stream(StreamConfig(name="RAW", subjects=["raw.>"], allow_atomic=True))
    for _ in range(count // BATCH):
        await _publish_batch(client)
    config = ConsumerConfig(durable_name="raw", ack_policy=AckPolicy.ALL, max_ack_pending=10_000)
    subscription = await stream.pull_subscribe("raw.>", "raw", stream="RAW", config=config)
    began, got = time.perf_counter(), 0
    while got < count:
        messages = await subscription.fetch(BATCH, timeout=5)
        got += len(messages)
        await messages[-1].ack_sync()
    return count / (time.perf_counter() - began)


async def _publish_batch(client: Client) -> None:
    batch = uuid4().hex
    for number in range(1, BATCH + 1):
        headers = {"Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(number)}
        if number < BATCH:
            await client.publish("raw.a", BODY, headers=headers)
        else:
            headers["Nats-Batch-Commit"] = "1"
            await client.request("raw.a", BODY, headers=headers, timeout=10)


async def bare_round_trip(client: Client, seconds: float, per_second: int) -> list[float]:
    """Return the milliseconds from publishing to receipt by a pull, at a steady pace."""
    stream = client.jetstream()
    await stream.add_stream(StreamConfig(name="TRIP", subjects=["trip.>"]))
    subscription = await stream.pull_subscribe("trip.>", "trip", stream="TRIP")
    sent: dict[int, float] = {}
    took: list[float] = []
    total = int(seconds * per_second)

    async def receive() -> None:
        while len(took) < total:
            try:
                messages = await subscription.fetch(1, timeout=1)
            except (nats.errors.TimeoutError, TimeoutError):
                continue
            for message in messages:
                took.append((time.perf_counter() - sent[int(message.data)]) * 1000)
                await message.ack()

    receiving = asyncio.create_task(receive())
    began = time.perf_counter()
    for number in range(total):
        await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
        sent[number] = time.perf_counter()
        await stream.publish("trip.a", str(number).encode())
    await asyncio.wait_for(receiving, 30)
    return took


async def bare_insert(connection: asyncpg.Connection, count: int) -> float:
    """Return rows per second of `unnest` inserts into a table shaped as the cells are."""
    await connection.execute("CREATE TABLE bench_raw (LIKE cells INCLUDING ALL)")
    query = """INSERT INTO bench_raw (coordination, institution, signal_id, revision, cell_key,
        measure, unit, period, grid, area_code, commune, breakdown, count, label, in_seq)
        SELECT 'sicoval', 'cpam-31', id, 1, key, 'c2s', 'insured_person', '2024', 'commune',
               '31113', '31113', '', 11, 'bench', n
          FROM unnest($1::uuid[], $2::text[], $3::bigint[]) AS a (id, key, n)
            ON CONFLICT DO NOTHING"""
    try:
        began = time.perf_counter()
        for start in range(0, count, BATCH):
            ids = [uuid4() for _ in range(BATCH)]
            keys = [f"cpam-31|c2s|insured_person|2024|commune:31113|{one}" for one in ids]
            await connection.execute(query, ids, keys, list(range(start, start + BATCH)))
        return count / (time.perf_counter() - began)
    finally:
        await connection.execute("DROP TABLE bench_raw")


def spread(took_ms: list[float]) -> dict[str, float]:
    """Return p50 and p99, in milliseconds."""
    cut = quantiles(took_ms, n=100)
    return {"p50_ms": round(cut[49], 2), "p99_ms": round(cut[98], 2)}
