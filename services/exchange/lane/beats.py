"""What is done for feeds that nobody reads now: those pulled elsewhere, and those left alone."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from services.chassis import ids
from services.chassis.service import Service
from services.exchange.commands import feeds as commands
from services.exchange.lane.feeds import TOGETHER_MAX, Feeds
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
            await asyncio.sleep(service.settings.feeds_heartbeat_seconds)

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
