"""What is done for feeds that nobody reads now: those pulled elsewhere, and those left alone."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from contracts.streams import PUB
from services.chassis import ids
from services.chassis.service import Service
from services.chassis.streams import StreamRefusal
from services.exchange.commands import feeds as commands
from services.exchange.lane.feeds import TOGETHER_MAX, Feeds
from services.exchange.model import snapshots
from services.exchange.model import subscriptions as rules
from services.exchange.model.subscriptions import SubscriptionRow
from services.exchange.reads import subscriptions as reads
from services.exchange.settings import Settings

VISIT_SECONDS = 600.0
"""A feed that is left alone is numbered this often, so that what retention takes has a number."""


class Beats:
    """Counts the messages of subscribers that pull over NATS, and visits feeds left alone."""

    def __init__(self, feeds: Feeds) -> None:
        """Keep the feeds."""
        self._feeds = feeds

    @property
    def jobs(self) -> tuple[Callable[[Service], Awaitable[None]], ...]:
        """What runs for ever."""
        return self.beat, self.visit

    async def beat(self, service: Service) -> None:
        """Tell each such subscriber its count whenever it changed."""
        assert isinstance(service.settings, Settings)
        self._feeds.open(service)
        await service.streams.connected()
        while True:
            async with service.read() as connection:
                rows = await reads.pulled(connection)
            if rows:
                await self._number([row.subscription for row in rows])
                async with service.read() as connection:
                    rows = await reads.pulled(connection)
                if any(row.last_subseq != row.beaten for row in rows):
                    async with service.write() as connection:
                        await commands.beat(connection, rows, now=ids.now(), new_id=ids.new_id)
                first_seq, _ = await self._feeds.tail.bounds()
                for row in rows:
                    await self._look(service, row, first_seq)
            await asyncio.sleep(service.settings.feeds_heartbeat_seconds)

    async def _look(self, service: Service, row: SubscriptionRow, first_seq: int) -> None:
        """See what a subscriber owes a confirmation of, and tell it when that is gone for good.

        What was owed at the last look and has left the stream since was lost: a snapshot that
        was not needed after all changes nothing at the receiver.
        """
        opened = await self._feeds.opened(row.institution)
        if not rules.is_deliverable(row, opened, now=ids.now()):
            return
        if row.owed_seq is not None and row.owed_seq < first_seq:
            lost = snapshots.lost(row, opened, snapshot=ids.new_id())
            async with service.write() as connection:
                await commands.tell_gap(
                    connection,
                    row,
                    lost,
                    first_seq=first_seq,
                    now=ids.now(),
                    new_id=ids.new_id,
                )
            self._feeds.changed()
            return
        floor = await self._confirmed(service, row)
        if floor is None or (row.owed_seq is not None and floor < row.owed_seq):
            return
        reading = await self._feeds.tail.read(
            max(floor, row.start_seq - 1, first_seq - 1), rules.cover(row)
        )
        owed = [one.seq for one in reading.messages if rules.wants(row, one, opened)]
        if row.owed_seq != (owed[0] if owed else None):
            async with service.read() as connection:
                await commands.owe(connection, row.subscription, owed[0] if owed else None)

    async def _confirmed(self, service: Service, row: SubscriptionRow) -> int | None:
        """Return the place up to which a subscriber confirmed all, None without its durable."""
        durable = rules.durable_of(row.institution, row.subscription)
        try:
            found = await service.streams.api(f"CONSUMER.INFO.{PUB}.{durable}")
        except StreamRefusal:
            return None
        return int(found["ack_floor"]["stream_seq"])

    async def visit(self, service: Service) -> None:
        """Number feeds that nobody reads now."""
        self._feeds.open(service)
        await service.streams.connected()
        while True:
            async with service.read() as connection:
                rows = await reads.visited(connection)
            await self._number([row.subscription for row in rows])
            await asyncio.sleep(VISIT_SECONDS)

    async def _number(self, subscriptions: Sequence[UUID]) -> None:
        for start in range(0, len(subscriptions), TOGETHER_MAX):
            left = list(subscriptions[start : start + TOGETHER_MAX])
            while left:
                left = sorted(await self._feeds.number(left))
