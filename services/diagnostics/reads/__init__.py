"""Questions about the shared diagnostic."""

from msgspec import structs

from contracts.http.diagnostics import Area, MapData
from services.chassis.database import Connection
from services.diagnostics import store
from services.diagnostics.errors import NoSuchArea, NoSuchMeasure
from services.diagnostics.model import figures
from services.diagnostics.reads import parts
from services.diagnostics.reads.indicators import wider_areas


async def area(
    connection: Connection, coordination: str, code: str, *, threshold: int | None
) -> Area:
    """Return everything known of one commune; needs below `threshold`, if any, are not shown.

    Raises:
        NoSuchArea: it is not one of this coordination's.
    """
    rows = await store.area_rows(connection, coordination, [code])
    if not rows.communes:
        raise NoSuchArea(code)
    found = figures.areas(rows, threshold=threshold)[0]
    wider = await wider_areas(connection, coordination, [code])
    within = await parts.within(connection, coordination, code, threshold=threshold)
    return structs.replace(found, wider=wider.get(code, []), parts=within)


async def map_data(connection: Connection, coordination: str, measure: str | None) -> MapData:
    """Return every commune with one measure; without one, the vocabulary's first that is here.

    Raises:
        NoSuchMeasure: nothing was ever received under this measure.
    """
    coverage = await store.coverage(connection, coordination)
    chosen = figures.chosen_series(coverage, measure)
    if measure is not None and chosen is None:
        raise NoSuchMeasure(measure, sorted({row.measure for row in coverage}))
    rows = await store.map_figures(connection, coordination, chosen) if chosen else []
    communes = await store.communes(connection, coordination)
    return figures.map_data(communes, coverage, chosen, rows)
