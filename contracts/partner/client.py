"""A client of the exchange: publish signals, read what became of them, follow updates."""

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Self
from uuid import uuid4

import msgspec
import nats.errors
import nats.js.errors
from nats.aio.msg import Msg
from nats.js.client import JetStreamContext

from contracts import transport
from contracts.envelope import Event, Malformed, from_headers
from contracts.partner.connection import Connection, distrust
from contracts.partner.credentials import Credentials
from contracts.streams import MESSAGE_BYTES_MAX, intake_subject

BATCH_MAX = 500
CONNECT_SECONDS = 6.0
REQUEST_SECONDS = 10.0
PULL_SECONDS = 5.0
REFUSAL_LOOKS = 40
REFUSAL_PAUSE_SECONDS = 0.05


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """One event is on the exchange's disk, at `in_seq`: answers will cite that number."""

    ce_id: str
    in_seq: int


class NotKept(Exception):
    """The server itself refused or did not answer; the message says why and what to do."""


class _PubAck(msgspec.Struct):
    seq: int = 0
    error: dict[str, object] | None = None


class Partner:
    """One connection of an institution's system, restored by itself when it is lost."""

    def __init__(self, credentials: Credentials) -> None:
        """Keep who connects; nothing is opened before `async with`."""
        self.credentials = credentials
        self._client = Connection()
        self._said: list[str] = []
        self._distrusted: str | None = None

    async def __aenter__(self) -> Self:
        """Connect.

        Raises:
            NotKept: the server is away, or does not know this key.
        """
        own = self.credentials

        async def failed(fault: Exception) -> None:
            self._said.append(str(fault))
            self._distrusted = self._distrusted or distrust(fault)
            if self._distrusted and not connecting.done():
                connecting.cancel()  # Trying again would not make it another server.

        connecting = asyncio.ensure_future(
            self._client.connect(
                own.nats_url.split(","),
                nkeys_seed_str=own.seed,
                inbox_prefix=own.inbox_prefix,
                name=own.institution,
                max_reconnect_attempts=-1,
                reconnect_time_wait=1,
                ping_interval=10,
                error_cb=failed,
                connect_timeout=2,
                tls=transport.trusting(own.ca_file),
            )
        )
        try:
            await asyncio.wait([connecting], timeout=CONNECT_SECONDS)
        finally:
            connecting.cancel()
        try:
            await connecting
        except (nats.errors.Error, OSError, TimeoutError, asyncio.CancelledError) as fault:
            await self._client.close()
            raise NotKept(self._why(fault)) from fault
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Send what waits, then close."""
        if self._client.is_connected:
            await self._client.flush()
        await self._client.close()

    def _why(self, fault: BaseException | None) -> str:
        """Return in French what the server or the client said."""
        if self._distrusted:
            return f"On ne peut se fier à {self.credentials.nats_url} : {self._distrusted}."
        said = " ".join([*self._said[-3:], str(fault or "")]).lower()
        if "permissions violation" in said:
            return (
                "Le serveur refuse ce sujet à votre clé : vérifiez l'institution, la coordination "
                f"(« {self.credentials.coordination} ») et votre convention."
            )
        if "maximum payload" in said or "max payload" in said or "size exceeds" in said:
            return f"Un message dépasse {MESSAGE_BYTES_MAX} octets ; envoyez un compte par message."
        if "authorization" in said:
            return "Le serveur ne connaît pas cette clé ; demandez où en est votre admission."
        return (
            f"L'échange ne répond pas à {self.credentials.nats_url} ; rien n'est perdu de ce qui "
            "a été confirmé, relancez la même commande."
        )

    async def publish(self, events: Sequence[Event]) -> list[Kept]:
        """Publish events, at most 500, all or none, and return where each is kept.

        Sending the same signals again is free: the exchange knows them by their identifiers.

        Raises:
            NotKept: the server refused or did not answer; nothing of these is lost by retrying.
        """
        assert len(events) <= BATCH_MAX, "the caller slices"
        messages = [self._message(event) for event in events]
        try:
            last = await self._send(messages)
        except (nats.errors.Error, TimeoutError, OSError) as fault:
            await asyncio.sleep(0)  # Lets the client hand over what the server said of it.
            raise NotKept(self._why(fault)) from fault
        first = last - len(events) + 1
        return [Kept(ce_id=event.id, in_seq=first + n) for n, event in enumerate(events)]

    def _message(self, event: Event) -> tuple[str, bytes, dict[str, str]]:
        try:
            subject = intake_subject(
                self.credentials.institution, self.credentials.coordination, event.type
            )
        except ValueError as fault:
            raise NotKept(f"« {event.type} » n'est pas un type de signal connu.") from fault
        return subject, event.data, event.headers()

    async def _send(self, messages: list[tuple[str, bytes, dict[str, str]]]) -> int:
        batch = uuid4().hex
        for number, (subject, data, headers) in enumerate(messages, start=1):
            if len(messages) > 1:
                headers["Nats-Batch-Id"] = batch
                headers["Nats-Batch-Sequence"] = str(number)
            if number < len(messages):
                await self._client.publish(subject, data, headers=headers)
                continue
            if len(messages) > 1:
                headers["Nats-Batch-Commit"] = "1"
            answer = await self._client.request(
                subject, data, timeout=REQUEST_SECONDS, headers=headers
            )
        ack = msgspec.json.decode(answer.data, type=_PubAck)
        if ack.error:
            raise nats.errors.Error(str(ack.error.get("description", "")))
        return ack.seq

    async def read(
        self, durable: str, *, most: int = BATCH_MAX, seconds: float = PULL_SECONDS
    ) -> list[tuple[Event, int, Msg]]:
        """Return what waits on one of the institution's durables, with each stream sequence.

        Nothing is forgotten before `done` is called for it: what is not comes again.

        Raises:
            NotKept: the durable is not there: no agreement opens it now.
        """
        stream = self.credentials.stream
        jetstream: JetStreamContext = self._client.jetstream()
        subscription = await jetstream.pull_subscribe_bind(durable=durable, stream=stream)
        try:
            messages = await subscription.fetch(most, timeout=seconds)
        except (TimeoutError, nats.errors.TimeoutError, nats.js.errors.FetchTimeoutError):
            return []
        except (nats.errors.Error, nats.js.errors.Error) as fault:
            raise NotKept(self._why(fault)) from fault
        finally:
            await subscription.unsubscribe()
        found = []
        for message in messages:
            try:
                event = from_headers(message.headers or {}, message.data)
            except Malformed:
                await message.term()  # None of ours: it would come again for ever.
                continue
            found.append((event, message.metadata.sequence.stream, message))
        return found

    async def is_refused(self, subject: str) -> bool:
        """Tell whether the server refuses this subject to this key; nothing is sent that counts."""
        before = len(self._said)
        await self._client.publish(subject, b"")
        await self._client.flush()
        for _ in range(REFUSAL_LOOKS):  # The refusal comes a little after the answer to a ping.
            if any(f'"{subject.lower()}"' in one for one in self._said[before:]):
                return True
            await asyncio.sleep(REFUSAL_PAUSE_SECONDS)
        return False

    async def done(self, message: Msg) -> None:
        """Say that a message had its effect here; it will not come again."""
        await message.ack()
