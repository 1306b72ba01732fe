"""Send feeds to endpoints: in order, signed, each endpoint at its own pace.

One task per subscription, so that a slow or dead endpoint keeps nobody waiting but itself. What
was confirmed is a number in the feed; after any crash the message of the next number is sent
again, with the same id.
"""

import asyncio
import hmac
import secrets
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec

from contracts.http.exchange.subscriptions import Beat, Handshake
from services.chassis import database, ids
from services.chassis.log import logger
from services.chassis.service import Service
from services.chassis.streams import AWAY
from services.exchange.commands import feeds as telling
from services.exchange.lane.endpoints import Endpoints, NotDelivered
from services.exchange.lane.feeds import Feeds, Follower
from services.exchange.model import subscriptions as rules
from services.exchange.model import webhooks as signing
from services.exchange.model.subscriptions import SubscriptionRow
from services.exchange.reads import subscriptions as reads
from services.exchange.settings import Settings

LOOK_SECONDS = 5.0
AWAY_SECONDS = 1.0
ROW_SECONDS = 2.0
"""How long a subscription that is delivered well is believed; its owner's changes come at once."""
AHEAD_MAX = 32
BEATS_SECONDS = 600.0
"""How long a quiet endpoint waits for a heartbeat."""
GONE = 410
BATCH_FORM = "application/cloudevents-batch+json"
EVENT_FORM = "application/cloudevents+json"


class Stopped(Exception):
    """The subscription is not to be sent anything now."""


class Webhooks:
    """The senders of this process, one per subscription."""

    def __init__(self, feeds: Feeds) -> None:
        """Keep the feeds they send."""
        self._feeds = feeds
        self._tasks: dict[UUID, asyncio.Task[None]] = {}

    async def run(self, service: Service) -> None:
        """Keep one sender per subscription that has something to be sent, for ever."""
        assert isinstance(service.settings, Settings)
        if service.settings.webhook_key_file is None:
            await asyncio.Event().wait()
        self._feeds.open(service)
        changed = self._feeds.watch()
        endpoints = Endpoints(loopback=service.settings.webhooks_to_loopback)
        try:
            while True:
                changed.clear()
                async with service.read() as connection:
                    rows = await reads.webhooks(connection)
                for row in rows:
                    if row.subscription not in self._tasks:
                        self._start(service, endpoints, row.subscription)
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_SECONDS):
                        await changed.wait()
        finally:
            for task in list(self._tasks.values()):
                task.cancel()
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _start(self, service: Service, endpoints: Endpoints, subscription: UUID) -> None:
        sender = Sender(service, self._feeds, endpoints, subscription)
        task = asyncio.create_task(sender.run(), name=f"webhook-{subscription}")
        self._tasks[subscription] = task
        task.add_done_callback(lambda _: self._tasks.pop(subscription, None))


class Sender:
    """Sends one feed to its endpoint, message after message."""

    def __init__(
        self, service: Service, feeds: Feeds, endpoints: Endpoints, subscription: UUID
    ) -> None:
        """Keep what it stands on."""
        self._service, self._feeds, self._endpoints = service, feeds, endpoints
        self._subscription = subscription
        self._quiet_since = time.monotonic()
        self._row: SubscriptionRow | None = None
        self._read_at = 0.0
        self._ahead: list[dict[str, Any]] = []
        """What follows, read with what was sent: one reading for many messages to who is behind."""
        self._challenge = secrets.token_urlsafe(24)

    async def run(self) -> None:
        """Send until the subscription is stopped; what is away here is waited for."""
        row = await self._patient()
        if row is None or row.url is None:
            return
        async with self._endpoints.client() as client:
            with self._feeds.follow(row) as follower:
                while True:
                    try:
                        await self._step(client, follower)
                    except Stopped:
                        return
                    except (*AWAY, *database.TROUBLE) as fault:
                        logger().info("webhook_waits", fault=str(fault) or type(fault).__name__)
                        await asyncio.sleep(AWAY_SECONDS)

    async def _patient(self) -> SubscriptionRow | None:
        while True:
            try:
                return await self._feeds.row(self._subscription)
            except database.TROUBLE:
                await asyncio.sleep(AWAY_SECONDS)

    async def _current(self, follower: Follower) -> SubscriptionRow | None:
        """Return the subscription; while deliveries go well, what they change is known here."""
        is_old = self._read_at + ROW_SECONDS < time.monotonic()
        if self._row is None or is_old or follower.is_stale:
            follower.is_stale, self._read_at, self._ahead = False, time.monotonic(), []
            self._row = await self._feeds.row(self._subscription)
        return self._row

    async def _step(self, client: httpx.AsyncClient, follower: Follower) -> None:
        row = await self._current(follower)
        self._row = None  # Only a message that came through leaves it as it is known.
        now = ids.now()
        if row is None or row.status not in {"pending", "active"}:
            raise Stopped
        if row.expires_at is not None and row.expires_at <= now:
            raise Stopped
        if row.next_attempt_at is not None and row.next_attempt_at > now:
            await follower.wait((row.next_attempt_at - now).total_seconds())
            return
        if row.url is not None and (seconds := self._endpoints.waits(row.url)) > 0:
            await follower.wait(seconds)
            return
        if row.status == "pending":
            await self._attempt(client, row, _handshake(row, self._challenge), through=None)
            return
        if not rules.is_open(row, await self._feeds.opened(row.institution)):
            await follower.wait(LOOK_SECONDS)
            return
        shown = await self._next(row, follower)
        if shown:
            through = shown[-1]["subseq"]
            await self._attempt(client, row, Outgoing.of(row, shown), through=through)
        elif not await follower.wait(LOOK_SECONDS):
            await self._beat(client, row)

    async def _next(self, row: SubscriptionRow, follower: Follower) -> list[dict[str, Any]]:
        handed = follower.taken(row.acked)
        if handed:
            for one in reversed(handed[row.batch_max :]):
                follower.give_back(one)
            return await self._feeds.show(row, handed[: row.batch_max])
        if not self._ahead or self._ahead[0]["subseq"] != row.acked + 1:
            if row.last_subseq <= row.acked:
                row = await self._feeds.number_all(row, until=row.acked + 1)
            most = max(row.batch_max, AHEAD_MAX)
            self._ahead = await self._feeds.page(row, after=row.acked, most=most)
        shown, self._ahead = self._ahead[: row.batch_max], self._ahead[row.batch_max :]
        return shown

    async def _beat(self, client: httpx.AsyncClient, row: SubscriptionRow) -> None:
        if time.monotonic() - self._quiet_since < BEATS_SECONDS:
            return
        content = Beat(through_seq=row.through_seq, matching=row.last_subseq)
        name = f"beat-{row.through_seq}-{int(time.time())}"
        kind = "fr.ctin.exchange.heartbeat.v1"
        told = rules.notice(row, content, kind=kind, name=name, at=ids.now(), subseq=None)
        await self._attempt(client, row, Outgoing(name, told, EVENT_FORM), through=row.acked)

    async def _attempt(
        self,
        client: httpx.AsyncClient,
        row: SubscriptionRow,
        message: "Outgoing",
        *,
        through: int | None,
    ) -> None:
        """Send one message and write down what became of it."""
        assert row.url is not None, "a webhook has an address"
        self._quiet_since = time.monotonic()
        headers = message.headers(row, _secrets(self._service, row, now=ids.now()))
        try:
            status, body = await self._endpoints.post(client, row.url, message.body, headers)
        except NotDelivered as fault:
            await self._failed(row, str(fault))
            return
        if status == GONE:
            async with self._service.read() as connection:
                told = "L'adresse répond 410 : elle ne veut plus rien recevoir."
                await telling.disable(connection, row.subscription, told)
            raise Stopped
        if not 200 <= status < 300:  # noqa: PLR2004
            await self._failed(row, f"L'adresse répond {status}.")
            return
        if through is None and not _answers(body, self._challenge):
            await self._failed(row, "L'adresse ne rend pas le défi de la poignée de main.")
            return
        async with self._service.read() as connection:
            if through is None:
                await telling.open_endpoint(connection, row.subscription, now=ids.now())
            else:
                await telling.tell_success(
                    connection, row.subscription, through, messages=1, now=ids.now()
                )
                acked = max(row.acked, through)
                self._row = msgspec.structs.replace(row, acked=acked, attempts=0)

    async def _failed(self, row: SubscriptionRow, reason: str) -> None:
        async with self._service.read() as connection:
            await telling.tell_failure(
                connection, row.subscription, reason, attempts=row.attempts + 1, now=ids.now()
            )


class Outgoing:
    """One message: its id, the same at each attempt, and its body."""

    def __init__(self, name: str, content: Any, form: str) -> None:
        """Encode it once."""
        self.name, self.form = name, form
        self.body = msgspec.json.encode(content)

    @classmethod
    def of(cls, row: SubscriptionRow, shown: Sequence[dict[str, Any]]) -> "Outgoing":
        """Return the message of events that follow one another."""
        name = f"{shown[0]['subseq']}-{shown[-1]['subseq']}"
        if row.batch_max == 1:
            return cls(name, shown[0], EVENT_FORM)
        return cls(name, list(shown), BATCH_FORM)

    def headers(self, row: SubscriptionRow, signed_with: Sequence[str]) -> dict[str, str]:
        """Return the headers of Standard Webhooks, one signature per secret."""
        message_id = f"{row.subscription}-{self.name}"
        timestamp = int(time.time())
        signatures = [
            signing.sign(secret, message_id, timestamp, self.body) for secret in signed_with
        ]
        return {
            "content-type": self.form,
            "webhook-id": message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": " ".join(signatures),
        }


def _secrets(service: Service, row: SubscriptionRow, *, now: datetime) -> list[str]:
    assert isinstance(service.settings, Settings)
    master = _master(str(service.settings.webhook_key_file))
    found = [signing.secret_of(master, row.subscription, row.key_version)]
    if row.previous_until is not None and now < row.previous_until:
        found.append(signing.secret_of(master, row.subscription, row.key_version - 1))
    return found


@cache
def _master(path: str) -> bytes:
    return Path(path).read_bytes()


def _handshake(row: SubscriptionRow, challenge: str) -> Outgoing:
    content = Handshake(subscription=row.subscription, challenge=challenge)
    told = rules.notice(
        row, content, kind=Handshake.TYPE, name="handshake", at=ids.now(), subseq=None
    )
    return Outgoing("handshake", told, EVENT_FORM)


def _answers(body: bytes, challenge: str) -> bool:
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    said = found.get("challenge") if isinstance(found, dict) else None
    return isinstance(said, str) and hmac.compare_digest(said.encode(), challenge.encode())
