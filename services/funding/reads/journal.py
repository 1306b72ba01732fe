"""The journal, line by line."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

from services.chassis.database import Connection
from services.funding import store
from services.funding.model import journal

JOURNAL_PAGE = 2_000


async def journal_lines(
    read: Callable[[], AbstractAsyncContextManager[Connection]], coordination: str
) -> AsyncIterator[bytes]:
    """Yield the whole journal, a page of lines at a time; no connection is held between pages.

    What is recorded meanwhile is at the end: the journal only grows.
    """
    after = (0, -1)
    while True:
        async with read() as connection:
            rows = await store.journal(connection, coordination, after, JOURNAL_PAGE)
        if not rows:
            return
        lines: list[bytes] = []
        for row in rows:
            block = row.block
            lines.append(journal.transfer_line(row.movement, block=block.seq, n=row.n, at=block.at))
            if row.n == block.n - 1:
                lines.append(journal.block_line(block))
        yield b"\n".join(lines) + b"\n"
        after = (rows[-1].block.seq, rows[-1].n)
