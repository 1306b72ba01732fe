"""Questions about what is offered where, against what is needed."""

from contracts.http.diagnostics.supply import CommuneSupply, WhiteZone
from services.chassis.database import Connection
from services.diagnostics.model.supply import degrees_around, matched, white_zone
from services.diagnostics.model.tiers import Leaving
from services.diagnostics.store import supply as rows

COMMUNES_MAX = 40_000
"""More communes than the country has."""


async def supply(
    connection: Connection,
    coordination: str,
    *,
    within_km: float,
    to: Leaving,
    after: str,
    most: int,
) -> tuple[list[CommuneSupply], str | None]:
    """Return a page of communes by code, what each is offered and what was reported there."""
    degrees = degrees_around(within_km)
    found = await rows.around(connection, coordination, None, within_km, degrees, after, most + 1)
    page = found[:most]
    codes = [one.code for one in page]
    offers = await rows.offers(connection, coordination, codes, within_km, degrees)
    needs = await rows.reported(connection, coordination, codes)
    items = [
        matched(
            row,
            [one for one in offers if one.commune == row.code],
            [one for one in needs if one.commune == row.code],
            to=to,
        )
        for row in page
    ]
    return items, page[-1].code if len(found) > most else None


async def white_zones(
    connection: Connection, coordination: str, *, within_km: float, department: str | None
) -> list[WhiteZone]:
    """Return every commune with how far help is, by code."""
    degrees = degrees_around(within_km)
    found = await rows.around(
        connection, coordination, department, within_km, degrees, "", COMMUNES_MAX
    )
    return [white_zone(row, within_km) for row in found]
