"""Deliveries of feeds: how many a second by each channel, how late, and what one more costs.

    python -m tests.bench deliveries [rates latency fan_out memory faults]

Each part stands beside a bare JetStream doing as much in the same run, and takes about a minute.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig, StreamConfig

from tests.bench import limits
from tests.bench.deliveries_rig import (
    FILLER,
    Rig,
    Took,
    by_durable,
    by_pull,
    by_stream,
    endpoints,
    pulled,
    together,
)
from tests.bench.main_job import _pss_kib

SUBSCRIBERS, EVENTS = 100, 30
STEADY, PER_SECOND = 100, 20
FAN_OUT, ROUNDS = (10, 100, 1_000), 5
IDLE = 1_000
HEALTHY, FAULTY_EVENTS, FAULTY_PER_SECOND, SLOW_SECONDS = 48, 20, 4, 1.0
CHANNELS = ("nats", "http", "sse", "webhook")


@asynccontextmanager
async def following(rig: Rig, channel: str, count: int, took: Took) -> AsyncIterator[None]:
    """Subscribe as often by a channel, and receive until the end of the block."""
    if channel == "webhook":
        async with endpoints(count, took) as urls:
            made = [one for url in urls for one in await rig.subscribe("webhook", url=url)]
            await rig.active(made)
            try:
                yield
            finally:
                await rig.end(made)
        return
    made = await rig.subscribe(channel, count)
    follow = {"nats": by_durable, "http": by_pull, "sse": by_stream}[channel]
    try:
        async with follow(rig, made, took):
            yield
    finally:
        await rig.end(made)


Publish = Callable[[int], Awaitable[None]]


async def _burst(publish: Publish, took: Took, count: int) -> int:
    """Return deliveries per second of events that come at once."""
    began = time.perf_counter()
    for number in range(EVENTS):
        await publish(number)
    await took.until(count * EVENTS)
    return round(count * EVENTS / (time.perf_counter() - began))


async def _steady(
    publish: Publish, took: Took, *, events: int, per_second: int, receivers: int = 1
) -> dict[str, float]:
    """Return how late deliveries are at a steady pace."""
    await publish(0)
    await took.until(receivers)
    took.ms.clear()
    began = time.perf_counter()
    for number in range(1, events + 1):
        await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
        await publish(number)
    await took.until(events * receivers)
    return limits.spread(took.ms)


@asynccontextmanager
async def _bare(client: Client, count: int, took: Took) -> AsyncIterator[Publish]:
    """Pull as many durables of a bare server, which hold what the product's durables do."""
    stream, name = client.jetstream(), f"BARE{count}"
    await stream.add_stream(StreamConfig(name=name, subjects=[f"bare{count}.>"]))
    made = [f"d{number}" for number in range(count)]
    for one in made:
        config = ConsumerConfig(durable_name=one, ack_policy=AckPolicy.EXPLICIT)
        await stream.add_consumer(name, config)

    async def publish(number: int) -> None:
        told = f'{{"left":{time.perf_counter()},"filler":"{FILLER}"}}'
        await stream.publish(f"bare{count}.a", told.encode())

    async with pulled(stream, name, made, took):
        yield publish
    await stream.delete_stream(name)


async def rates(rig: Rig, server: limits.BareServer) -> dict[str, Any]:
    """Return deliveries per second to many subscriptions, by channel."""
    found: dict[str, Any] = {}
    for channel in CHANNELS:
        async with following(rig, channel, SUBSCRIBERS, took := Took()):
            found[channel] = await _burst(rig.publish, took, SUBSCRIBERS)
    async with _bare(server.client, SUBSCRIBERS, took := Took()) as publish:
        found["bare"] = await _burst(publish, took, SUBSCRIBERS)
    return found


async def latency(rig: Rig, server: limits.BareServer) -> dict[str, Any]:
    """Return how late one subscriber is told at a steady pace, by channel."""
    found: dict[str, Any] = {}
    for channel in CHANNELS:
        async with following(rig, channel, 1, took := Took()):
            pace = {"events": STEADY, "per_second": PER_SECOND}
            found[channel] = await _steady(rig.publish, took, **pace)
    async with _bare(server.client, 1, took := Took()) as publish:
        found["bare"] = await _steady(publish, took, events=STEADY, per_second=PER_SECOND)
    return found


async def fan_out(rig: Rig, server: limits.BareServer) -> dict[str, Any]:
    """Return, as open streams grow, how late the last of one event is, and what each takes."""
    found: dict[str, Any] = {}
    for count in FAN_OUT:
        made, took = await rig.subscribe("sse", count), Took()
        idle = rig.memory_kib()
        async with by_stream(rig, made, took):
            held = rig.memory_kib()
            product = await _last(rig.publish, took, count)
        await rig.end(made)
        async with _bare(server.client, count, took := Took()) as publish:
            peer = await _last(publish, took, count)
        found[str(count)] = {
            "last_of_one_event_ms": product,
            "bare_last_of_one_event_ms": peer,
            "kib_per_open_stream": round((held - idle) / count, 1),
        }
    return found


async def _last(publish: Publish, took: Took, count: int) -> float:
    """Return the median, over some events, of how late the last of its receivers is."""
    last = []
    for number in range(ROUNDS):
        took.ms.clear()
        await publish(number)
        await took.until(count)
        last.append(max(took.ms))
    return round(sorted(last)[ROUNDS // 2], 1)


async def memory(rig: Rig, server: limits.BareServer) -> dict[str, Any]:
    """Return what an idle subscription takes of the exchange, a durable of a bare server."""
    before = rig.memory_kib()
    made = await rig.subscribe("http", IDLE)
    for number in range(ROUNDS):
        await rig.publish(number)
    found = {"subscriptions": IDLE, "kib_each": round((rig.memory_kib() - before) / IDLE, 2)}
    await rig.end(made)
    stream = server.client.jetstream()
    await stream.add_stream(StreamConfig(name="IDLE", subjects=["idle.>"]))
    before = _pss_kib(server.pid)
    configs = [ConsumerConfig(durable_name=f"i{one}") for one in range(IDLE)]
    await together(stream.add_consumer("IDLE", one) for one in configs)
    found["bare_durable_kib_each"] = round((_pss_kib(server.pid) - before) / IDLE, 2)
    return found


async def faults(rig: Rig, server: limits.BareServer) -> dict[str, Any]:
    """Return how late healthy endpoints are told, alone and beside a slow and a dead one."""
    pace = {"events": FAULTY_EVENTS, "per_second": FAULTY_PER_SECOND, "receivers": HEALTHY}
    found: dict[str, Any] = {"healthy": HEALTHY}
    async with following(rig, "webhook", HEALTHY, took := Took()):
        found["alone"] = await _steady(rig.publish, took, **pace)
        async with endpoints(1, Took(), wait_seconds=SLOW_SECONDS) as (slow,):
            made = await rig.subscribe("webhook", url=slow)
            await rig.active(made)
            made += await rig.subscribe("webhook", url="http://127.0.0.1:9/nobody")
            took.ms.clear()
            found["beside_a_slow_and_a_dead_one"] = await _steady(rig.publish, took, **pace)
            await rig.end(made)
    async with _bare(server.client, HEALTHY, took := Took()) as publish:
        found["bare"] = await _steady(publish, took, **pace)
    return found


PARTS = {one.__name__: one for one in (rates, latency, fan_out, memory, faults)}


async def measure(rig: Rig, folder: Path, parts: list[str] | None = None) -> dict[str, Any]:
    """Return the figures of these parts, of all when none is named, with the seconds of each."""
    found: dict[str, Any] = {"subscribers": SUBSCRIBERS, "seconds": {}}
    for name in parts or list(PARTS):
        began = time.perf_counter()
        (folder / name).mkdir()
        server = limits.BareServer(folder / name)
        async with server:
            found[name] = await PARTS[name](rig, server)
        found["seconds"][name] = round(time.perf_counter() - began, 1)
    return found


def lines(found: dict[str, Any]) -> list[str]:
    """Return the part of the page about deliveries."""
    rate, late = found["rates"], found["latency"]
    told = [
        "## Deliveries",
        "",
        f"{found['subscribers']} subscriptions, {EVENTS} events each at once; then one subscriber at",
        f"{PER_SECOND} events/s, from publishing to receipt. Bare: as many durables of a JetStream",
        "without the product, pulled the same way. The channel `http` is asked every 20 ms.",
        "",
        "| channel | deliveries/s | ÷ bare | p50 | p99 | p50 ÷ bare |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for channel in (*CHANNELS, "bare"):
        spread, peer = late[channel], late["bare"]
        told.append(
            f"| {channel} | {rate[channel]:,} | {rate[channel] / rate['bare']:.2f} "
            f"| {spread['p50_ms']} ms | {spread['p99_ms']} ms "
            f"| {spread['p50_ms'] / peer['p50_ms']:.1f} |"
        )
    told += [
        "",
        "| open streams | last of one event | last of as many bare durables | KiB per open stream |",
        "|---:|---:|---:|---:|",
    ]
    told += [
        f"| {int(count):,} | {one['last_of_one_event_ms']} ms "
        f"| {one['bare_last_of_one_event_ms']} ms | {one['kib_per_open_stream']} |"
        for count, one in found["fan_out"].items()
    ]
    idle, fault = found["memory"], found["faults"]
    told += [
        "",
        f"Each of {idle['subscriptions']:,} idle subscriptions takes {idle['kib_each']} KiB of the "
        f"exchange, each durable of a bare server {idle['bare_durable_kib_each']} KiB of it.",
        "",
        f"| {fault['healthy']} healthy webhooks, {FAULTY_PER_SECOND} events/s | p50 | p99 |",
        "|---|---:|---:|",
    ]
    for name in ("alone", "beside_a_slow_and_a_dead_one", "bare"):
        one = fault[name]
        told.append(f"| {name.replace('_', ' ')} | {one['p50_ms']} ms | {one['p99_ms']} ms |")
    return [*told, ""]
