"""What the intake remembers between requests: idempotency keys and allowances."""

from datetime import datetime

import msgspec

from services.chassis.database import Connection
from services.exchange.store.queries import SQL


class RequestRow(msgspec.Struct, frozen=True):
    """Columns of `request`."""

    digest: str
    answer: str | None


ROWS: dict[str, type[msgspec.Struct]] = {"request": RequestRow}


async def open_request(
    connection: Connection,
    *,
    institution: str,
    coordination: str,
    key: str,
    digest: str,
    now: datetime,
) -> bool:
    """Take a key and tell whether it was free; waits for a request that has it and goes on."""
    found = await connection.fetchval(
        SQL["open_request"], institution, coordination, key, digest, now
    )
    return found is not None


async def request(
    connection: Connection, *, institution: str, coordination: str, key: str
) -> RequestRow | None:
    """Return the request that took a key."""
    row = await connection.fetchrow(SQL["request"], institution, coordination, key)
    return RequestRow(*row) if row else None


async def answer_request(
    connection: Connection, *, institution: str, coordination: str, key: str, answer: str
) -> None:
    """Keep the answer of a request under its key."""
    await connection.execute(SQL["answer_request"], institution, coordination, key, answer)


async def forget_requests(connection: Connection, *, before: datetime) -> None:
    """Free the keys of requests older than an instant."""
    await connection.execute(SQL["forget_requests"], before)


async def refill_allowance(
    connection: Connection, institution: str, *, per_second: float, most: int, now: datetime
) -> float:
    """Return how many signals an institution may send now; held until the transaction ends."""
    found: float = await connection.fetchval(
        SQL["refill_allowance"], institution, per_second, float(most), now
    )
    return found


async def take_allowance(connection: Connection, institution: str, signals: int) -> None:
    """Count signals against an institution's allowance."""
    await connection.execute(SQL["take_allowance"], institution, float(signals))
