"""Take facts from a stream: each changes this service once, in order, and a bad one stops no other.

Pull, put the ids in the inbox, handle the new ones, commit, acknowledge: one transaction, so that a
redelivery after any crash finds its id and does nothing. A fact that cannot be handled is parked
with its reason in that same transaction, and later facts of its aggregate queue behind it. When
what is missing is PostgreSQL or a peer, the whole batch waits, so that order holds.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from itertools import groupby

import asyncpg
import msgspec

from contracts import privacy
from contracts import streams as names
from contracts.envelope import Event, Malformed, from_headers
from contracts.http.upkeep import Settle, Settled, Verb
from services.chassis import database, ids
from services.chassis.database import SQL, Connection
from services.chassis.errors import Unavailable
from services.chassis.log import REMOVED, logger
from services.chassis.streams import AWAY, Received, Streams

PULL_SECONDS = 5.0
RETRY_SECONDS = 0.5
ACK_WAIT_SECONDS = 1
"""After this the server gives again, in order, what was given to a process that died."""
BEHIND = "attend un événement mis de côté avant lui"


class Delivery(msgspec.Struct, frozen=True):
    """An event as a consumer sees it, and the message that brought it."""

    event: Event
    message: Received

    @property
    def aggregate(self) -> str:
        """What must stay in order; an event about nothing is alone."""
        return self.event.subject or self.event.id


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
    pause_seconds: float = 0.0
    """Between batches, for who wants to know soon rather than at once: bursts come as one."""
    by: "type[Consumer] | None" = None
    """What reads it, when it takes more than one reader for all."""


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
        self.durable = self.name
        self._service, self._source = service, source
        self._streams, self._write, self._replicas = streams, write, replicas
        self._turn = asyncio.Lock()
        self._next: int | None = None
        self._owed = 0
        self.trouble: str | None = f"le flux {source.stream} n'est pas encore suivi"
        self.handled = 0
        self.parked = 0
        self.lag = 0

    async def run(self) -> None:
        """Consume for ever; what is away is waited for and said in `trouble`.

        A batch that could not be taken is kept and taken again before any other.
        """
        batch: list[Received] = []
        while True:
            try:
                batch = batch or await self._pull()
                if batch:
                    await self._take(batch)
                    await self._streams.ack_through(batch[-1])
                self.handled += len(batch)
                self.lag = batch[-1].pending if batch else 0
                pause = self._source.pause_seconds if batch else 0.0
                self.trouble, batch = None, []
                await asyncio.sleep(pause)
            except Exception as fault:  # noqa: BLE001  # Whatever it is, it is said and tried again.
                trouble = f"{self._source.stream} attend : {fault or type(fault).__name__}"
                if trouble != self.trouble:
                    logger().warning("consumer_waits", consumer=self.name, exc_info=fault)
                self.trouble = trouble
                await asyncio.sleep(RETRY_SECONDS)

    async def _pull(self) -> list[Received]:
        """Return what follows, proven to follow.

        One acknowledgement covers all messages before it. So a message that the server gave and
        that never came would be lost by the next one: each must carry the next consumer sequence,
        and what a former process left unacknowledged must come again before anything new.
        """
        await self._streams.connected()
        if self._next is None:
            await self._resume()
        self.trouble = None
        expected, self._next = self._next, None  # In doubt until the pull is whole.
        messages = await self._streams.pull(
            self._source.stream, self.durable, most=names.BATCH_MAX, seconds=PULL_SECONDS
        )
        for place, message in enumerate(messages, start=expected or 0):
            if message.consumer_seq != place or (self._owed and message.delivered == 1):
                raise Unavailable("une livraison s'est perdue, elle est redemandée")
            self._owed = max(0, self._owed - 1)
        self._next = (expected or 0) + len(messages)
        return messages

    async def _resume(self) -> None:
        config = {
            "durable_name": self.durable,
            "filter_subjects": list(self._source.subjects),
            "ack_policy": "all",
            "ack_wait": ACK_WAIT_SECONDS * 10**9,
            "deliver_policy": "all",
            "max_ack_pending": names.BATCH_MAX * 4,
            "max_deliver": -1,
            "num_replicas": self._replicas,
        }
        found = await self._streams.ensure_consumer(self._source.stream, config)
        self._owed = found["num_ack_pending"]
        if self._owed:
            await asyncio.sleep(ACK_WAIT_SECONDS * 1.5)
        self._next = found["delivered"]["consumer_seq"] + 1

    async def _take(self, messages: list[Received]) -> None:
        unreadable: dict[str, str] = {}
        deliveries: dict[str, Delivery] = {}
        for message in messages:
            try:
                one = self._source.reader(message)
            except Malformed as fault:
                one = Delivery(_unreadable(message), message)
                unreadable[one.event.id] = str(fault)
            deliveries.setdefault(one.event.id, one)
        async with self._turn, self._write() as connection, connection.transaction():
            rows = await connection.fetch(SQL["add_to_inbox"], self.name, list(deliveries))
            new = {row["event_id"] for row in rows}
            rows = await connection.fetch(SQL["blocked_aggregates"], self.name)
            blocked = {row["aggregate"] for row in rows}
            for event_id, reason in unreadable.items():
                if event_id in new:
                    await self._park(connection, deliveries.pop(event_id), reason)
            fresh = [one for event_id, one in deliveries.items() if event_id in new]
            for event_type, run in groupby(fresh, key=lambda one: one.event.type):
                handler = self._source.handlers.get(event_type) or self._source.handlers.get("*")
                if handler is not None:  # Else of a kind not known here yet: passed over.
                    await self._handle_run(connection, handler, list(run), blocked)

    async def _handle_run(
        self, connection: Connection, handler: Handler, run: list[Delivery], blocked: set[str]
    ) -> None:
        """Handle a run at once, or one by one when it holds something poisonous or `blocked`."""
        alone = not blocked.isdisjoint(one.aggregate for one in run)
        if not alone and await self._try(connection, handler, run) is None:
            return
        for one in run:
            reason: str | None = BEHIND
            if one.aggregate not in blocked:
                reason = await self._try(connection, handler, [one])
            if reason is not None:
                blocked.add(one.aggregate)
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
        logger().warning(
            "event_parked", consumer=self.name, event_id=one.event.id, type=one.event.type
        )
        data = one.message.data
        headers = {name: _clean(value) for name, value in one.message.headers.items()}
        await connection.execute(
            SQL["park"],
            self.name,
            one.event.id,
            one.aggregate,
            one.event.type,
            1,
            _clean(reason),
            msgspec.json.encode(headers).decode(),
            one.message.subject,
            b"" if privacy.scan(data.decode("utf-8", "replace")) else data,
            one.message.stream_seq,
            one.message.at_ns,
        )

    async def settle(self, asked: Settle, *, home: str, told: str) -> list[Settled]:
        """Deal with a parked event, then with those behind it in order, until one fails again.

        One that stands behind another waits for that one first, unless it is dropped. `home` is
        the coordination the caller acts in, `told` who and why.
        """
        found: list[Settled] = []
        async with self._turn, self._write() as connection, connection.transaction():
            rows = await connection.fetch(SQL["parked_queue"], self.name, asked.event_id, home)
            if asked.verb is Verb.DROP:
                rows.sort(key=lambda row: row["event_id"] != asked.event_id)
            for row in rows:
                own = asked if row["event_id"] == asked.event_id else None
                one = await self._settle_one(connection, row, own, told)
                found.append(one)
                if one.state == "parked":
                    break
        return found

    async def _settle_one(
        self, connection: Connection, row: asyncpg.Record, asked: Settle | None, told: str
    ) -> Settled:
        event_id, state, reason = row["event_id"], "redriven", None
        if asked and asked.verb is Verb.DROP:
            state = "dropped"
        else:
            headers = msgspec.json.decode(row["headers"], type=dict[str, str])
            data = row["data"]
            if (
                asked and asked.edited is not None
            ):  # Another event, which cites the one it replaces.
                headers = {name.lower(): value for name, value in headers.items()}
                headers |= {"ce-id": str(ids.new_id()), "ce-causationid": event_id}
                data, state = asked.edited.encode(), "dropped"
                told = f"{told} ({headers['ce-id']})"
            reason = await self._again(connection, row, headers, data)
        if reason is not None:
            state, reason = "parked", _clean(reason)
        await connection.execute(
            SQL["settle"], self.name, event_id, state, reason, told if asked else None
        )
        return Settled(event_id=event_id, state=state, error=reason)

    async def _again(
        self, connection: Connection, row: asyncpg.Record, headers: dict[str, str], data: bytes
    ) -> str | None:
        place = (row["stream_seq"], row["at_ns"])
        try:
            one = self._source.reader(Received(row["subject"], data, headers, *place, "", 0))
        except Malformed as fault:
            return str(fault)
        handler = self._source.handlers.get(one.event.type) or self._source.handlers.get("*")
        return await self._try(connection, handler, [one]) if handler else None


def _clean(text: str) -> str:
    """Return what may be kept of a text: no personal data, nothing PostgreSQL cannot store."""
    return REMOVED if privacy.scan(text) else text.replace("\0", "")


def _unreadable(message: Received) -> Event:
    """Return what stands for a message that is no event: its place in the stream is its id."""
    return Event(
        id=f"{message.stream_seq}-{message.at_ns}",
        source="",
        type="",
        time=datetime.fromtimestamp(message.at_ns / 10**9, UTC),
        data=message.data,
    )
