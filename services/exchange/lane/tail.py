"""Read `PUB` at any place, and keep its last messages at hand for the many who read its end.

Whatever place a feed is at, it reads the stream itself; feeds that are near the end share one
reading, so that one more costs no question to NATS. Any node of a cluster answers a read, also one
that is behind: that nothing more is there, or that a message is gone, is the leader's word alone,
or a feed would pass over what it never saw. Nothing here has a state that a crash could
lose: a place is a sequence, and each feed keeps its own.
"""

import asyncio
import base64
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

import msgspec
import nats.errors

from contracts.streams import BELL, PUB
from services.chassis.errors import Unavailable
from services.chassis.log import logger
from services.chassis.streams import AWAY, NO_MESSAGE, StreamRefusal, Streams, raw_headers
from services.exchange.model.subscriptions import Published

READ_MAX = 500
READ_BYTES_MAX = 8 * 1024**2
READ_SECONDS_MAX = 10.0
KEPT_MAX = 5_000
KEPT_BYTES_MAX = 16 * 1024**2
PULL_SECONDS = 5.0
RETRY_SECONDS = 0.5
INACTIVE_SECONDS = 60
_INTERNAL = "Nats-"


class Reading(msgspec.Struct, frozen=True):
    """Messages after a place, in order, and how far the stream was seen."""

    messages: Sequence[Published]
    through_seq: int
    """Everything up to here that was asked for is in `messages`."""
    waiting: int
    """How many more stand behind."""
    at_hand: bool = False
    """Whether it was kept: then nothing between the place and it can have gone."""


class Tail:
    """The end of the stream, and a door to the rest of it."""

    def __init__(self, streams: Streams, rung: Callable[[Sequence[Published]], None]) -> None:
        """`rung` is told of every new message, in order."""
        self._streams, self._rung = streams, rung
        self._kept: deque[Published] = deque()
        self._bytes = 0
        self._floor: int | None = None
        """First sequence from which everything is kept; None while the end is not followed."""
        self.top = 0

    async def run(self) -> None:
        """Follow the end of the stream for ever; what is lost is found by reading again."""
        while True:
            try:
                await self._streams.connected()
                await self._follow()
            except AWAY as fault:
                logger().info("tail_waits", fault=str(fault) or type(fault).__name__)
            except StreamRefusal as refusal:
                logger().warning("tail_waits", fault=str(refusal))
            self._forget()
            await asyncio.sleep(RETRY_SECONDS)

    def _forget(self) -> None:
        self._floor, self._bytes = None, 0
        self._kept.clear()

    async def _follow(self) -> None:
        with suppress(StreamRefusal):
            await self._streams.api(f"CONSUMER.DELETE.{PUB}.{BELL}")
        self.top = int((await self._streams.api(f"STREAM.INFO.{PUB}"))["state"]["last_seq"])
        config = {
            "durable_name": BELL,
            "ack_policy": "none",
            "deliver_policy": "by_start_sequence",
            "opt_start_seq": self.top + 1,
            "mem_storage": True,
            "num_replicas": 1,
            "inactive_threshold": INACTIVE_SECONDS * 10**9,
        }
        await self._streams.ensure_consumer(PUB, config)
        self._forget()
        self._floor, expected = self.top + 1, 1
        while True:
            received = await self._streams.pull(PUB, BELL, most=READ_MAX, seconds=PULL_SECONDS)
            fresh = []
            for one in received:
                if one.consumer_seq != expected:
                    raise Unavailable("une lecture s'est perdue, la fin du flux est relue")
                expected += 1
                fresh.append(Published(one.stream_seq, one.subject, one.headers, one.data))
            if fresh:
                self._keep(fresh)
                self._rung(fresh)

    def _keep(self, fresh: Sequence[Published]) -> None:
        self._kept.extend(fresh)
        self._bytes += sum(len(one.data) for one in fresh)
        self.top = fresh[-1].seq
        while len(self._kept) > KEPT_MAX or self._bytes > KEPT_BYTES_MAX:
            gone = self._kept.popleft()
            self._bytes -= len(gone.data)
            self._floor = gone.seq + 1

    def at_hand(self, after: int) -> Reading | None:
        """Return what follows a place when all of it is kept, None when it must be read."""
        if self._floor is None or after + 1 < self._floor:
            return None
        if after >= self.top:
            return Reading((), after, 0, at_hand=True)
        first = bisect_right(self._kept, after, key=lambda one: one.seq)
        messages = [self._kept[n] for n in range(first, min(len(self._kept), first + READ_MAX))]
        waiting = len(self._kept) - first - len(messages)
        through = messages[-1].seq if waiting else self.top
        return Reading(messages, through, waiting, at_hand=True)

    async def read(self, after: int, subjects: str, *, most: int = READ_MAX) -> Reading:
        """Return messages of `subjects` after a place.

        Raises:
            Unavailable: NATS is away, or an answer was lost.
        """
        found = self.at_hand(after)
        if found is not None:
            return found
        top = self._floor - 1 if self._floor is not None else 0
        asked = {"seq": max(1, after + 1), "next_by_subj": subjects}
        messages, waiting = await self._direct(
            {**asked, "batch": most, "max_bytes": READ_BYTES_MAX}
        )
        through = messages[-1].seq if messages else after
        if not waiting:
            behind = await self._first_of({"seq": through + 1, "next_by_subj": subjects})
            if behind is not None:  # The node that answered had not all that the leader has.
                messages.append(behind)
                return Reading(messages, behind.seq, 1)
            through = max(through, top)  # What came after it was looked at too.
            waiting = max(0, self.top - through) if self._floor is not None else 0
        return Reading(messages, through, waiting)

    async def one(self, seq: int) -> Published | None:
        """Return a message as the stream's leader holds it, None when it is gone for good."""
        return await self._first_of({"seq": seq})

    async def first_at(self, instant: datetime) -> int | None:
        """Return the sequence of the first message from an instant on, None when there is none."""
        found = await self._first_of({"start_time": instant.isoformat(), "next_by_subj": ">"})
        return found.seq if found else None

    async def _first_of(self, asked: dict[str, object]) -> Published | None:
        """Ask the leader of the stream, which alone knows what is not there."""
        try:
            got = (await self._streams.api(f"STREAM.MSG.GET.{PUB}", asked))["message"]
        except StreamRefusal as refusal:
            if refusal.code != NO_MESSAGE:
                raise Unavailable(f"NATS ne lit pas {PUB} : {refusal}.") from refusal
            return None
        data = base64.b64decode(got.get("data", ""))
        return Published(got["seq"], got["subject"], _told(raw_headers(got)), data)

    async def bounds(self) -> tuple[int, int]:
        """Return the first and the last sequence that the stream holds."""
        state = (await self._streams.api(f"STREAM.INFO.{PUB}"))["state"]
        return int(state["first_seq"]), int(state["last_seq"])

    async def _direct(self, asked: dict[str, object]) -> tuple[list[Published], int]:
        client = self._streams.client()
        inbox = client.new_inbox()
        answers = await client.subscribe(inbox)
        found: list[Published] = []
        before = 0
        try:
            async with asyncio.timeout(READ_SECONDS_MAX):
                await client.publish(f"$JS.API.DIRECT.GET.{PUB}", msgspec.json.encode(asked), inbox)
                while True:
                    message = await answers.next_msg(READ_SECONDS_MAX)
                    headers = dict(message.headers or {})
                    status = headers.get("Status")
                    if status == "404":
                        return found, 0
                    if status == "204":
                        if int(headers["Nats-Last-Sequence"]) != before:
                            raise Unavailable("une lecture s'est perdue, elle est redemandée")
                        return found, int(headers["Nats-Num-Pending"])
                    if status is not None:
                        raise Unavailable(f"NATS ne lit pas {PUB} ({status}).")
                    if int(headers["Nats-Last-Sequence"]) != before:
                        raise Unavailable("une lecture s'est perdue, elle est redemandée")
                    found.append(_published(headers, message.data))
                    before = found[-1].seq
        except (nats.errors.Error, TimeoutError) as fault:
            raise Unavailable("NATS ne répond pas à une lecture.") from fault
        finally:
            with suppress(*AWAY):
                await answers.unsubscribe()


def _published(headers: dict[str, str], data: bytes) -> Published:
    return Published(int(headers["Nats-Sequence"]), headers["Nats-Subject"], _told(headers), data)


def _told(headers: dict[str, str]) -> dict[str, str]:
    """Return the headers of the event, without those of the servers."""
    return {name: value for name, value in headers.items() if not name.startswith(_INTERNAL)}
