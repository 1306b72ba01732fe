"""Sums over the ledger."""

from services.chassis.database import Connection
from services.funding.model.figures import Amount, NamedFund
from services.funding.store.queries import SQL, rows_of


async def named_funds(connection: Connection, coordination: str) -> list[NamedFund]:
    """Return the funds of a coordination with who brings them."""
    return await rows_of(connection, SQL["named_funds"], NamedFund, coordination)


async def stages(connection: Connection, coordination: str) -> list[Amount]:
    """Return what each stage of each fund holds now."""
    return await rows_of(connection, SQL["stages"], Amount, coordination)


async def sums(connection: Connection, coordination: str) -> list[Amount]:
    """Return what each fund did in all, per kind of act."""
    return await rows_of(connection, SQL["sums"], Amount, coordination)


async def gap(connection: Connection, coordination: str) -> int:
    """Return the budgets of the actions less what was agreed for them, in cents."""
    cents: int = await connection.fetchval(SQL["gap"], coordination)
    return cents
