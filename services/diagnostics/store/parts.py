"""What is kept on grids that are no communes."""

from collections.abc import Sequence

import msgspec

from services.chassis.database import Connection
from services.diagnostics.model.parts import PartCell, PartNeed, after
from services.diagnostics.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "part_cells": PartCell,
    "iris_cells": PartCell,
    "part_needs": PartNeed,
    "wider_cells": PartCell,
    "wider_needs": PartNeed,
}


async def cells(connection: Connection, coordination: str, first: str, stop: str) -> list[PartCell]:
    """Return the cells of areas from `first` on, before `stop`."""
    rows = await connection.fetch(SQL["part_cells"], coordination, first, stop)
    return [PartCell(*row) for row in rows]


async def of_iris(
    connection: Connection, coordination: str, communes: Sequence[str], measure: str | None = None
) -> list[PartCell]:
    """Return the cells of the IRIS of communes, of one measure if one is given."""
    stops = [after(one) for one in communes]
    rows = await connection.fetch(SQL["iris_cells"], coordination, communes, stops, measure)
    return [PartCell(*row) for row in rows]


async def needs(connection: Connection, coordination: str, first: str, stop: str) -> list[PartNeed]:
    """Return the needs of areas from `first` on, before `stop`, summed by kind."""
    rows = await connection.fetch(SQL["part_needs"], coordination, first, stop)
    return [PartNeed(*row) for row in rows]


async def wider(
    connection: Connection, coordination: str, codes: Sequence[str]
) -> tuple[list[PartCell], list[PartNeed]]:
    """Return the cells and the needs of some EPCI and QPV."""
    if not codes:
        return [], []
    cells = await connection.fetch(SQL["wider_cells"], coordination, codes)
    needs = await connection.fetch(SQL["wider_needs"], coordination, codes)
    return [PartCell(*row) for row in cells], [PartNeed(*row) for row in needs]


async def codes(connection: Connection, coordination: str, *, after: str, most: int) -> list[str]:
    """Return the codes of the EPCI and QPV that something is known of."""
    rows = await connection.fetch(SQL["part_codes"], coordination, after, most)
    return [row["area_code"] for row in rows]
