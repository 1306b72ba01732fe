"""Questions about areas that are no communes."""

from collections.abc import Sequence

from msgspec import structs

from contracts.http.diagnostics import PartArea
from contracts.values import AreaKind
from services.chassis.database import Connection
from services.diagnostics import store
from services.diagnostics.errors import NoSuchPart
from services.diagnostics.model import parts
from services.diagnostics.store import geography
from services.diagnostics.store import parts as rows


async def within(connection: Connection, coordination: str, commune: str) -> list[PartArea]:
    """Return the IRIS of a commune that something is known of, each by itself."""
    return await _areas(connection, coordination, commune)


async def _areas(connection: Connection, coordination: str, code: str) -> list[PartArea]:
    stop = parts.after(code)
    cells = await rows.cells(connection, coordination, code, stop)
    needs = await rows.needs(connection, coordination, code, stop)
    return parts.areas(cells, needs, threshold=None)


async def one(connection: Connection, coordination: str, code: str) -> list[PartArea]:
    """Return what is known of an EPCI, a QPV or an IRIS: one area a grid that has this code.

    Raises:
        NoSuchPart: nothing was received of it.
    """
    found = await _areas(connection, coordination, code)
    same = [area for area in found if area.area_code == code]
    if not same:
        raise NoSuchPart(code)
    return await _named(connection, coordination, same)


async def around(
    connection: Connection, coordination: str, codes: Sequence[str]
) -> dict[str, PartArea]:
    """Return what is known of some EPCI and QPV as wholes, by code."""
    cells, needs = await rows.wider(connection, coordination, codes)
    return {one.area_code: one for one in parts.areas(cells, needs, threshold=None)}


async def _named(
    connection: Connection, coordination: str, found: Sequence[PartArea]
) -> list[PartArea]:
    """Return EPCI and QPV with their names, and which communes of the coordination they concern."""
    if all(one.area_kind is AreaKind.IRIS for one in found):
        return list(found)
    codes = sorted(await store.covered_codes(connection, coordination))
    known = await geography.national_communes(connection, codes)
    names: dict[str, str] = {}
    communes: dict[str, list[str]] = {}
    for code, one in sorted(known.items()):
        if one.epci is not None:
            names[one.epci] = one.epci_name or ""
            communes.setdefault(one.epci, []).append(code)
    for row in await geography.districts(connection, coordination, codes):
        communes.setdefault(row.district, []).append(row.commune)
        names[row.district] = parts.district_name(
            row.district, [known[code].name for code in communes[row.district] if code in known]
        )
    return [
        structs.replace(
            one, name=names.get(one.area_code, ""), communes=communes.get(one.area_code, [])
        )
        for one in found
    ]


async def listed(
    connection: Connection, coordination: str, *, after: str, most: int
) -> tuple[list[PartArea], str | None]:
    """Return a page of EPCI and QPV by code, and the code to go on after, None at the end."""
    codes = await rows.codes(connection, coordination, after=after, most=most + 1)
    found: list[PartArea] = []
    for code in codes[:most]:
        found += await one(connection, coordination, code)
    return found, codes[most - 1] if len(codes) > most else None
