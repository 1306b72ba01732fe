"""What the funding service does by the clock."""

import asyncio
from zoneinfo import ZoneInfo

from services.chassis import ids
from services.chassis.service import Service
from services.funding.commands import alerts as commands

PARIS = ZoneInfo("Europe/Paris")
WATCH_SECONDS = 300.0
"""Days change at midnight: what began then is told within this time."""


async def watch_all(service: Service) -> None:
    """Raise and clear the alerts of every coordination, each in its own transaction."""
    now = ids.now()
    async with service.read() as connection:
        names = await commands.coordinations(connection)
    for name in names:
        async with service.write() as connection:
            await commands.watch(
                connection, name, day=now.astimezone(PARIS).date(), now=now, new_id=ids.new_id
            )


async def watch(service: Service) -> None:
    """Look at every coordination for ever; a question about alerts is answered as of now anyway."""
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        await watch_all(service)
