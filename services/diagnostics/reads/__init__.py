"""Questions about the shared diagnostic."""

from msgspec import structs

from contracts.http.diagnostics import Area, MapData, PartArea
from contracts.http.diagnostics.indicators import WiderArea
from contracts.http.diagnostics.versions import Tier
from contracts.values import AreaKind
from services.chassis.database import Connection
from services.diagnostics import store
from services.diagnostics.errors import NoSuchArea, NoSuchMeasure
from services.diagnostics.model import figures, leaving_wider
from services.diagnostics.model.leaving_parts import Told, leaving_whole
from services.diagnostics.model.tiers import Leaving, leaving_map
from services.diagnostics.reads import parts, telling
from services.diagnostics.reads.indicators import wider_areas


async def area(connection: Connection, coordination: str, code: str, *, to: Leaving) -> Area:
    """Return everything known of one commune, as it may leave.

    Raises:
        NoSuchArea: it is not one of this coordination's.
    """
    rows = await store.area_rows(connection, coordination, [code])
    if not rows.communes:
        raise NoSuchArea(code)
    within = await parts.within(connection, coordination, code)
    found = figures.areas(rows, threshold=None)[0]
    wider = await around(connection, coordination, code, to=to)
    told: Told = {}
    if to.tier is not Tier.INSIDE:
        told = (await telling.told_of(connection, coordination, [code])).get(code, {})
    return leaving_whole(structs.replace(found, wider=wider, parts=within), to, told)


async def around(
    connection: Connection, coordination: str, code: str, *, to: Leaving
) -> list[WiderArea]:
    """Return what is told of a commune's EPCI, QPV and département, as it may leave."""
    found = (await wider_areas(connection, coordination, [code])).get(code, [])
    if to.tier is Tier.INSIDE or not any(one.exposures or one.needs for one in found):
        return found
    parts_of = [leaving_wider.part_of(one) for one in found]
    left = await telling.leaving_around(connection, coordination, parts_of, to)
    return [
        structs.replace(one, exposures=part.exposures, needs=part.needs)
        for one, part in zip(found, left, strict=True)
    ]


async def map_data(
    connection: Connection, coordination: str, measure: str | None, *, to: Leaving
) -> MapData:
    """Return every commune with one measure; without one, the vocabulary's first that is here.

    Raises:
        NoSuchMeasure: nothing was ever received under this measure.
    """
    coverage = await store.coverage(connection, coordination)
    if to.tier is not Tier.INSIDE:
        coverage = figures.on_one_grid(coverage)
    chosen = figures.chosen_series(coverage, measure)
    if measure is not None and chosen is None:
        raise NoSuchMeasure(measure, sorted({row.measure for row in coverage}))
    rows = await store.map_figures(connection, coordination, chosen) if chosen else []
    communes = await store.communes(connection, coordination)
    hidden: set[str] = set()
    if chosen and to.tier is not Tier.INSIDE:
        hidden = await telling.hidden_on_map(
            connection, coordination, chosen, threshold=to.threshold
        )
    return leaving_map(figures.map_data(communes, coverage, chosen, rows), to, hidden=hidden)


async def beyond_communes(
    connection: Connection, coordination: str, code: str, *, to: Leaving
) -> list[PartArea]:
    """Return what was sent of an EPCI, a QPV or an IRIS, as it may leave.

    Raises:
        NoSuchPart: nothing was received of it.
    """
    found = await parts.one(connection, coordination, code)
    if to.tier is Tier.INSIDE:
        return found
    if any(one.area_kind is AreaKind.IRIS for one in found):  # As its commune lets it leave.
        whole = await area(connection, coordination, code[:5], to=to)
        return [one for one in whole.parts if one.area_code == code]
    return await telling.leaving_around(connection, coordination, found, to)


async def wider(
    connection: Connection, coordination: str, *, after: str, most: int, to: Leaving
) -> tuple[list[PartArea], str | None]:
    """Return a page of EPCI and QPV by code, as they may leave, and where the next goes on."""
    found, more = await parts.listed(connection, coordination, after=after, most=most)
    if to.tier is Tier.INSIDE:
        return found, more
    return await telling.leaving_around(connection, coordination, found, to), more
