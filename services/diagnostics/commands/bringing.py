"""Keep what files tell, a batch of rows at a time; each kind of file has its writer."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from services.chassis.database import Connection
from services.chassis.importer import Outcome, Write
from services.diagnostics.commands import activity, counts, geography, indicators
from services.diagnostics.commands.places import bring_places

Open = Callable[[], AbstractAsyncContextManager[Connection]]


class Bring(Protocol):
    """Writes rows of one kind for a coordination, and says what became of each, in their order."""

    def __call__(
        self,
        connection: Connection,
        coordination: str,
        rows: Sequence[Any],
        *,
        now: datetime,
        new_id: Callable[[], UUID],
    ) -> Awaitable[list[Outcome]]:
        """Write them in one transaction, which is open."""


BRINGERS: dict[str, Bring] = {
    "cog": geography.bring_territories,
    "ifn": indicators.bring_observed,
    "indicators": indicators.bring_observed,
    "cnaf-iris": counts.bring_counts,
    "activity": activity.bring_activity,
    "places": bring_places,
}


def writer(
    kind: str, coordination: str, opened: Open, *, now: datetime, new_id: Callable[[], UUID]
) -> Write[Any]:
    """Return what writes the rows of a kind of file, a transaction a batch."""
    bring = BRINGERS[kind]

    async def write(rows: list[Any]) -> list[Outcome]:
        async with opened() as connection, connection.transaction():
            return await bring(connection, coordination, rows, now=now, new_id=new_id)

    return write
