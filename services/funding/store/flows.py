"""Transfers folded by the days and the months they are effective in."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

import msgspec

from services.chassis.database import Connection
from services.funding.model.flows import DatedFlow, Flow
from services.funding.store.queries import SQL, rows_of

ROWS: dict[str, type[msgspec.Struct]] = {"flows": Flow, "flows_recorded": Flow}


async def move(
    connection: Connection,
    coordination: str,
    changes: Sequence[DatedFlow],
    account_ids: Mapping[str, int],
) -> None:
    """Add a batch's transfers to their days and months."""
    folded = [one.flow for one in changes]
    await connection.execute(
        SQL["move_flows"],
        coordination,
        [one.fund for one in folded],
        [one.span for one in changes],
        [one.day for one in changes],
        [one.kind for one in folded],
        [one.phase for one in folded],
        [account_ids[one.debit] for one in folded],
        [account_ids[one.credit] for one in folded],
        [one.agreement for one in folded],
        [one.cents for one in folded],
        [one.released_cents for one in folded],
    )


async def until(
    connection: Connection, coordination: str, funds: Collection[str], day: date
) -> list[Flow]:
    """Return what these funds did up to the end of a day."""
    month = day.replace(day=1)
    return await rows_of(connection, SQL["flows"], Flow, coordination, list(funds), month, day)


async def recorded(
    connection: Connection,
    coordination: str,
    funds: Collection[str],
    blocks: tuple[int, int],
    day: date,
) -> list[Flow]:
    """Return what these funds did up to a day, in the blocks after the first and up to the last."""
    return await rows_of(
        connection, SQL["flows_recorded"], Flow, coordination, list(funds), *blocks, day
    )


async def last_block(connection: Connection, coordination: str, at: datetime) -> int:
    """Return the number of the last block recorded at or before an instant."""
    found: int = await connection.fetchval(SQL["last_block"], coordination, at)
    return found


async def agreements_of_plans(
    connection: Connection, coordination: str, day: date
) -> list[tuple[str, str]]:
    """Return the agreements, each with its fund, for an action that was open by a day."""
    rows = await connection.fetch(SQL["plan_of_agreements"], coordination, day)
    return [(row["agreement"], row["fund"]) for row in rows]


async def budgets_cents(connection: Connection, coordination: str, day: date) -> int:
    """Return the budgets of the actions validated up to a day."""
    found: int = await connection.fetchval(SQL["budgets_as_of"], coordination, day)
    return found
