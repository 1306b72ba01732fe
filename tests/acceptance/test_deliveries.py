"""Feeds under faults: whatever is killed, each subscriber gets everything, in order, once a number.

Twenty endpoints of webhooks, one slow and one dead among them, two streams and a partner's program
that pulls, while the exchange, NATS, the receivers and the program are killed.
"""

import asyncio
import json
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.partner import credentials
from contracts.partner.client import NotKept, Partner
from contracts.partner.feeds import Feeds, Hole, NotRead
from contracts.values import Role
from infra.cli.folder import DataFolder
from infra.cli.operator_token import token
from tests.acceptance.conftest import Stack, free_port_base, until
from tests.acceptance.test_kills import communes
from tests.bench.feed import events
from tests.conftest import ROOT
from tests.integration.subscriptions.receivers import Receiver

UPDATED = "fr.ctin.diagnostics.area_updated.v1"
SUBSCRIBER = "la-poste"
HEALTHY, STREAMS = 18, 2
SIGNALS, SLICE, PAUSE_SECONDS = 600, 15, 0.25
VICTIMS = ("exchange", "nats", "exchange", "nats")
SETTLE_SECONDS_MAX = 90

Received = list[tuple[int, str]]
"""Number and event id, in the order they came."""


def faults(received: Received, reference: Received) -> list[str]:
    """Return what is wrong with what a subscriber got, against what its feed says it is.

    The same number again is a repetition, which delivery at least once allows; the first time a
    number comes, it must be the next one.
    """
    found, last, told = [], 0, dict(reference)
    for subseq, event_id in received:
        if subseq > last + 1:
            found.append(f"{subseq} came after {last}")
        if told.get(subseq) != event_id:
            found.append(f"{subseq} is {event_id}, not {told.get(subseq)}")
        last = max(last, subseq)
    if last != len(reference):
        found.append(f"{last} of {len(reference)} came")
    return found


def disorders(reference: list[dict[str, Any]]) -> list[str]:
    """Return the events of a feed that come before an earlier one of their aggregate."""
    found: list[str] = []
    versions: dict[str, int] = {}
    for one in reference:
        if int(one["sequence"]) <= versions.get(one["subject"], 0):
            found.append(one["id"])
        versions[one["subject"]] = int(one["sequence"])
    return found


@pytest.fixture(scope="module")
def delivering(ground: Path) -> Iterator[Stack]:
    environment = {"EXCHANGE_WEBHOOKS_TO_LOOPBACK": "true"}
    one = Stack(ground / "delivering", base=free_port_base(), environment=environment)
    one.start()
    yield one
    one.stop()


class Doors:
    """The exchange as the subscriber's own programs reach it."""

    def __init__(self, stack: Stack) -> None:
        self.url = stack.ready["services"]["exchange"]
        self.token = token(
            DataFolder(stack.data),
            Role.INSTITUTION,
            coordination="sicoval",
            organization=SUBSCRIBER,
            minutes=30,
        )
        self.headers = {"Authorization": f"Bearer {self.token}"}

    async def subscribe(self, channel: str, **asked: Any) -> dict[str, Any]:
        body = {"channel": channel, "coordinations": ["sicoval"], "types": [UPDATED], **asked}
        async with httpx.AsyncClient(trust_env=False, timeout=20) as client:
            answer = await client.post(
                f"{self.url}/v1/subscriptions", json=body, headers=self.headers
            )
            assert answer.status_code == 201, answer.text
            return answer.json()

    async def whole(self, feed: str) -> list[dict[str, Any]]:
        """The feed from its beginning, page after page."""
        found: list[dict[str, Any]] = []
        async with Feeds(self.url, self.token) as feeds:
            while page := await feeds.events(feed, after=len(found)):
                found += page
        return found


async def send_all(stack: Stack) -> None:
    own = credentials.load(stack.institution("cpam-31"))
    sent, start = events(SIGNALS, communes()), 0
    while start < len(sent):
        with suppress(NotKept):
            async with Partner(own) as partner:
                while start < len(sent):
                    await partner.publish(sent[start : start + SLICE])
                    start += SLICE
                    await asyncio.sleep(PAUSE_SECONDS)
        await asyncio.sleep(0.2)


async def stream(doors: Doors, feed: str, got: Received) -> None:
    """Follow a stream as a program does, from the last event it has, whatever breaks."""
    while True:
        try:
            async with Feeds(doors.url, doors.token) as feeds:
                after = got[-1][0] if got else 0
                async for one in feeds.stream(feed, after=after):
                    got.append((one["subseq"], one["id"]))
        except (NotRead, Hole):
            await asyncio.sleep(0.2)


async def pull_and_die(doors: Doors, feed: str, folder: Path) -> None:
    """Run the partner's own program and kill it again and again; what it wrote is in `folder`."""
    secret, out = folder / "pull.token", folder / "pull.ndjson"
    secret.write_text(doors.token)
    argv = [sys.executable, "-m", "infra.cli.main", "partner", "follow", "--feed", feed]
    argv += ["--exchange", doors.url, "--token-file", str(secret)]
    while True:
        with out.open("ab") as file:
            process = await asyncio.create_subprocess_exec(
                *argv, cwd=ROOT, stdout=file, stderr=asyncio.subprocess.DEVNULL
            )
        try:
            await asyncio.wait_for(process.wait(), random.uniform(5, 9))
        except TimeoutError:
            pass
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def written(folder: Path) -> Received:
    """What the program wrote; a line cut by a kill is no line."""
    found = []
    for line in (folder / "pull.ndjson").read_bytes().splitlines():
        with suppress(json.JSONDecodeError):
            one = json.loads(line)
            found.append((one["subseq"], one["id"]))
    return found


async def break_receivers(receivers: list[Receiver]) -> None:
    """Stop a receiver, start it again on its port, and go on with another, in an order by chance.

    None is stopped again before its second attempt: a third would be five minutes later.
    """
    order = random.sample(receivers, len(receivers))
    for one in cycle(order):
        await one.stop()
        await asyncio.sleep(0.3)
        await one.start(one.port)
        await asyncio.sleep(0.5)


async def kill_each(stack: Stack) -> None:
    for name in VICTIMS:
        before = (await asyncio.to_thread(stack.processes))[name]
        os.kill(before["pid"], signal.SIGKILL)

        def back(name=name, before=before):
            found = stack.processes()[name]
            return found["restarts"] > before["restarts"] and found["pid"]

        await asyncio.to_thread(until, back)


def got_by(receiver: Receiver) -> Received:
    return [(content["subseq"], content["id"]) for _, content in receiver.messages]


async def settled(doors: Doors, feed: str, everyone: Any) -> list[dict[str, Any]]:
    """Wait until nothing more comes and every healthy subscriber has it; return the feed."""
    deadline = time.monotonic() + SETTLE_SECONDS_MAX
    lacking: Any = "the exchange never answered"
    while time.monotonic() < deadline:
        with suppress(NotRead):
            reference = await doors.whole(feed)
            told = [(one["subseq"], one["id"]) for one in reference]
            lacking = [faults(one, told)[:3] for one in everyone()]
            if told and not any(lacking):
                return reference
        await asyncio.sleep(1)
    raise AssertionError(lacking)


async def test_whatever_is_killed_each_feed_is_whole_and_in_order(delivering, tmp_path):
    doors = Doors(delivering)
    receivers = [await Receiver().start() for _ in range(HEALTHY)]
    slow, reader = await Receiver().start(), await doors.subscribe("http")
    slow.wait = lambda: asyncio.sleep(0.5)
    for one in [*receivers, slow]:
        one.secrets = [(await doors.subscribe("webhook", url=one.url))["secret"]]
    dead = await doors.subscribe("webhook", url="http://127.0.0.1:9/nobody")
    streams = [(await doors.subscribe("sse"))["id"] for _ in range(STREAMS)]
    pulled = (await doors.subscribe("http"))["id"]
    streamed: list[Received] = [[] for _ in streams]

    working = [
        *(stream(doors, feed, got) for feed, got in zip(streams, streamed, strict=True)),
        pull_and_die(doors, pulled, tmp_path),
        break_receivers(receivers),
    ]
    tasks = [asyncio.create_task(one) for one in working]
    try:
        sending = asyncio.create_task(send_all(delivering))
        await kill_each(delivering)
        await sending
        tasks[-1].cancel()

        def everyone() -> list[Received]:
            return [*map(got_by, receivers), *streamed, written(tmp_path)]

        reference = await settled(doors, reader["id"], everyone)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for one in [*receivers, slow]:
            await one.stop()

    assert len(reference) > 20
    assert disorders(reference) == []
    late = [(one["subseq"], one["id"]) for one in reference[: len(slow.subseqs())]]
    assert set(got_by(slow)) <= set(late)
    found = delivering.ask("exchange", f"/v1/subscriptions/{dead['id']}").json()
    assert (found["sent"], found["failed"] > 0, found["status"]) == (0, True, "pending")


def test_the_measure_sees_what_is_lost_swapped_or_changed():
    """The negative control of the test above."""
    reference = [(1, "a"), (2, "b"), (3, "c")]
    assert faults(reference, reference) == []
    assert faults([(1, "a"), (1, "a"), (2, "b"), (2, "b"), (3, "c")], reference) == []
    assert faults([(1, "a"), (3, "c")], reference)
    assert faults([(1, "a"), (3, "c"), (2, "b")], reference)
    assert faults([(1, "a"), (2, "b")], reference)
    assert faults([(1, "a"), (2, "c"), (3, "b")], reference)
    told = {"subject": "s", "id": "x"}
    assert disorders([{**told, "sequence": "1"}, {**told, "sequence": "2"}]) == []
    assert disorders([{**told, "sequence": "2"}, {**told, "sequence": "1"}]) == ["x"]
