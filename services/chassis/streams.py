"""The NATS client, wrapped once: each method covers a way in which the bare one loses or waits.

What the bare client (2.16) does, seen by tests: a refused permission is only told to `error_cb`
and looks like a timeout; a user that was revoked closes the client for good; reconnection stops
after 60 tries; `fetch` on a consumer deleted meanwhile waits its whole timeout and returns
nothing; there is no atomic batch.
"""

import asyncio
import base64
import time
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar, cast

import msgspec
import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg

from contracts import transport
from contracts.partner.connection import Connection, distrust
from services.chassis.errors import Unavailable
from services.chassis.log import logger

T = TypeVar("T")
PING_SECONDS = 10
RETRY_SECONDS = 0.5
REQUEST_SECONDS = 5.0
BATCH_SECONDS = 10.0
UNHEARD_SECONDS = 1.0
ACK_FIELDS = 9
NOT_NOW = 503
"""A cluster between two leaders, a disk that is full: nothing was decided, it is asked again."""
NO_MESSAGE = 10037
NO_CONSUMER = 10014
STREAM_EXISTS = 10058
NO_STREAM = 10059
HOLDS_KNOWN = 10201
"""A batch is refused whole when the server saw one of its `Nats-Msg-Id` lately."""
WRONG_LAST_SEQUENCE = (10071, 10164)
AWAY: tuple[type[BaseException], ...] = (nats.errors.Error, OSError, TimeoutError, Unavailable)


class StreamRefusal(Exception):
    """The server understood and denied a request; `code` is its error code."""

    def __init__(self, code: int, description: str) -> None:
        """Keep the server's own words: an operator may look them up."""
        super().__init__(f"{description} ({code})")
        self.code = code


class Message(msgspec.Struct, frozen=True):
    """One message to publish."""

    subject: str
    data: bytes
    headers: dict[str, str]


class Received(msgspec.Struct, frozen=True):
    """One message pulled: its place in the stream, the server's clock, where to acknowledge.

    `consumer_seq` counts what the durable was given, `delivered` how often it was this message,
    `pending` what waits behind it.
    """

    subject: str
    data: bytes
    headers: dict[str, str]
    stream_seq: int
    at_ns: int
    reply: str
    pending: int
    consumer_seq: int = 0
    delivered: int = 1


class Streams:
    """One connection that is always being restored, and JetStream's API as plain requests."""

    def __init__(self, *, url: str, seed: str, name: str, ca_file: str | None = None) -> None:
        """Keep what a connection takes; nothing is opened before `start`.

        `url`: one server, or several between commas, any of which will do.
        """
        self._urls, self._seed, self._name = url.split(","), seed, name
        self._tls = transport.trusting(ca_file)
        self._client: Client | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._lost = asyncio.Event()
        self._cut = asyncio.Event()
        self._up = asyncio.Event()
        self.denied: str | None = None
        """The last permission the server refused, in its words."""
        self.untrusted: str | None = None
        """Why the server is not trusted now, in French."""

    @property
    def is_up(self) -> bool:
        """Whether the server answers now."""
        return self._client is not None and self._client.is_connected

    async def start(self) -> None:
        """Begin to connect in the background; returns at once, the server may be away."""
        self._keeper = asyncio.create_task(self._keep(), name="streams")

    async def stop(self) -> None:
        """Close the connection and stop restoring it."""
        while self._keeper and not self._keeper.done():
            # Asked again: a client that is just connecting may swallow it, and stay.
            self._keeper.cancel()
            await asyncio.wait([self._keeper], timeout=RETRY_SECONDS)
        if self._client and not self._client.is_closed:
            with suppress(*AWAY):
                await asyncio.wait_for(self._client.close(), 2)

    async def connected(self) -> None:
        """Return once the server has been reached."""
        await self._up.wait()

    async def _keep(self) -> None:
        while True:
            self._lost.clear()
            try:
                self._client = await self._connect()
            except AWAY as fault:
                logger().info("nats_away", fault=str(fault) or type(fault).__name__)
                await asyncio.sleep(RETRY_SECONDS)
                continue
            self._up.set()
            await self._lost.wait()  # The client closed for good: build another.
            await asyncio.sleep(RETRY_SECONDS)

    async def _connect(self) -> Client:
        async def closed() -> None:
            self._lost.set()

        async def disconnected() -> None:
            self._cut.set()
            self._cut = asyncio.Event()

        async def failed(fault: Exception) -> None:
            reason = distrust(fault)
            if reason and reason != self.untrusted:
                logger().error("nats_untrusted", fault=str(fault))
            self.untrusted = reason
            if isinstance(fault, nats.errors.Error) and "permissions violation" in str(fault):
                self.denied = str(fault)
                logger().warning("nats_denied", fault=str(fault))

        client = Connection()
        try:
            await client.connect(
                self._urls,
                nkeys_seed_str=self._seed,
                name=self._name,
                inbox_prefix=f"_INBOX_{self._name}",
                allow_reconnect=True,
                connect_timeout=2,
                max_reconnect_attempts=-1,
                reconnect_time_wait=RETRY_SECONDS,  # type: ignore[arg-type]  # Seconds, slept.
                ping_interval=PING_SECONDS,
                max_outstanding_pings=2,
                error_cb=failed,
                closed_cb=closed,
                disconnected_cb=disconnected,
                tls=self._tls,
            )
        except BaseException:
            await client.close()
            raise
        self.untrusted = None
        return client

    def client(self) -> Client:
        """Return the live client.

        Raises:
            Unavailable: the server is away.
        """
        if self._client is None or not self._client.is_connected:
            raise Unavailable("NATS ne répond pas.")
        return self._client

    async def _while_connected(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what `work` does; when the connection breaks its answer will never come.

        Raises:
            Unavailable: the connection broke.
        """
        working = asyncio.create_task(work)
        cut = asyncio.create_task(self._cut.wait())
        try:
            await asyncio.wait({working, cut}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                raise Unavailable("NATS a coupé la connexion.")
            return working.result()
        finally:
            cut.cancel()
            working.cancel()

    async def api(self, call: str, asked: Mapping[str, object] | None = None) -> dict[str, Any]:
        """Return JetStream's answer to `call`, as in `STREAM.INFO.EVT_X`.

        Raises:
            StreamRefusal: the server denied it.
            Unavailable: the server is away or does not answer; or it refused the permission.
        """
        body = msgspec.json.encode(asked) if asked else b""
        return await self._ask(f"$JS.API.{call}", body, None, REQUEST_SECONDS)

    async def _ask(
        self, subject: str, body: bytes, headers: dict[str, str] | None, seconds: float
    ) -> dict[str, Any]:
        try:
            answer = await self._while_connected(self._request(subject, body, headers, seconds))
        except (nats.errors.Error, TimeoutError) as fault:
            if self.denied and f'"{subject.lower()}"' in self.denied:
                raise Unavailable(f"NATS refuse {subject} à ce service.") from fault
            raise Unavailable(f"NATS ne répond pas à {subject}.") from fault
        found: dict[str, Any] = msgspec.json.decode(answer.data)
        if error := found.get("error"):
            refusal = StreamRefusal(error.get("err_code", 0), error.get("description", ""))
            if error.get("code") == NOT_NOW:
                raise Unavailable(f"NATS ne le peut pas encore : {refusal}.") from refusal
            raise refusal
        return found

    async def _request(
        self, subject: str, body: bytes, headers: dict[str, str] | None, seconds: float
    ) -> Msg:
        """Return the answer; what nobody heard is asked again, for a while.

        A server hears nothing for some milliseconds while it takes up other users, a cluster
        between two leaders for some seconds.
        """
        deadline = time.monotonic() + UNHEARD_SECONDS
        while True:
            try:
                client = self.client()
                return await client.request(subject, body, timeout=seconds, headers=headers)
            except nats.errors.NoRespondersError:
                if time.monotonic() >= deadline:
                    raise
                await asyncio.sleep(UNHEARD_SECONDS / 20)

    async def ensure_stream(self, config: Mapping[str, object]) -> None:
        """Create a stream, or bring the one of that name to `config`."""
        name = config["name"]
        try:
            await self.api(f"STREAM.CREATE.{name}", config)
        except StreamRefusal as refusal:
            if refusal.code != STREAM_EXISTS:
                raise
            await self.api(f"STREAM.UPDATE.{name}", config)

    async def ensure_consumer(self, stream: str, config: Mapping[str, object]) -> dict[str, Any]:
        """Create a durable, or bring the one of that name to `config`; return how it stands."""
        asked = {"stream_name": stream, "config": config}
        return await self.api(f"CONSUMER.DURABLE.CREATE.{stream}.{config['durable_name']}", asked)

    async def last(self, stream: str, subjects: str | None = None) -> tuple[int, str | None]:
        """Return the last sequence of `stream` and the `ctin-batch` of its last message.

        With `subjects`, those of the last message under them alone; zero when there is none.
        """
        state = (await self.api(f"STREAM.INFO.{stream}"))["state"]
        last_seq = 0 if subjects else state["last_seq"]
        try:
            got = await self.api(f"STREAM.MSG.GET.{stream}", {"last_by_subj": subjects or ">"})
        except StreamRefusal as refusal:
            if refusal.code != NO_MESSAGE:
                raise
            return last_seq, None
        found = got["message"]
        return found["seq"] if subjects else last_seq, raw_headers(found).get("ctin-batch")

    async def publish(self, message: Message) -> int:
        """Publish one message and return its stream sequence, once it is on disk."""
        answer = await self._ask(message.subject, message.data, message.headers, REQUEST_SECONDS)
        return int(answer["seq"])

    async def publish_batch(self, messages: Sequence[Message], *, batch: str) -> int:
        """Publish all of `messages` or none, and return the sequence of the last.

        At most 1,000, as the server allows; one alone goes plainly, which costs less.
        """
        if len(messages) == 1:
            return await self.publish(messages[0])
        client = self.client()
        for number, message in enumerate(messages, start=1):
            headers = {
                **message.headers,
                "Nats-Batch-Id": batch,
                "Nats-Batch-Sequence": str(number),
            }
            if number < len(messages):
                await client.publish(message.subject, message.data, headers=headers)
            else:
                headers["Nats-Batch-Commit"] = "1"
                answer = await self._ask(message.subject, message.data, headers, BATCH_SECONDS)
        return int(answer["seq"])

    async def pull(self, stream: str, durable: str, *, most: int, seconds: float) -> list[Received]:
        """Return what waits for `durable`, at most `most`; wait up to `seconds` for the first.

        Raises:
            StreamRefusal: the durable or its stream is gone.
            Unavailable: the server is away.
        """
        return await self._while_connected(self._pull(stream, durable, most, seconds))

    async def _pull(self, stream: str, durable: str, most: int, seconds: float) -> list[Received]:
        client = self.client()
        inbox = client.new_inbox()
        inbox_of_one = await client.subscribe(inbox, max_msgs=0)
        subject = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}"
        found: list[Received] = []
        deadline = time.monotonic() + seconds + 1.0
        try:
            await client.publish(subject, b'{"batch":%d,"no_wait":true}' % most, inbox)
            waiting = False
            while len(found) < most:
                message = await inbox_of_one.next_msg(max(0.01, deadline - time.monotonic()))
                if message.reply:  # What has none is the server's own word, never a sender's.
                    found.append(_received(message))
                    if waiting:
                        break
                    continue
                status = (message.headers or {}).get("Status", "")
                if status in {"404", "408"} and not (found or waiting):
                    waiting = True
                    asked = b'{"batch":1,"expires":%d}' % int(seconds * 1e9)
                    await client.publish(subject, asked, inbox)
                elif status != "100":
                    _raise_if_gone(status, message)
                    break
        except nats.errors.TimeoutError:
            pass  # Nothing came; the next pull asks again.
        except nats.errors.Error as fault:
            raise Unavailable("NATS a coupé la connexion.") from fault
        finally:
            with suppress(*AWAY):
                await inbox_of_one.unsubscribe()
        return found

    async def ack_through(self, received: Received) -> None:
        """Acknowledge a message and all before it (durables here acknowledge all at once)."""
        await self.client().publish(received.reply, b"+ACK")


def _raise_if_gone(status: str, message: Msg) -> None:
    described = (message.headers or {}).get("Description", "")
    if status == "503" or (status == "409" and "delet" in described.lower()):
        raise StreamRefusal(NO_CONSUMER, described or "no responders")


def _received(message: Msg) -> Received:
    # $JS.ACK.<stream>.<consumer>.<delivered>.<stream seq>.<consumer seq>.<ns>.<pending>; a domain
    # and an account hash may stand before the stream, a token after `pending`.
    fields = message.reply.split(".")
    first = 4 if len(fields) == ACK_FIELDS else 6
    delivered, stream_seq, consumer_seq, at_ns, pending = map(int, fields[first : first + 5])
    return Received(
        message.subject,
        message.data,
        dict(cast("Mapping[str, str]", message.headers or {})),
        stream_seq,
        at_ns,
        message.reply,
        pending,
        consumer_seq,
        delivered,
    )


def raw_headers(message: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers of a message that the API gave as one encoded text."""
    text = base64.b64decode(message.get("hdrs", "")).decode("utf-8", "replace")
    lines = (line.partition(":") for line in text.split("\r\n")[1:] if ":" in line)
    return {name.strip(): value.strip() for name, _, value in lines}
