"""Carry committed facts to the service's stream: each once, in order, whatever stops meanwhile.

The claim (which rows, under which batch id) is committed before anything is published, and the
first message of a batch is fenced by the stream's last sequence. So after any doubt the last
message of the stream says whether the open claim is in it: same batch id, then it is and the claim
is finished; another, then it is not and the same rows are sent again under the same id.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from contracts.envelope import Event
from contracts.streams import ANSWERS, BATCH_MAX, MESSAGE_BYTES_MAX, PUB, stream_of
from services.chassis import database, ids
from services.chassis.database import SQL, Connection
from services.chassis.log import logger
from services.chassis.settings import ServiceSettings
from services.chassis.streams import (
    HOLDS_KNOWN,
    NO_STREAM,
    WRONG_LAST_SEQUENCE,
    Message,
    StreamRefusal,
    Streams,
)

POLL_SECONDS = 0.1
RETRY_SECONDS = 0.5
DAYS_KEPT = 400
STREAM_BYTES_MAX = 8 * 1024**3


def stream_config(service: str, *, replicas: int) -> dict[str, object]:
    """Return the configuration of the one stream that `service` alone writes."""
    return {
        "name": stream_of(service),
        "subjects": [f"evt.{service}.>", f"pub.{service}.>"],
        "storage": "file",
        "retention": "limits",
        "discard": "new",
        "max_bytes": STREAM_BYTES_MAX,
        "max_msg_size": MESSAGE_BYTES_MAX,
        "max_age": DAYS_KEPT * 86_400 * 10**9,
        "duplicate_window": 600 * 10**9,
        "num_replicas": replicas,
        "allow_atomic": True,
    }


class Relay:
    """The one publisher of a service to a stream; a second one waits for the first to end.

    Answers to institutions go straight to the stream that partners read: through a source each
    would cost a sync to disk of its own, where an atomic batch costs one for all.
    """

    def __init__(
        self, service: str, settings: ServiceSettings, streams: Streams, *, answers: bool = False
    ) -> None:
        """Keep what it stands on; `run` does the work. `answers`: it carries those, alone."""
        self._service, self._settings, self._streams = service, settings, streams
        self.answers = answers
        self.stream = PUB if answers else stream_of(service)
        self._fence = ANSWERS if answers else None
        self._woken = asyncio.Event()
        self.trouble: str | None = "le relais démarre"
        """Why nothing is published now, None while all is well."""
        self.published = 0

    def poke(self) -> None:
        """Look for committed facts at once instead of at the next poll."""
        self._woken.set()

    async def run(self) -> None:
        """Publish for ever; what is away is waited for and said in `trouble`."""
        while True:
            try:
                await self._streams.connected()
                await self._lead()
            except Exception as fault:  # noqa: BLE001  # Whatever it is, it is said and tried again.
                if isinstance(fault, StreamRefusal) and fault.code in WRONG_LAST_SEQUENCE:
                    logger().info("relay_resumes", fault=str(fault))
                    continue
                trouble = f"le relais attend : {fault or type(fault).__name__}"
                if trouble != self.trouble:
                    logger().warning("relay_waits", exc_info=fault)
                self.trouble = trouble
                await asyncio.sleep(RETRY_SECONDS)

    async def ensure_stream(self, connection: Connection) -> None:
        """Make this service's stream; one that was lost is filled again, and ends where it did.

        Who follows it by numbers, as `PUB` does, so goes on at the next fact and misses none.
        """
        if self.answers:
            return
        config = stream_config(self._service, replicas=self._settings.nats_replicas)
        try:
            await self._streams.api(f"STREAM.INFO.{self.stream}")
        except StreamRefusal as refusal:
            if refusal.code != NO_STREAM:
                raise
            row = await connection.fetchrow(SQL["stream_end"], self.answers, self.since())
            assert row is not None, "an aggregate has one row"
            if row["last_seq"] is not None:
                config["first_seq"] = max(1, row["last_seq"] - row["facts"] + 1)
                await connection.execute(SQL["void_claim"], self.answers)
                await connection.execute(SQL["forget_seen"])
                lost = await connection.fetch(SQL["unseen"], self.answers, self.since())
                await connection.execute(
                    SQL["put_again"], self.answers, [one["seq"] for one in lost]
                )
                logger().warning("stream_lost", stream=self.stream, facts=len(lost))
        await self._streams.ensure_stream(config)

    @staticmethod
    def since() -> datetime:
        """Return from when facts should be in the stream; it forgets older ones."""
        return ids.now() - timedelta(days=DAYS_KEPT - 1)

    async def _lead(self) -> None:
        connection = await database.open_connection(self._settings, name=f"{self._service}-relay")
        try:
            key = int.from_bytes(hashlib.sha256(self.stream.encode()).digest()[:4], "big")
            if not await connection.fetchval(SQL["lead_relay"], key):
                self.trouble = "un autre relais publie déjà"
                await asyncio.sleep(RETRY_SECONDS)
                return
            await self.ensure_stream(connection)
            expected, last_batch = await self._streams.last(self.stream, self._fence)
            rows = await connection.fetch(SQL["open_claim"], self.answers)
            if rows and str(rows[0]["batch"]) == last_batch:
                await connection.execute(SQL["finish_claim"], rows[0]["batch"], expected)
                rows = []
            await self._publish_for_ever(connection, rows, expected)
        finally:
            connection.terminate()

    async def _publish_for_ever(
        self, connection: Connection, rows: list[asyncpg.Record], expected: int
    ) -> None:
        while True:
            self.trouble = None
            if rows:
                batch: UUID = rows[0]["batch"]
                messages = _messages(rows, expected, self._fence)
                expected = await self._send(messages, batch=str(batch), expected=expected)
                self.published += len(rows)
                async with connection.transaction():
                    await connection.execute(SQL["finish_claim"], batch, expected)
                    rows = await self._claim(connection)
                continue
            self._woken.clear()
            rows = await self._claim(connection)
            if not rows:
                await self._wait()

    async def _send(self, messages: list[Message], *, batch: str, expected: int) -> int:
        """Publish a batch and return where the stream ends; alone, each, if it holds known ones.

        What is put again after a loss may be known to the server still for ten minutes: then it
        is passed over, and the next round of the reconciler finds it.
        """
        try:
            return await self._streams.publish_batch(messages, batch=batch)
        except StreamRefusal as refusal:
            if refusal.code != HOLDS_KNOWN:
                raise
        for message in messages:
            for name in [one for one in message.headers if one.startswith("Nats-Expected")]:
                del message.headers[name]
            expected = max(expected, await self._streams.publish(message))
        return expected

    async def _claim(self, connection: Connection) -> list[asyncpg.Record]:
        return await connection.fetch(SQL["claim"], self.answers, ids.new_id(), BATCH_MAX)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._woken.wait()
        except TimeoutError:
            self._streams.client()  # Says at once that NATS went away while nothing was sent.


def _messages(rows: Sequence[asyncpg.Record], expected: int, fence: str | None) -> list[Message]:
    messages: list[Message] = []
    for row in rows:
        event = Event(
            id=str(row["event_id"]),
            source=row["source"],
            type=row["type"],
            time=row["at"],
            data=row["data"],
            subject=row["aggregate"],
            sequence=str(row["version"]),
            causationid=row["causation_id"],
            correlationid=row["correlation_id"],
        )
        headers = event.headers()
        headers["ctin-batch"] = str(row["batch"])
        headers["Nats-Msg-Id"] = event.id
        if not messages and fence is None:
            headers["Nats-Expected-Last-Sequence"] = str(expected)
        elif not messages:  # The stream has other writers: only these subjects are ours.
            headers["Nats-Expected-Last-Subject-Sequence"] = str(expected)
            headers["Nats-Expected-Last-Subject-Sequence-Subject"] = str(fence)
        messages.append(Message(row["subject"], row["data"], headers))
    return messages
