"""Rows of coordinations under one another, and of funds that another one counts."""

from collections.abc import Sequence

import msgspec

from services.chassis.database import Connection
from services.funding.model.families import Counted, CountedIn, Kin
from services.funding.store.queries import SQL, rows_of

ROWS: dict[str, type[msgspec.Struct]] = {
    "family": Kin,
    "counted_elsewhere": Counted,
    "counted_in": CountedIn,
}


async def place(connection: Connection, coordination: str, parent: str | None) -> None:
    """Keep under which coordination another one stands."""
    await connection.execute(SQL["put_lineage"], coordination, parent)


async def family(connection: Connection, coordination: str, most: int) -> list[Kin]:
    """Return a coordination and those below, the nearest first, at most `most`."""
    return await rows_of(connection, SQL["family"], Kin, coordination, most)


async def counted(connection: Connection, coordinations: Sequence[str]) -> list[Counted]:
    """Return the funds of some coordinations that a fund of another one of them counts."""
    return await rows_of(connection, SQL["counted_elsewhere"], Counted, list(coordinations))


async def counted_in(connection: Connection, coordination: str, fund: str) -> CountedIn | None:
    """Return which fund counts the money of a fund already, if any."""
    row = await connection.fetchrow(SQL["counted_in"], coordination, fund)
    return CountedIn(*row) if row else None


async def count_in(
    connection: Connection, coordination: str, fund: str, counting: CountedIn | None
) -> None:
    """Say which fund counts the money of a fund, or that it counts for itself."""
    if counting is None:
        await connection.execute(SQL["drop_counted_in"], coordination, fund)
    else:
        values = msgspec.structs.astuple(counting)
        await connection.execute(SQL["put_counted_in"], coordination, fund, *values)


async def rename(connection: Connection, coordination: str, organization: str, name: str) -> None:
    """Call a funder and a payee as their organisation is called."""
    await connection.execute(SQL["rename_funder"], coordination, organization, name)
    await connection.execute(SQL["rename_payee"], coordination, organization, name)
