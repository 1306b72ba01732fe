"""Questions about periods and what their closing sealed."""

from datetime import date

from contracts.events.funding import PeriodTotals
from contracts.http.funding.periods import Period
from services.chassis.database import Connection
from services.funding.errors import NotKnown
from services.funding.model import figures, periods
from services.funding.model.kinds import place
from services.funding.model.periods import PeriodRow
from services.funding.store import periods as rows


async def period(connection: Connection, coordination: str, name: str) -> Period:
    """Return a period; once closed, its report: the head it sealed and what the stages held.

    Raises:
        NotKnown: no period has this name.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        found = await rows.one(connection, coordination, name)
        if found is None:
            raise NotKnown("La période", name, field="period")
        if found.seq is None:
            return _shown(found)
        kept = await rows.checkpoints(connection, coordination, name)
    stages = [
        figures.Amount(where.fund, where.stage, one.credits_posted - one.debits_posted)
        for one in kept
        for where in (place(one.code),)
    ]
    return _shown(found, totals=periods.totals(stages), accounts=len(kept))


async def page(
    connection: Connection, coordination: str, *, after: date | None, most: int
) -> tuple[list[Period], str | None]:
    """Return a page of periods, first days first, and the day to go on from."""
    since = after or date.min
    found = await rows.page(connection, coordination, since, most + 1)
    following = str(found[most - 1].first_day) if len(found) > most else None
    return [_shown(one) for one in found[:most]], following


def _shown(
    row: PeriodRow, *, totals: PeriodTotals | None = None, accounts: int | None = None
) -> Period:
    return Period(
        id=row.period,
        first_day=row.first_day,
        last_day=row.last_day,
        closed_at=row.at,
        block=row.seq,
        hash=row.hash.hex() if row.hash is not None else None,
        totals=totals,
        accounts=accounts,
    )
