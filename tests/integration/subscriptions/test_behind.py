"""Some who answer reads of the stream are behind: what they have not seen is neither lost nor gone.

Any node of a cluster answers a direct read. Here a mirror that lost what it had answers a part of
them for real, as a node does that is late.
"""

import json
from contextlib import asynccontextmanager

from tests.integration.conftest import until
from tests.integration.subscriptions.test_feeds import all_of

READS = 12


async def ask(exchange, call, body=None):
    answer = await exchange.admin.request(f"$JS.API.{call}", json.dumps(body or {}).encode())
    return json.loads(answer.data)


@asynccontextmanager
async def someone_behind(exchange):
    """A mirror of PUB that answers its reads, and has nothing."""
    mirror = {"mirror": {"name": "PUB"}, "mirror_direct": True}
    config = {"name": "BEHIND", "storage": "memory", **mirror}
    told = await ask(exchange, "STREAM.CREATE.BEHIND", config)
    assert "error" not in told, told
    try:
        await until(lambda: _has_all(exchange), 30)  # Before, it answers nobody.
        await ask(exchange, "STREAM.PURGE.BEHIND")
        await until(lambda: _answers(exchange), 30)
        yield
    finally:
        await ask(exchange, "STREAM.DELETE.BEHIND")


async def _has_all(exchange):
    states = [await ask(exchange, f"STREAM.INFO.{one}") for one in ("PUB", "BEHIND")]
    return states[0]["state"]["last_seq"] == states[1]["state"]["last_seq"]


async def _answers(exchange):
    """Whether reads of the first message are answered by who has it and by who has not."""
    told = [
        await exchange.admin.request("$JS.API.DIRECT.GET.PUB", b'{"last_by_subj":">"}')
        for _ in range(READS)
    ]
    return {len(one.data) > 0 for one in told} == {True, False}


async def test_what_is_numbered_is_shown_whoever_answers(exchange, names):
    institution, coordination = names
    await exchange.sign(institution, coordination)
    made = await exchange.subscribe(institution, coordination)
    await exchange.publish(coordination, "31113", 5)
    first = await all_of(exchange, institution, made["id"], 5)

    async with someone_behind(exchange):
        for _ in range(READS):
            exchange.service.feeds.tail._forget()  # What is near the end is not kept any more.
            assert await exchange.events(institution, made["id"], after=0) == first


async def test_nothing_is_passed_over_whoever_answers(exchange, names):
    institution, coordination = names
    await exchange.sign(institution, coordination)
    places = await exchange.publish(coordination, "31113", 5)
    tail = exchange.service.feeds.tail
    await until(lambda: tail.top >= places[-1])

    async with someone_behind(exchange):
        for _ in range(READS):
            tail._forget()
            tail._floor = tail.top + 1  # As a process that has just begun to follow the end.
            made = await exchange.subscribe(institution, coordination)
            found = await all_of(exchange, institution, made["id"], 5)
            assert [one["data"]["n"] for one in found] == list(range(5))
            found = await exchange.events(institution, made["id"], after=0)
            assert [one["subseq"] for one in found] == [1, 2, 3, 4, 5]
