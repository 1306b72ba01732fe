"""Push to browsers the names of the parts that changed; they fetch these again."""

import asyncio
from collections.abc import AsyncIterator

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage

from services.chassis.policies import PUBLIC
from services.portal.api.shown import checked_slug
from services.portal.errors import TooManyFollow
from services.portal.reads.live import Hub

HEARTBEAT_SECONDS = 15.0
GAP_SECONDS = 1.0
"""After a telling the next waits this long: a burst of facts is a few tellings."""
RETRY_MS = 3_000
TheHub = NamedDependency[Hub]


async def tellings(hub: Hub, slug: str) -> AsyncIterator[ServerSentEventMessage]:
    """Yield what moved in a coordination as events, and a comment when nothing did."""
    with hub.follow(slug) as follower:
        yield ServerSentEventMessage(data=None, comment="suivi", retry=RETRY_MS)
        while True:
            moved = await follower.moved(HEARTBEAT_SECONDS)
            if not moved:
                yield ServerSentEventMessage(data=None, comment="rien de neuf")
                continue
            for topic in moved:
                yield ServerSentEventMessage(event=topic.value, data="{}")
            await asyncio.sleep(GAP_SECONDS)


class Live(Controller):
    """The stream that keeps an open page fresh."""

    opt = PUBLIC.opt()
    include_in_schema = False

    @get("/c/{slug:str}/live")
    async def live(self, hub: TheHub, slug: str) -> ServerSentEvent:
        """Stream `money`, `diagnostic`, `signals`, `partners`, `roadmap` and `members`."""
        checked_slug(slug)
        if hub.is_full:
            raise TooManyFollow(hub.followers_max)
        return ServerSentEvent(tellings(hub, slug))
