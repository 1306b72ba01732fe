"""The journal, line by line."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager

import msgspec

from services.chassis.database import Connection
from services.funding import store
from services.funding.errors import NotKnown
from services.funding.errors.periods import PeriodOpen
from services.funding.model import journal
from services.funding.model.ledger import Balance
from services.funding.model.periods import Closing
from services.funding.store import periods

JOURNAL_PAGE = 2_000
Read = Callable[[], AbstractAsyncContextManager[Connection]]


class Extent(msgspec.Struct, frozen=True):
    """How far a journal goes, and which closings it tells; without a last block, to its end."""

    last_block: int | None = None
    closings: list[Closing] = []


async def extent(
    read: Read, coordination: str, *, until_period: str | None, with_closings: bool
) -> Extent:
    """Return how far a journal goes that ends where a period was closed.

    Raises:
        NotKnown: no period has this name.
        PeriodOpen: it is not closed yet.
    """
    if until_period is None and not with_closings:
        return Extent()
    async with read() as connection:
        closed = await periods.closings(connection, coordination) if with_closings else []
        if until_period is None:
            return Extent(None, closed)
        found = await periods.one(connection, coordination, until_period)
    if found is None:
        raise NotKnown("La période", until_period, field="until_period")
    if found.seq is None:
        raise PeriodOpen(until_period)
    return Extent(found.seq, [one for one in closed if one.last_day <= found.last_day])


async def journal_lines(
    read: Read, coordination: str, to: Extent | None = None
) -> AsyncIterator[bytes]:
    """Yield the journal, a page of lines at a time; no connection is held between pages.

    What is recorded meanwhile is at the end: the journal only grows. A closing is told after the
    block that was the last when it was made.
    """
    to = to or Extent()
    closings = list(to.closings)
    after = (0, -1)
    while True:
        async with read() as connection:
            rows = await store.journal(connection, coordination, after, JOURNAL_PAGE)
            ends = rows[-1].block.seq - (rows[-1].n < rows[-1].block.n - 1) if rows else None
            told: dict[int, list[bytes]] = {}
            while closings and (ends is None or closings[0].seq <= ends):
                one = closings.pop(0)
                kept = await periods.checkpoints(connection, coordination, one.period)
                told.setdefault(one.seq, []).extend(_closing_lines(one, kept))
        lines = told.pop(0, []) if after == (0, -1) else []
        for row in rows:
            block = row.block
            if to.last_block is not None and block.seq > to.last_block:
                rows = []
                break
            lines.append(journal.transfer_line(row.movement, block=block.seq, n=row.n, at=block.at))
            if row.n == block.n - 1:
                lines.append(journal.block_line(block))
                lines += told.pop(block.seq, [])
        lines += [line for late in told.values() for line in late]
        if lines:
            yield b"\n".join(lines) + b"\n"
        if not rows:
            return
        after = (rows[-1].block.seq, rows[-1].n)


def _closing_lines(closing: Closing, kept: list[Balance]) -> Iterator[bytes]:
    for one in kept:
        yield journal.checkpoint_line(closing.period, one)
    yield journal.period_line(closing, accounts=len(kept))
