"""Forget numbers of feeds that nobody needs any more, some at a time."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

from contracts.streams import PUB
from services.chassis import ids
from services.chassis.log import logger
from services.chassis.service import Service
from services.exchange.commands import feeds as commands
from services.exchange.reads import subscriptions as reads
from services.exchange.settings import Settings

LOOK_SECONDS = 600.0
FEEDS_PER_TURN = 200
FIRST = UUID(int=0)


async def forget_numbers(service: Service) -> None:
    """Forget, again and again, what was confirmed long ago and what retention took."""
    await service.streams.connected()
    while True:
        await forget_old(service, now=ids.now())
        await asyncio.sleep(LOOK_SECONDS)


async def forget_old(service: Service, *, now: datetime) -> int:
    """Forget what may be forgotten at an instant, and return how many numbers that was.

    Each turn is one short transaction over some feeds and some numbers of each.
    """
    assert isinstance(service.settings, Settings)
    before = now - timedelta(days=service.settings.numbers_days_kept)
    state = (await service.streams.api(f"STREAM.INFO.{PUB}"))["state"]
    after, gone = FIRST, 0
    while True:
        async with service.read() as connection:
            feeds = await reads.feeds_after(connection, after, most=FEEDS_PER_TURN)
        if not feeds:
            break
        after = feeds[-1]
        while True:
            async with service.read() as connection:
                found = await commands.forget_numbers(
                    connection, feeds, first_seq=int(state["first_seq"]), before=before
                )
            gone += found
            if not found:
                break
    if gone:
        logger().info("numbers_forgotten", numbers=gone)
    return gone
