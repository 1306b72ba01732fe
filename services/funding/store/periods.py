"""Rows of periods, closings and checkpoints."""

from collections.abc import Sequence
from datetime import date

import asyncpg
import msgspec

from services.chassis.database import Connection
from services.funding.model.ledger import Balance
from services.funding.model.periods import Closing, PeriodRow, Span
from services.funding.store.queries import SQL, rows_of

ROWS: dict[str, type[msgspec.Struct]] = {
    "period": PeriodRow,
    "periods": PeriodRow,
    "period_over": Span,
    "checkpoints": Balance,
    "closings": Closing,
}


async def lock(connection: Connection, coordination: str) -> None:
    """Hold a ledger until the end of the transaction, once what is under way has ended."""
    await connection.execute(SQL["lock_ledger"], coordination)


async def closed_through(connection: Connection, coordination: str) -> date | None:
    """Return the last day on which nothing is effective any more."""
    found: date | None = await connection.fetchval(SQL["closed_through"], coordination)
    return found


async def add(connection: Connection, coordination: str, row: Span) -> bool:
    """Write a period; return False if its name or one of its days is taken."""
    try:
        async with connection.transaction():
            done = await connection.execute(
                SQL["add_period"], coordination, *msgspec.structs.astuple(row)
            )
    except asyncpg.ExclusionViolationError:
        return False
    return done == "INSERT 0 1"


async def one(connection: Connection, coordination: str, period: str) -> PeriodRow | None:
    """Return a period."""
    row = await connection.fetchrow(SQL["period"], coordination, period)
    return PeriodRow(*row) if row else None


async def page(
    connection: Connection, coordination: str, after: date, most: int
) -> list[PeriodRow]:
    """Return the periods that begin after a day, at most `most`."""
    return await rows_of(connection, SQL["periods"], PeriodRow, coordination, after, most)


async def over(connection: Connection, coordination: str, first: date, last: date) -> Span | None:
    """Return the first period that has one of these days."""
    row = await connection.fetchrow(SQL["period_over"], coordination, first, last)
    return Span(*row) if row else None


async def open_before(connection: Connection, coordination: str, day: date) -> str | None:
    """Return the first period still open that ends before a day."""
    found: str | None = await connection.fetchval(SQL["open_before"], coordination, day)
    return found


async def close(
    connection: Connection, coordination: str, closing: Closing, balances: Sequence[Balance]
) -> None:
    """Close a period over the head of the chain, with what each account held."""
    await connection.execute(SQL["add_closing"], coordination, *msgspec.structs.astuple(closing))
    columns = zip(*map(msgspec.structs.astuple, balances), strict=True) if balances else [()] * 5
    await connection.execute(
        SQL["add_checkpoints"], coordination, closing.period, *map(list, columns)
    )


async def checkpoints(connection: Connection, coordination: str, period: str) -> list[Balance]:
    """Return what each account held at the end of a closed period."""
    return await rows_of(connection, SQL["checkpoints"], Balance, coordination, period)


async def closings(connection: Connection, coordination: str) -> list[Closing]:
    """Return the closed periods by the block they sealed."""
    return await rows_of(connection, SQL["closings"], Closing, coordination)
