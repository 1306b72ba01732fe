"""A cluster of three loses the node that leads its streams while signals flow and feeds deliver.

Only under `make test-cluster`. A node stays away until another leads, then comes back and catches up.
"""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.partner import credentials
from contracts.partner.client import NotKept, Partner
from tests.acceptance.conftest import Stack, free_port_base, until
from tests.acceptance.test_deliveries import (
    Doors,
    Received,
    disorders,
    settled,
    stream,
)
from tests.acceptance.test_kills import communes, expected_of, follow, shown_by
from tests.bench.feed import events
from tests.conftest import NATS_NODES
from tests.integration.subscriptions.receivers import Receiver

pytestmark = pytest.mark.skipif(NATS_NODES < 3, reason="a server alone has no other leader")

SIGNALS_MAX, SLICE, PAUSE_SECONDS = 12_000, 15, 0.2
WEBHOOKS, STREAMS = 4, 2
LED = ("PUB", "IN", "EVT_DIAGNOSTICS")
"""The leader of each is killed in turn."""
NODES = {"ctin-1": "nats", "ctin-2": "nats-2", "ctin-3": "nats-3"}
CHANGE_SECONDS_MAX = 60
SETTLE_SECONDS_MAX = 120


@pytest.fixture(scope="module")
def clustered(ground: Path) -> Iterator[Stack]:
    environment = {"EXCHANGE_WEBHOOKS_TO_LOOPBACK": "true"}
    one = Stack(ground / "clustered", base=free_port_base(), environment=environment)
    one.start()
    yield one
    one.stop()


class Cluster:
    """The nodes of a stack, as their monitors and the machine show them."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._monitors = {
            name: f"http://127.0.0.1:{stack.base + 23 + 3 * place}"
            for place, name in enumerate(NODES)
        }

    def _ask(self, node: str, path: str) -> dict[str, Any]:
        with suppress(httpx.HTTPError, ValueError):
            answer = httpx.get(f"{self._monitors[node]}{path}", timeout=3, trust_env=False)
            return answer.json() if answer.is_success else {}
        return {}

    def streams(self, node: str) -> dict[str, dict[str, Any]]:
        """What a node says of each stream it keeps."""
        found = self._ask(node, "/jsz?acc=CTIN&streams=true").get("account_details") or [{}]
        return {one["name"]: one for one in found[0].get("stream_detail") or []}

    def leader(self, name: str) -> str | None:
        """The node that says of itself that it leads a stream."""
        for node in NODES:
            if self.streams(node).get(name, {}).get("cluster", {}).get("leader") == node:
                return node
        return None

    def kill(self, node: str) -> None:
        pid = self.stack.processes()[NODES[node]]["pid"]
        if pid:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def change_leader(self, name: str) -> str:
        """Kill the leader of a stream, again when it is back too soon, until another leads."""
        first = until(lambda: self.leader(name))

        def changed() -> bool:
            self.kill(first)
            return self.leader(name) not in {first, None}

        until(changed, CHANGE_SECONDS_MAX)
        return first

    def caught_up(self, node: str) -> bool:
        """Whether a node is healthy and holds what the leader of each stream held before."""
        held = {name: self.streams(self.leader(name) or node).get(name) for name in LED}
        own = self.streams(node)
        return self._ask(node, "/healthz") == {"status": "ok"} and all(
            told and own[name]["state"]["last_seq"] >= told["state"]["last_seq"]
            for name, told in held.items()
            if name in own
        )


def got_by(receiver: Receiver) -> Received:
    """Number and id of each event that an endpoint got, message after message."""
    return [
        (one["subseq"], one["id"])
        for _, content in receiver.messages
        for one in (content if isinstance(content, list) else [content])
    ]


async def send_until(stack: Stack, over: asyncio.Event) -> list[Any]:
    """Send slice after slice, each until it is kept, and return what was sent."""
    own = credentials.load(stack.institution("cpam-31"))
    ready, start = events(SIGNALS_MAX, communes()), 0
    while start < SIGNALS_MAX and not over.is_set():
        with suppress(NotKept):
            async with Partner(own) as partner:
                while start < SIGNALS_MAX and not over.is_set():
                    await partner.publish(ready[start : start + SLICE])
                    start += SLICE
                    await asyncio.sleep(PAUSE_SECONDS)
        await asyncio.sleep(0.2)
    return ready[:start]


async def lead_elsewhere(cluster: Cluster) -> list[str]:
    """Take the leader of each stream away in turn; each node is back before the next goes."""
    gone = []
    for name in LED:
        node = await asyncio.to_thread(cluster.change_leader, name)
        await asyncio.to_thread(until, lambda node=node: cluster.caught_up(node), 90)
        gone.append(node)
    return gone


async def test_a_leader_that_is_killed_loses_nothing_and_its_node_catches_up(clustered):
    cluster, doors, over = Cluster(clustered), Doors(clustered), asyncio.Event()
    receivers = [await Receiver().start() for _ in range(WEBHOOKS)]
    for one in receivers:
        asked = {"url": one.url, "batch_max": 50}
        one.secrets = [(await doors.subscribe("webhook", **asked))["secret"]]
    reader = await doors.subscribe("http")
    followed = [(await doors.subscribe("sse"))["id"] for _ in range(STREAMS)]
    streamed: list[Received] = [[] for _ in followed]
    pulled: dict[str, dict[tuple, tuple[int, dict]]] = {}
    tasks = [asyncio.create_task(follow(clustered, pulled))]
    tasks += [
        asyncio.create_task(stream(doors, feed, got))
        for feed, got in zip(followed, streamed, strict=True)
    ]
    sending = asyncio.create_task(send_until(clustered, over))
    try:
        await lead_elsewhere(cluster)
        over.set()
        expected = expected_of(sent := await sending)

        def counted() -> bool:
            with suppress(AssertionError, OSError, httpx.HTTPError):
                areas = {code: clustered.area(code) for code in expected}
                return shown_by(areas, sent) == expected
            return False

        await asyncio.to_thread(until, counted, SETTLE_SECONDS_MAX)
        reference = await settled(doors, reader["id"], lambda: [*map(got_by, receivers), *streamed])

        def told() -> bool:
            areas = {
                code: {"exposures": [figure for _, figure in mine.values()]}
                for code, mine in pulled.items()
            }
            return shown_by(areas, sent) == expected

        await asyncio.to_thread(until, told, SETTLE_SECONDS_MAX)
    finally:
        over.set()
        for task in (*tasks, sending):
            task.cancel()
        await asyncio.gather(*tasks, sending, return_exceptions=True)
        for one in receivers:
            await one.stop()

    assert len(reference) > 20
    assert disorders(reference) == []
    assert [one["id"] for one in reference] == list(dict.fromkeys(one["id"] for one in reference))
    restarts = {name: one["restarts"] for name, one in clustered.processes().items()}
    assert sum(restarts[name] for name in NODES.values()) >= len(LED)
    assert all(restarts[name] == 0 for name in ("exchange", "diagnostics", "postgres")), restarts
