"""Carry committed facts to the service's stream: each once, in order, whatever stops meanwhile.

The claim (which rows, under which batch id) is committed before anything is published, and the
first message of a batch is fenced by the stream's last sequence. So after any doubt the last
message of the stream says whether the open claim is in it: same batch id, then it is and the claim
is finished; another, then it is not and the same rows are sent again under the same id.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from uuid import UUID

import asyncpg

from contracts.envelope import Event
from contracts.streams import BATCH_MAX, MESSAGE_BYTES_MAX, stream_of
from services.chassis import database, ids
from services.chassis.database import SQL, Connection
from services.chassis.log import logger
from services.chassis.settings import ServiceSettings
from services.chassis.streams import WRONG_LAST_SEQUENCE, Message, StreamRefusal, Streams

POLL_SECONDS = 0.1
RETRY_SECONDS = 0.5
DAYS_KEPT = 400
STREAM_BYTES_MAX = 8 * 1024**3


def stream_config(service: str, *, replicas: int, answers: bool = False) -> dict[str, object]:
    """Return the configuration of the one stream `service` writes."""
    subjects = [f"evt.{service}.>", f"pub.{service}.>", *(["out.>"] if answers else [])]
    return {
        "name": stream_of(service),
        "subjects": subjects,
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
    """The one publisher of a service; a second one waits for the first to end."""

    def __init__(
        self, service: str, settings: ServiceSettings, streams: Streams, *, answers: bool = False
    ) -> None:
        """Keep what it stands on; `run` does the work. `answers`: it also writes `out.>`."""
        self._service, self._settings, self._streams = service, settings, streams
        self._config = stream_config(service, replicas=settings.nats_replicas, answers=answers)
        self._stream = stream_of(service)
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
                await self._streams.ensure_stream(self._config)
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

    async def _lead(self) -> None:
        connection = await database.open_connection(self._settings, name=f"{self._service}-relay")
        try:
            key = int.from_bytes(hashlib.sha256(b"relay").digest()[:4], "big")
            if not await connection.fetchval(SQL["lead_relay"], key):
                self.trouble = "un autre relais publie déjà"
                await asyncio.sleep(RETRY_SECONDS)
                return
            expected, last_batch = await self._streams.last(self._stream)
            rows = await connection.fetch(SQL["open_claim"])
            if rows and str(rows[0]["batch"]) == last_batch:
                await connection.execute(SQL["finish_claim"], rows[0]["batch"])
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
                messages = _messages(rows, expected)
                expected = await self._streams.publish_batch(messages, batch=str(batch))
                self.published += len(rows)
                async with connection.transaction():
                    await connection.execute(SQL["finish_claim"], batch)
                    rows = await connection.fetch(SQL["claim"], ids.new_id(), BATCH_MAX)
                continue
            self._woken.clear()
            rows = await connection.fetch(SQL["claim"], ids.new_id(), BATCH_MAX)
            if not rows:
                await self._wait()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._woken.wait()
        except TimeoutError:
            self._streams.client()  # Says at once that NATS went away while nothing was sent.


def _messages(rows: Sequence[asyncpg.Record], expected: int) -> list[Message]:
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
        if not messages:
            headers["Nats-Expected-Last-Sequence"] = str(expected)
        messages.append(Message(row["subject"], row["data"], headers))
    return messages
