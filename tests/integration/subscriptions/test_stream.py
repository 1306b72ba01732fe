"""A feed as a stream: resumed where it was left, alive when quiet, ended with its rights."""

import asyncio
import json
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import msgspec
from joserfc.jwk import OKPKey

from contracts.http.exchange.access import AddKey
from services.chassis import ids
from services.exchange.commands import access
from services.exchange.lane.feeds import HANDED_MAX
from tests.integration.conftest import until


@asynccontextmanager
async def streamed(exchange, institution, feed, **headers):
    """Open a stream and give a function that reads its next event as (id, event, data)."""
    asked = {**exchange.headers(institution), **headers}
    async with exchange.client.stream("GET", f"/v1/feeds/{feed}/stream", headers=asked) as answer:
        assert answer.status_code == 200, await answer.aread()
        lines = answer.aiter_lines()

        async def following():
            found = {}
            async for line in lines:
                if not line and "data" in found:
                    return found.get("id"), found.get("event"), found["data"]
                name, _, value = line.partition(": ")
                if name in {"id", "event", "data"}:
                    found[name] = value
            return None

        yield lambda: asyncio.wait_for(following(), 15)


async def events(following, count):
    """Read so many events, heartbeats aside."""
    found = []
    async with asyncio.timeout(20):
        while len(found) < count:
            number, kind, data = await following()
            if kind != "heartbeat":
                found.append((int(number), json.loads(data)))
    return found


async def test_events_come_as_they_are_published(exchange, names):
    institution, coordination = names
    await exchange.sign(institution, coordination)
    made = await exchange.subscribe(institution, coordination, channel="sse")
    async with streamed(exchange, institution, made["id"]) as following:
        for n in range(5):
            await exchange.publish(coordination, "31113", 1, which=n)
            ((number, one),) = await events(following, 1)
            assert (number, one["subseq"], one["data"]["which"]) == (n + 1, n + 1, n)


async def test_a_stream_resumes_after_the_last_event_it_gave(exchange, names):
    institution, coordination = names
    await exchange.sign(institution, coordination)
    made = await exchange.subscribe(institution, coordination, channel="sse")
    async with streamed(exchange, institution, made["id"]) as following:
        await exchange.publish(coordination, "31113", 3)
        first = await events(following, 3)
    await exchange.publish(coordination, "31113", 4)
    resumed = {"Last-Event-ID": str(first[1][0])}
    async with streamed(exchange, institution, made["id"], **resumed) as following:
        found = await events(following, 5)
    assert [number for number, _ in found] == [3, 4, 5, 6, 7]
    assert found[0] == first[2]


async def test_a_quiet_stream_says_how_far_it_is_complete(exchange, names):
    institution, coordination = names
    await exchange.sign(institution, coordination)
    made = await exchange.subscribe(institution, coordination, channel="sse")
    places = await exchange.publish(coordination, "31113", 2)
    async with streamed(exchange, institution, made["id"]) as following:
        await events(following, 2)
        number, kind, data = await following()
    assert (number, kind) == (None, "heartbeat")
    beat = json.loads(data)
    assert beat["matching"] == 2
    assert beat["through_seq"] >= 2
    assert len(places) == 2


async def test_the_end_of_an_agreement_ends_an_open_stream(exchange, names):
    institution, coordination = names
    fact = await exchange.sign(institution, coordination)
    made = await exchange.subscribe(institution, coordination, channel="sse")
    async with streamed(exchange, institution, made["id"]) as following:
        await exchange.publish(coordination, "31113", 1)
        await events(following, 1)
        await exchange.end(fact)
        while True:
            told = await following()
            if told[1] != "heartbeat":
                break
        assert told[1] == "end"
        assert "convention" in told[2]
        assert await following() is None
        await exchange.publish(coordination, "31113", 1)


async def test_a_paused_stream_ends(exchange, names):
    institution, coordination = names
    await exchange.sign(institution, coordination)
    made = await exchange.subscribe(institution, coordination, channel="sse")
    path = f"/v1/subscriptions/{made['id']}"
    async with streamed(exchange, institution, made["id"]) as following:
        asked = {"paused": True}
        await exchange.client.patch(path, json=asked, headers=exchange.headers(institution))
        while (told := await following())[1] == "heartbeat":
            pass
        assert told[1] == "end"


async def test_a_client_that_does_not_read_holds_one_page_and_slows_nobody(exchange, names):
    """What it did not read stays in the stream: its feed is not even numbered that far."""
    institution, coordination = names
    await exchange.sign(institution, coordination)
    stuck = await exchange.subscribe(institution, coordination, channel="sse")
    quick = await exchange.subscribe(institution, coordination, channel="sse")
    parts = exchange.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(parts[0], int(parts[1]), limit=1024)
    token = exchange.headers(institution)["Authorization"]
    path = f"/v1/feeds/{stuck['id']}/stream"
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n\r\n".encode())
    await writer.drain()
    await reader.readline()  # It is open; nothing more is read of it.
    followers = exchange.service.feeds._followers
    try:
        async with streamed(exchange, institution, quick["id"]) as following:
            for _ in range(16):
                await exchange.publish(coordination, "31113", 20, filler="x" * 20_000)
            found = await events(following, 320)
        assert [number for number, _ in found] == list(range(1, 321))
        (held,) = followers[UUID(stuck["id"])]
        assert len(held._handed) <= HANDED_MAX
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    await until(lambda: UUID(stuck["id"]) not in followers)


async def test_an_open_stream_ends_once_a_key_of_its_institution_is_revoked(exchange, names):
    institution, coordination = names
    await exchange.sign(institution, coordination)
    made = await exchange.subscribe(institution, coordination, channel="sse")
    key = OKPKey.generate_key("Ed25519")
    asked = msgspec.convert({"jwk": dict(key.as_dict(private=False))}, AddKey)
    async with exchange.service.write() as connection:
        await access.add_key(connection, institution, asked, key_days=30, now=ids.now())
    async with asyncio.timeout(60), streamed(exchange, institution, made["id"]) as following:
        assert (await following())[1] == "heartbeat"  # The stream is open.
        async with exchange.service.write() as connection:
            await access.revoke_key(connection, institution, key.thumbprint(), now=ids.now())
        while (told := await following())[1] == "heartbeat":
            pass
    assert told[1] == "end"
    assert "révoquée" in told[2]
