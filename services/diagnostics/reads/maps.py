"""One figure on every commune: a measure that institutions count, or an indicator."""

from decimal import Decimal

from contracts.http.diagnostics import MapData, MapPoint
from contracts.http.diagnostics.indicators import AreaValue
from contracts.http.diagnostics.maps import (
    CommuneFeature,
    CommuneFeatures,
    FigureProperties,
    PointGeometry,
)
from services.chassis.database import Connection
from services.diagnostics import reads, store
from services.diagnostics.model.figures import CommuneRow
from services.diagnostics.reads import indicators


async def figure_map(
    connection: Connection,
    coordination: str,
    *,
    measure: str | None,
    indicator: str | None,
    vintage: str | None,
) -> MapData:
    """Return every commune with one figure: an indicator if one is asked for, else a measure.

    Raises:
        NoSuchMeasure, NoSuchIndicator, NoSuchVintage: nothing is known here under this name.
    """
    if indicator is None:
        return await reads.map_data(connection, coordination, measure)
    told = await indicators.values(connection, coordination, indicator, vintage)
    bare = await reads.map_data(connection, coordination, None)
    values = {one.area: one for one in told.communes}
    communes = await store.communes(connection, coordination)
    return MapData(
        measure=indicator,
        label=told.edition.label,
        source=f"{told.edition.source} ({told.edition.licence})",
        period=told.edition.vintage,
        points=[_point(one, values[one.code]) for one in communes],
        measures=bare.measures,
        updated_at=told.edition.brought_at,
        unplaced=bare.unplaced,
    )


def _point(commune: CommuneRow, told: AreaValue) -> MapPoint:
    value = Decimal(told.value) if told.value is not None else None
    is_whole = value is not None and value == value.to_integral_value()
    return MapPoint(
        commune=commune.code,
        name=told.name,
        population=commune.population,
        longitude=commune.longitude,
        latitude=commune.latitude,
        value=int(value) if value is not None and is_whole else None,
        observed=told.value,
        status=told.status,
        reading=told.reading,
    )


def features(data: MapData) -> CommuneFeatures:
    """Return a map as GeoJSON."""
    return CommuneFeatures(
        features=[
            CommuneFeature(
                id=point.commune,
                geometry=_geometry(point),
                properties=FigureProperties(
                    commune=point.commune,
                    name=point.name,
                    population=point.population,
                    figure=data.measure or "",
                    label=data.label,
                    value=_text(point),
                    status=point.status,
                    reading=point.reading,
                    source=data.source,
                    period=data.period,
                ),
            )
            for point in data.points
        ]
    )


def _text(point: MapPoint) -> str | None:
    if point.observed is not None or point.value is None:
        return point.observed
    return str(point.value)


def _geometry(point: MapPoint) -> PointGeometry | None:
    if point.longitude is None or point.latitude is None:
        return None
    return PointGeometry(coordinates=(point.longitude, point.latitude))
