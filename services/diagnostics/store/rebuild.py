"""Fold again what is kept."""

from collections.abc import Iterable

import msgspec

from services.chassis.database import Connection
from services.diagnostics.model.rebuilding import FoldedExposure, FoldedNeed
from services.diagnostics.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "drop_exposures": FoldedExposure,
    "refold_exposures": FoldedExposure,
    "drop_need_figures": FoldedNeed,
    "refold_needs": FoldedNeed,
}


async def exposures(
    connection: Connection, coordination: str
) -> tuple[list[FoldedExposure], list[FoldedExposure]]:
    """Fold the exposures of a coordination again; return them as they were and as they are."""
    before = await connection.fetch(SQL["drop_exposures"], coordination)
    after = await connection.fetch(SQL["refold_exposures"], coordination)
    await connection.execute(SQL["empty_series"], coordination)
    await connection.execute(SQL["recount_series"], coordination)
    return [FoldedExposure(*row) for row in before], [FoldedExposure(*row) for row in after]


async def needs(
    connection: Connection, coordination: str
) -> tuple[list[FoldedNeed], list[FoldedNeed]]:
    """Fold the needs of a coordination again; return them as they were and as they are."""
    before = await connection.fetch(SQL["drop_need_figures"], coordination)
    after = await connection.fetch(SQL["refold_needs"], coordination)
    return [FoldedNeed(*row) for row in before], [FoldedNeed(*row) for row in after]


async def put_back(
    connection: Connection,
    coordination: str,
    exposed: Iterable[FoldedExposure],
    reported: Iterable[FoldedNeed],
) -> None:
    """Leave figures to the next update of their communes; those nothing holds are empty."""
    for query, width, rows in (
        (SQL["put_back_exposures"], 8, list(exposed)),
        (SQL["put_back_needs"], 6, list(reported)),
    ):
        if rows:
            columns = zip(*(msgspec.structs.astuple(one)[:width] for one in rows), strict=True)
            await connection.execute(query, coordination, *map(list, columns))
