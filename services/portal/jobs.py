"""What the portal does by the clock: tell the browsers that follow what has changed."""

import asyncio
from contextlib import suppress

from services.chassis import database
from services.chassis.service import Job, Service
from services.portal import reads
from services.portal.model.topics import Topic
from services.portal.reads.live import Hub

Counts = dict[tuple[str, Topic], int]
GAP_SECONDS = 0.2
LOOK_SECONDS = 5.0
"""Changes noted by another process of the portal are seen within this."""
ECHO_SECONDS = 2.0
"""A second telling, for services that learn of the same fact after the portal does."""


def telling(hub: Hub) -> Job:
    """Return the job that announces to `hub` each change noted from now on."""

    async def tell_changes(service: Service) -> None:
        known: Counts | None = None
        while True:
            service.changed.clear()
            with suppress(*database.TROUBLE):  # `/health/ready` says it; the next look may pass.
                found = await _counts(service)
                for (coordination, topic), n in found.items():
                    if known is not None and known.get((coordination, topic)) != n:
                        hub.announce(coordination, topic, again_after=ECHO_SECONDS)
                known = found
            with suppress(TimeoutError):
                await asyncio.wait_for(service.changed.wait(), LOOK_SECONDS)
            await asyncio.sleep(GAP_SECONDS)

    return tell_changes


async def _counts(service: Service) -> Counts:
    async with service.read() as connection:
        return {
            (one.coordination, Topic(one.topic)): one.n for one in await reads.changes(connection)
        }
