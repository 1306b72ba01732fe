"""Questions about areas that are no communes."""

from contracts.http.diagnostics import PartArea
from services.chassis.database import Connection
from services.diagnostics.errors import NoSuchPart
from services.diagnostics.model import parts
from services.diagnostics.store import parts as rows


async def within(
    connection: Connection, coordination: str, commune: str, *, threshold: int | None
) -> list[PartArea]:
    """Return the IRIS of a commune that something is known of, each by itself."""
    return await _areas(connection, coordination, commune, threshold=threshold)


async def _areas(
    connection: Connection, coordination: str, code: str, *, threshold: int | None
) -> list[PartArea]:
    stop = parts.after(code)
    cells = await rows.cells(connection, coordination, code, stop)
    needs = await rows.needs(connection, coordination, code, stop)
    return parts.areas(cells, needs, threshold=threshold)


async def one(
    connection: Connection, coordination: str, code: str, *, threshold: int | None
) -> list[PartArea]:
    """Return what is known of an EPCI, a QPV or an IRIS: one area a grid that has this code.

    Raises:
        NoSuchPart: nothing was received of it.
    """
    found = await _areas(connection, coordination, code, threshold=threshold)
    same = [area for area in found if area.area_code == code]
    if not same:
        raise NoSuchPart(code)
    return same


async def listed(
    connection: Connection, coordination: str, *, after: str, most: int, threshold: int | None
) -> tuple[list[PartArea], str | None]:
    """Return a page of EPCI and QPV by code, and the code to go on after, None at the end."""
    codes = await rows.codes(connection, coordination, after=after, most=most + 1)
    found: list[PartArea] = []
    for code in codes[:most]:
        found += await one(connection, coordination, code, threshold=threshold)
    return found, codes[most - 1] if len(codes) > most else None
