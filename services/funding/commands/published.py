"""Keep what funders and the State published, a batch of rows at a time."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime

from services.chassis.database import Connection
from services.chassis.importer import Outcome, Write
from services.funding.model.published import Counted
from services.funding.store import published as rows

Open = Callable[[], AbstractAsyncContextManager[Connection]]


def writer(kind: str, coordination: str, opened: Open, *, now: datetime) -> Write[Counted]:
    """Return what writes the rows of a kind of file; a row that was there stays as it is."""

    async def write(batch: list[Counted]) -> list[Outcome]:
        async with opened() as connection, connection.transaction():
            new = await _added(connection, kind, coordination, batch, now=now)
        key = "grant_key" if kind == "grants" else "estimate_key"
        return [(getattr(row.said, key), row.nth) in new for row in batch]

    return write


async def _added(
    connection: Connection,
    kind: str,
    coordination: str,
    batch: Sequence[Counted],
    *,
    now: datetime,
) -> set[rows.Place]:
    add = rows.add_grants if kind == "grants" else rows.add_estimates
    return set(await add(connection, coordination, [(row.nth, row.said) for row in batch], now=now))
