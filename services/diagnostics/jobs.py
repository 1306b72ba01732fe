"""What the diagnostics service does by the clock."""

import asyncio
import time

from services.chassis import ids
from services.chassis.log import logger
from services.chassis.service import Service
from services.diagnostics import commands
from services.diagnostics.commands import follow_up, retention
from services.diagnostics.model.follow_up import PARIS
from services.diagnostics.settings import Settings

TURN_SECONDS = 1.0
REMIND_SECONDS = 300.0
"""Days change at midnight: what is due is recalled within this time."""
FORGET_SECONDS = 6 * 3600.0


async def publish_updates(service: Service) -> None:
    """Tell, each second, the updates that were too many to leave at once."""
    assert isinstance(service.settings, Settings)
    while True:
        began = time.monotonic()
        async with service.write() as connection:
            await commands.publish_waiting(
                connection,
                threshold=service.settings.needs_threshold,
                now=ids.now(),
                new_id=ids.new_id,
            )
        await asyncio.sleep(max(0.0, TURN_SECONDS - (time.monotonic() - began)))


async def remind_all(service: Service) -> int:
    """Recall all the needs that are due today, and return how many were."""
    now, recalled, more = ids.now(), 0, 1
    while more:
        async with service.write() as connection:
            more = await follow_up.remind(
                connection, today=now.astimezone(PARIS).date(), now=now, new_id=ids.new_id
            )
        recalled += more
    return recalled


async def remind(service: Service) -> None:
    """Recall needs for ever; whoever looks, each number of days is told once."""
    while True:
        await remind_all(service)
        await asyncio.sleep(REMIND_SECONDS)


async def forget_all(service: Service) -> int:
    """Forget every signal past its term, and return how many were."""
    assert isinstance(service.settings, Settings)
    now, gone = ids.now(), 0
    async with service.read() as connection:
        names = await retention.coordinations(connection)
    for name in names:
        more = 1
        while more:
            async with service.write() as connection:
                more = await retention.forget_expired(
                    connection, name, months=service.settings.signal_months_kept, now=now
                )
            gone += more
    if gone:
        logger().info("signals_forgotten", count=gone)
    return gone


async def forget(service: Service) -> None:
    """Forget for ever what is past its term."""
    while True:
        await forget_all(service)
        await asyncio.sleep(FORGET_SECONDS)
