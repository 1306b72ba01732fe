"""Keep one durable per subscription that is pulled over NATS, as its rights of the moment say."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from contracts.streams import PUB
from services.chassis import ids
from services.chassis.service import Service
from services.chassis.streams import StreamRefusal
from services.exchange.lane.feeds import Feeds
from services.exchange.reads import subscriptions as reads
from services.exchange.reads.subscriptions import WantedDurable

SYNC_SECONDS = 5.0
ACK_WAIT_SECONDS = 30
PENDING_MAX = 1000
CANNOT_BECOME = 10012
FAR = "2999-12-31T00:00:00Z"
NEVER = "0001-01-01T00:00:00Z"


class Durables:
    """The durables of subscriptions; one whose rights are over is paused, and keeps its place."""

    def __init__(self, feeds: Feeds) -> None:
        """Keep what tells that a subscription changed."""
        self._feeds = feeds

    async def run(self, service: Service) -> None:
        """Bring the durables to what is wanted, again and again."""
        self._feeds.open(service)
        applied: dict[str, WantedDurable] = {}
        changed = self._feeds.watch()
        await service.streams.connected()
        while True:
            changed.clear()
            async with service.read() as connection:
                wanted = await reads.durables(connection, now=ids.now())
            for name in applied.keys() - wanted.keys():
                with suppress(StreamRefusal):
                    await service.streams.api(f"CONSUMER.DELETE.{PUB}.{name}")
                del applied[name]
            await _apply(service, wanted, applied)
            with suppress(TimeoutError):
                async with asyncio.timeout(SYNC_SECONDS):
                    await changed.wait()


async def _apply(
    service: Service, wanted: Mapping[str, WantedDurable], applied: dict[str, WantedDurable]
) -> None:
    for name, one in wanted.items():
        known = applied.get(name)
        if known == one:
            continue
        if one.filters:
            await _ensure(service, name, one)
        with suppress(StreamRefusal):  # One that was never open is not there to be paused.
            until = {"pause_until": FAR if one.paused else NEVER}
            await service.streams.api(f"CONSUMER.PAUSE.{PUB}.{name}", until)
        applied[name] = one


async def _ensure(service: Service, name: str, one: WantedDurable) -> None:
    config = {
        "durable_name": name,
        "filter_subjects": one.filters,
        "ack_policy": "explicit",
        "ack_wait": ACK_WAIT_SECONDS * 10**9,
        "deliver_policy": "by_start_sequence",
        "opt_start_seq": one.start_seq,
        "max_ack_pending": PENDING_MAX,
        "max_deliver": -1,
    }
    try:
        await service.streams.ensure_consumer(PUB, config)
    except StreamRefusal as refusal:
        if refusal.code != CANNOT_BECOME:
            raise
        # It starts elsewhere: a place changes only with the durable itself.
        await service.streams.api(f"CONSUMER.DELETE.{PUB}.{name}")
        await service.streams.ensure_consumer(PUB, config)
