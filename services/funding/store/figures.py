"""Sums over the ledger."""

from datetime import date

from services.chassis.database import Connection
from services.funding.model.figures import Amount, NamedFund
from services.funding.store.queries import SQL, rows_of


async def named_funds(connection: Connection, coordination: str) -> list[NamedFund]:
    """Return the funds of a coordination with who brings them."""
    return await rows_of(connection, SQL["named_funds"], NamedFund, coordination)


async def stages(connection: Connection, coordination: str, as_of: date | None) -> list[Amount]:
    """Return what each stage of each fund holds, now or at the end of a day."""
    if as_of is None:
        return await rows_of(connection, SQL["stages"], Amount, coordination)
    return await rows_of(connection, SQL["stages_as_of"], Amount, coordination, as_of)


async def sums(connection: Connection, coordination: str, as_of: date | None) -> list[Amount]:
    """Return what each fund did in all, per kind of act, until now or a day."""
    if as_of is None:
        return await rows_of(connection, SQL["sums"], Amount, coordination)
    return await rows_of(connection, SQL["sums_as_of"], Amount, coordination, as_of)


async def gap(connection: Connection, coordination: str, as_of: date | None) -> int:
    """Return the budgets of the actions less what was agreed for them, in cents."""
    if as_of is None:
        cents: int = await connection.fetchval(SQL["gap"], coordination)
    else:
        cents = await connection.fetchval(SQL["gap_as_of"], coordination, as_of)
    return cents
