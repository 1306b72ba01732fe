"""What the diagnostics service does by the clock."""

import asyncio
import time

from services.chassis import ids
from services.chassis.service import Service
from services.diagnostics import commands
from services.diagnostics.settings import Settings

TURN_SECONDS = 1.0


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
