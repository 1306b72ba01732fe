"""Feeds: events by pages, confirmed by the subscriber, or as a stream."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import HeaderParameter, JSONBody, Parameter
from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage

from contracts.http.exchange.subscriptions import Acknowledge, Acknowledged, Beat, Channel
from services.chassis import database, ids
from services.chassis.errors import Refusal
from services.chassis.http import PAGE_MAX, TheService
from services.chassis.policies import Asking
from services.chassis.streams import AWAY
from services.exchange.api.subscriptions import SUBSCRIBE, TheFeeds, own
from services.exchange.commands import subscriptions as commands
from services.exchange.errors.subscriptions import IsOver, IsPaused, NotOpen, OtherChannel
from services.exchange.lane import Feeds
from services.exchange.lane.feeds import OPENED_SECONDS, Follower
from services.exchange.model import subscriptions as rules
from services.exchange.model.subscriptions import SubscriptionRow
from services.exchange.reads.access import must_be_good
from services.exchange.settings import Settings

BATCH_FORM = "application/cloudevents-batch+json"
RETRY_MS = 2_000
AWAY_SECONDS = 1.0
Place = Annotated[int, Parameter(ge=0, le=2**53)]


async def readable(feeds: Feeds, row: SubscriptionRow) -> None:
    """Refuse to read a feed that delivers nothing now.

    Raises:
        NotOpen: no agreement in force opens anything of it.
        IsOver: it has expired.
        IsPaused: its owner, or its failures, stopped it.
    """
    if not rules.is_open(row, await feeds.opened(row.institution)):
        raise NotOpen("coordinations", ", ".join(row.coordinations))
    if row.expires_at is not None and row.expires_at <= ids.now():
        raise IsOver
    if row.status in {"paused", "disabled"}:
        raise IsPaused(row.reason)


class FeedRoutes(Controller):
    """What a subscriber reads."""

    tags = ("Abonnements",)

    @get("/v1/feeds/{subscription:uuid}/events", opt=SUBSCRIBE.opt())
    async def events(
        self,
        request: Asking,
        service: TheService,
        feeds: TheFeeds,
        subscription: UUID,
        after: Place | None = None,
        until: Place | None = None,
        limit: Annotated[int, Parameter(ge=1, le=PAGE_MAX)] = PAGE_MAX,
    ) -> Response[bytes]:
        """Return events after a number, or after what was confirmed, as a CloudEvents batch.

        The same range is the same events with the same `subseq`. Headers `ctin-last-subseq`,
        `ctin-through-seq` and `ctin-acked` say how far the feed is. On the channel `nats`,
        numbers are those of the stream.
        """
        async with service.read() as connection:
            row = await own(connection, request.user, subscription)
        await readable(feeds, row)
        if row.channel == Channel.NATS:
            found = await feeds.range(row, after=after or 0, until=until, most=limit)
        else:
            first = row.acked if after is None else after
            wanted = first + limit if until is None else min(until, first + limit)
            row = await feeds.number_all(row, until=wanted)
            found = await feeds.page(row, after=first, until=until, most=limit)
        headers = {
            "ctin-last-subseq": str(row.last_subseq),
            "ctin-through-seq": str(row.through_seq),
            "ctin-acked": str(row.acked),
        }
        return Response(msgspec.json.encode(found), media_type=BATCH_FORM, headers=headers)

    @post("/v1/feeds/{subscription:uuid}/ack", opt=SUBSCRIBE.opt(), status_code=200)
    async def acknowledge(
        self,
        request: Asking,
        service: TheService,
        subscription: UUID,
        data: JSONBody[Acknowledge],
    ) -> Acknowledged:
        """Confirm events up to a number: reading without `after` goes on from there."""
        async with service.write() as connection:
            row = await own(connection, request.user, subscription)
            if row.channel in {Channel.NATS, Channel.WEBHOOK}:
                raise OtherChannel(row.channel)
            acked, last = await commands.acknowledge(connection, subscription, data.through)
        return Acknowledged(acked=acked, last_subseq=last)

    @get("/v1/feeds/{subscription:uuid}/stream", opt=SUBSCRIBE.opt())
    async def stream(
        self,
        request: Asking,
        service: TheService,
        feeds: TheFeeds,
        subscription: UUID,
        after: Place | None = None,
        resumed: Annotated[str | None, HeaderParameter(name="Last-Event-ID", max_length=20)] = None,
    ) -> ServerSentEvent:
        """Stream events as they are numbered; `id` is their `subseq`, to resume from.

        It starts after `Last-Event-ID`, else after `after`, else after what was confirmed.
        """
        assert isinstance(service.settings, Settings)
        async with service.read() as connection:
            row = await own(connection, request.user, subscription)
        if row.channel not in {Channel.SSE, Channel.HTTP}:
            raise OtherChannel(row.channel)
        await readable(feeds, row)
        first = row.acked if after is None else after
        if resumed and resumed.isascii() and resumed.isdigit():
            first = int(resumed)
        feeds.must_have_room()
        beat = service.settings.feeds_heartbeat_seconds

        checked_at = time.monotonic()

        async def still() -> None:
            nonlocal checked_at
            if checked_at + OPENED_SECONDS < time.monotonic():
                checked_at = time.monotonic()
                async with service.read() as connection:
                    await must_be_good(connection, request.user)

        return ServerSentEvent(told(feeds, row, first, still, beat=beat))


async def told(
    feeds: Feeds,
    row: SubscriptionRow,
    after: int,
    still: Callable[[], Awaitable[None]],
    *,
    beat: float,
) -> AsyncIterator[ServerSentEventMessage]:
    """Yield what follows on a feed, for as long as it may be read, with a heartbeat when idle.

    One page at a time is held: a client that reads slowly makes this wait, and nothing pile up.
    `still` refuses once the token of the stream is not good any more; it looks now and then.
    """
    with feeds.follow(row) as follower:
        yield ServerSentEventMessage(data=None, comment="suivi", retry=RETRY_MS)
        while True:
            try:
                await still()
                shown, row = await _next(feeds, row, follower, after)
                for one in shown:
                    after = one["subseq"]
                    yield _message(one)
                if shown or await follower.wait(beat):
                    continue
                row = await feeds.number_all(row, until=after + 1)
                await readable(feeds, row)
            except Refusal as refusal:
                yield ServerSentEventMessage(event="end", data=str(refusal))
                return
            except (*AWAY, *database.TROUBLE):
                await asyncio.sleep(AWAY_SECONDS)
                continue
            if row.last_subseq <= after:
                content = Beat(through_seq=row.through_seq, matching=row.last_subseq)
                yield ServerSentEventMessage(
                    event="heartbeat", data=msgspec.json.encode(content).decode()
                )


async def _next(
    feeds: Feeds, row: SubscriptionRow, follower: Follower, after: int
) -> tuple[list[dict[str, Any]], SubscriptionRow]:
    """Return what follows a number: what was just handed over, else a page of the feed."""
    handed = follower.taken(after)
    if handed:
        return await feeds.show(row, handed), row
    row = await feeds.number_all(row, until=after + 1)
    await readable(feeds, row)
    return await feeds.page(row, after=after, most=PAGE_MAX), row


def _message(document: dict[str, Any]) -> ServerSentEventMessage:
    return ServerSentEventMessage(
        id=str(document["subseq"]),
        event=document["type"],
        data=msgspec.json.encode(document).decode(),
    )
