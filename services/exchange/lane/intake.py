"""Read what institutions publish, each in a lane of its own: one that floods delays nobody else."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from contracts.streams import IN
from services.chassis import database
from services.chassis.consumer import Consumer, Source
from services.chassis.database import Connection
from services.exchange import reads

LOOK_SECONDS = 1.0


class Intake(Consumer):
    """One reader per institution that was admitted, and what they come to together.

    Each handles at most one batch in a transaction. They share one inbox: a message is handled
    once, whichever lane brings it.
    """

    read: Callable[[], AbstractAsyncContextManager[Connection]] | None = None
    """Gives a connection for questions: looking for newcomers tells nobody of a change."""

    async def run(self) -> None:
        """Keep a lane open for each institution, for ever."""
        lanes: dict[str, Consumer] = {}
        async with asyncio.TaskGroup() as group:
            while True:
                for institution in await self._institutions():
                    if institution not in lanes:
                        lanes[institution] = self._lane(institution)
                        group.create_task(lanes[institution].run(), name=f"intake-{institution}")
                self.handled = sum(one.handled for one in lanes.values())
                self.parked = sum(one.parked for one in lanes.values())
                self.lag = sum(one.lag for one in lanes.values())
                self.trouble = next((one.trouble for one in lanes.values() if one.trouble), None)
                await asyncio.sleep(LOOK_SECONDS)

    async def _institutions(self) -> list[str]:
        assert self.read is not None, "the service gives what to ask by"
        while True:
            try:
                async with self.read() as connection:
                    return await reads.institutions(connection)
            except database.TROUBLE:
                await asyncio.sleep(LOOK_SECONDS)

    def _lane(self, institution: str) -> Consumer:
        source = Source(
            stream=IN,
            subjects=(f"in.{institution}.>",),
            handlers=self._source.handlers,
            reader=self._source.reader,
        )
        lane = Consumer(
            self._service,
            source,
            streams=self._streams,
            write=self._write,
            replicas=self._replicas,
        )
        lane.durable = f"{self.name}-{institution}"
        return lane
