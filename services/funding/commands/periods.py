"""Write periods and close them."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from contracts.events.funding import PeriodClosed
from contracts.http.funding.periods import WritePeriod
from services.chassis import outbox
from services.chassis.database import Connection
from services.funding import store
from services.funding.commands.posting import SOURCE
from services.funding.errors import DaysReversed, NotKnown, WrittenDiffers
from services.funding.errors.periods import (
    DayClosed,
    EarlierPeriodOpen,
    PeriodNotOver,
    PeriodsOverlap,
)
from services.funding.model import flows, periods
from services.funding.model.periods import Closing, Span
from services.funding.store import flows as flow_rows
from services.funding.store import periods as rows


async def write_period(connection: Connection, coordination: str, asked: WritePeriod) -> None:
    """Write a period; the same one again changes nothing.

    Raises:
        DaysReversed: it ends before it begins.
        WrittenDiffers: the slug names a period with other days.
        DayClosed: it begins on a day that a closing made final.
        PeriodsOverlap: another period has one of its days.
    """
    if asked.last_day < asked.first_day:
        raise DaysReversed(asked.first_day, asked.last_day)
    span = Span(asked.id, asked.first_day, asked.last_day)
    async with connection.transaction():
        await rows.lock(connection, coordination)
        found = await rows.one(connection, coordination, asked.id)
        if found is not None:
            if (found.first_day, found.last_day) != (asked.first_day, asked.last_day):
                raise WrittenDiffers("La période", asked.id)
            return
        closed = await rows.closed_through(connection, coordination)
        if closed is not None and asked.first_day <= closed:
            raise DayClosed(asked.first_day, closed)
        if not await rows.add(connection, coordination, span):
            other = await rows.over(connection, coordination, asked.first_day, asked.last_day)
            assert other is not None, "the lock keeps what refused the period"
            raise PeriodsOverlap(other.period, other.first_day, other.last_day)


async def close_period(
    connection: Connection,
    coordination: str,
    period: str,
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> None:
    """Close a period for ever: seal the head of the chain and keep what each account held.

    Everything up to its last day is final, days before its first one too. Closed again, nothing
    changes. It waits for what is being posted, and what follows sees it closed.

    Raises:
        NotKnown: no period has this name.
        PeriodNotOver: its last day is today or later.
        EarlierPeriodOpen: a period before it is still open.
    """
    async with connection.transaction():
        await rows.lock(connection, coordination)
        found = await rows.one(connection, coordination, period)
        if found is None:
            raise NotKnown("La période", period, field="period")
        if found.seq is not None:
            return
        if not periods.is_over(found.last_day, now=now):
            raise PeriodNotOver(period, found.last_day)
        earlier = await rows.open_before(connection, coordination, found.first_day)
        if earlier is not None:
            raise EarlierPeriodOpen(period, earlier)
        seq, head = await store.head(connection, coordination)
        closing = Closing(period, found.first_day, found.last_day, seq, head, now)
        done = await _done_until(connection, coordination, found.last_day)
        await rows.close(connection, coordination, closing, flows.balances(done))
        fact = PeriodClosed(
            coordination=coordination,
            period=period,
            first_day=closing.first_day,
            last_day=closing.last_day,
            block=seq,
            hash=head.hex(),
            closed_at=now,
            totals=periods.totals(flows.stages(done)),
        )
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)


async def _done_until(connection: Connection, coordination: str, last: date) -> list[flows.Flow]:
    named = [one.fund for one in await store.named_funds(connection, coordination)]
    return await flow_rows.until(connection, coordination, named, last)
