"""Take facts from a stream: each changes this service once, in order, and a bad one stops no other.

Pull, put the ids in the inbox, handle the new ones, commit, acknowledge: one transaction, so that a
redelivery after any crash finds its id and does nothing. A fact that cannot be handled is parked
with its reason in that same transaction, and later facts of its aggregate queue behind it. When
what is missing is PostgreSQL or a peer, the whole batch waits, so that order holds.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from itertools import groupby

import msgspec

from contracts import privacy
from contracts import streams as names
from contracts.envelope import Event, Malformed, from_headers
from services.chassis import database
from services.chassis.database import SQL, Connection
from services.chassis.log import logger
from services.chassis.streams import AWAY, NO_CONSUMER, NO_STREAM, Received, StreamRefusal, Streams

_WAITED: tuple[type[BaseException], ...] = (StreamRefusal, *database.TROUBLE, *AWAY)
RETRIES_SECONDS = (1.0, 5.0, 30.0, 120.0, 600.0)
PULL_SECONDS = 5.0
ACK_WAIT_SECONDS = 30


class Delivery(msgspec.Struct, frozen=True):
    """An event as a consumer sees it, and the message that brought it."""

    event: Event
    message: Received


Handler = Callable[[Connection, Sequence[Delivery]], Awaitable[None]]
"""Takes facts of one type, in order, and makes its changes in the connection's transaction."""
Reader = Callable[[Received], Delivery]


def read_event(message: Received) -> Delivery:
    """Return the fact of a message as our own relays write it."""
    return Delivery(from_headers(message.headers, message.data), message)


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Where a consumer takes its facts: a stream, the subjects it wants, and how they are read."""

    stream: str
    subjects: tuple[str, ...]
    handlers: Mapping[str, Handler]
    """By event type; `*` takes every message as it is, whatever its headers say."""
    reader: Reader = read_event


class Consumer:
    """One durable, read by one process at a time."""

    def __init__(
        self,
        service: str,
        source: Source,
        *,
        streams: Streams,
        write: Callable[[], AbstractAsyncContextManager[Connection]],
        replicas: int = 1,
    ) -> None:
        """Keep what it stands on; `write` gives a connection and wakes the relay after it."""
        self.name = f"{service}-{source.stream.lower()}"
        self._source, self._streams, self._write = source, streams, write
        self._replicas = replicas
        self.trouble: str | None = f"le flux {source.stream} n'est pas encore suivi"
        self.handled = 0
        self.parked = 0
        self.lag = 0

    async def run(self) -> None:
        """Consume for ever; what is away is waited for and said in `trouble`."""
        failures, ensured = 0, False
        while True:
            try:
                await self._streams.connected()
                if not ensured:
                    await self._ensure()
                    ensured = True
                messages = await self._streams.pull(
                    self._source.stream, self.name, most=names.BATCH_MAX, seconds=PULL_SECONDS
                )
                self.trouble = None
                if messages:
                    await self._take(messages)
                failures = 0
            except _WAITED as fault:
                ensured = ensured and not _is_gone(fault)
                self.trouble = f"{self._source.stream} attend : {fault or type(fault).__name__}"
                logger().warning("consumer_waits", consumer=self.name, fault=str(fault))
                quick = isinstance(fault, (StreamRefusal, *AWAY)) or (database.is_away(fault))
                pause = 0.5 if quick else RETRIES_SECONDS[min(failures, len(RETRIES_SECONDS) - 1)]
                failures += 1
                await asyncio.sleep(pause)

    async def _ensure(self) -> None:
        config = {
            "durable_name": self.name,
            "filter_subjects": list(self._source.subjects),
            "ack_policy": "all",
            "ack_wait": ACK_WAIT_SECONDS * 10**9,
            "deliver_policy": "all",
            "max_ack_pending": names.BATCH_MAX * 4,
            "max_deliver": -1,
            "num_replicas": self._replicas,
        }
        await self._streams.ensure_consumer(self._source.stream, config)

    async def _take(self, messages: list[Received]) -> None:
        unreadable: dict[int, str] = {}
        deliveries: list[Delivery] = []
        for message in messages:
            try:
                deliveries.append(self._source.reader(message))
            except Malformed as fault:
                unreadable[message.stream_seq] = str(fault)
                logger().warning("message_unreadable", consumer=self.name, seq=message.stream_seq)
        async with self._write() as connection, connection.transaction():
            fresh = await self._fresh(connection, deliveries)
            for event_type, run in groupby(fresh, key=lambda one: one.event.type):
                await self._handle_run(connection, event_type, list(run))
        await self._streams.ack_through(messages[-1])
        self.handled += len(messages)
        self.lag = messages[-1].pending

    async def _fresh(self, connection: Connection, deliveries: list[Delivery]) -> list[Delivery]:
        asked = [one.event.id for one in deliveries]
        rows = await connection.fetch(SQL["add_to_inbox"], self.name, asked)
        new = {row["event_id"] for row in rows}
        fresh = [one for one in deliveries if one.event.id in new]
        rows = await connection.fetch(SQL["blocked_aggregates"], self.name)
        blocked = {row["aggregate"] for row in rows}
        for one in fresh:
            if one.event.subject in blocked:
                await self._park(connection, one, "attend un événement mis de côté avant lui")
        return [one for one in fresh if one.event.subject not in blocked]

    async def _handle_run(
        self, connection: Connection, event_type: str, run: list[Delivery]
    ) -> None:
        handlers = self._source.handlers
        handler = handlers.get(event_type) or handlers.get("*")
        if handler is None:
            return  # Of a kind this service does not know yet: tolerant by contract.
        if await self._try(connection, handler, run) is None:
            return
        blocked: set[str | None] = set()
        for one in run:  # One of them is poisonous: find it, keep the others.
            reason: str | None = "attend un événement mis de côté avant lui"
            if one.event.subject not in blocked:
                reason = await self._try(connection, handler, [one])
            if reason is not None:
                blocked.add(one.event.subject)
                await self._park(connection, one, reason)

    async def _try(
        self, connection: Connection, handler: Handler, run: list[Delivery]
    ) -> str | None:
        """Return None when `run` was handled, else why not; its changes are then undone."""
        try:
            async with connection.transaction():
                await handler(connection, run)
        except Exception as fault:
            if isinstance(fault, AWAY) or database.is_away(fault):
                raise
            return f"{type(fault).__name__}: {fault}"[:2000]
        return None

    async def _park(self, connection: Connection, one: Delivery, reason: str) -> None:
        self.parked += 1
        hidden = bool(privacy.scan(one.message.data.decode("utf-8", "replace")))
        logger().warning(
            "event_parked", consumer=self.name, event_id=one.event.id, type=one.event.type
        )
        await connection.execute(
            SQL["park"],
            self.name,
            one.event.id,
            one.event.subject or one.event.id,
            one.event.type,
            1,
            "[donnée personnelle retirée]" if privacy.scan(reason) else reason,
            msgspec.json.encode(one.message.headers).decode(),
            one.message.subject,
            b"" if hidden else one.message.data,
        )


def _is_gone(fault: BaseException) -> bool:
    return isinstance(fault, StreamRefusal) and fault.code in {NO_CONSUMER, NO_STREAM}


def batches(items: Sequence[Delivery], most: int) -> Iterator[Sequence[Delivery]]:
    """Yield `items` in slices of at most `most`, in order."""
    for start in range(0, len(items), most):
        yield items[start : start + most]
