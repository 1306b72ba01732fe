"""Rows of what is offered against what is needed."""

from collections.abc import Sequence

import msgspec

from services.chassis.database import Connection
from services.diagnostics.model.supply import CommuneRow, OfferRow, ReportedRow
from services.diagnostics.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "supply_communes": CommuneRow,
    "supply_services": OfferRow,
    "supply_needs": ReportedRow,
}


async def around(
    connection: Connection,
    coordination: str,
    department: str | None,
    within_km: float,
    degrees: float,
    after: str,
    most: int,
) -> list[CommuneRow]:
    """Return the communes after a code, each with the places around it, at most `most`."""
    rows = await connection.fetch(
        SQL["supply_communes"], coordination, department, within_km, degrees, after, most
    )
    return [CommuneRow(*row) for row in rows]


async def offers(
    connection: Connection,
    coordination: str,
    communes: Sequence[str],
    within_km: float,
    degrees: float,
) -> list[OfferRow]:
    """Return what is offered in communes and around them."""
    rows = await connection.fetch(
        SQL["supply_services"], coordination, communes, within_km, degrees
    )
    return [OfferRow(*row) for row in rows]


async def reported(
    connection: Connection, coordination: str, communes: Sequence[str]
) -> list[ReportedRow]:
    """Return what was reported in communes."""
    rows = await connection.fetch(SQL["supply_needs"], coordination, communes)
    return [ReportedRow(*row) for row in rows]
