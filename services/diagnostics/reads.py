"""Questions about the shared diagnostic."""

from collections.abc import Sequence
from datetime import datetime

from contracts.events.diagnostics import (
    ExposureFigure,
    FigureStatus,
    IndicatorFigure,
    NeedFigure,
)
from contracts.events.signals import Unit
from contracts.http.diagnostics import Area, MapData, MapPoint
from contracts.values import AreaKind
from contracts.vocabulary import VOCABULARY
from services.chassis.database import Connection
from services.diagnostics import model, store
from services.diagnostics.errors import NoSuchArea, NoSuchMeasure

UNKNOWN_VALUE = "secret ou absent"


async def areas(
    connection: Connection, coordination: str, codes: Sequence[str], *, threshold: int | None
) -> list[Area]:
    """Return everything known of communes, in five queries however many they are.

    With a `threshold`, reported needs below it are not shown: what leaves the coordination. A
    series the coordination receives and that a commune has no row of reads "non diffusé".
    """
    found = await store.communes(connection, coordination, codes)
    series = await store.series(connection, coordination)
    exposures = {code: dict[tuple[str, ...], store.ExposureRow]() for code in codes}
    for row in await store.exposures(connection, coordination, codes):
        exposures[row.commune][_series_key(row)] = row
    needs: dict[str, list[NeedFigure]] = {code: [] for code in codes}
    for need in await store.need_sums(connection, coordination, codes):
        needs[need.commune].append(_need(need, threshold))
    indicators: dict[str, list[IndicatorFigure]] = {code: [] for code in codes}
    for one in await store.observations(connection, coordination, codes):
        indicators[one.commune].append(_indicator(one))
    return [
        Area(
            commune=commune.code,
            name=commune.name or commune.code,
            population=commune.population,
            as_of_seq=commune.as_of_seq,
            exposures=[
                _exposure(one, exposures[commune.code].get(_series_key(one))) for one in series
            ],
            needs=needs[commune.code],
            indicators=indicators[commune.code],
        )
        for commune in found
    ]


async def area(
    connection: Connection, coordination: str, code: str, *, threshold: int | None
) -> Area:
    """Return everything known of one commune.

    Raises:
        NoSuchArea: it is not one of this coordination's.
    """
    found = await areas(connection, coordination, [code], threshold=threshold)
    if not found:
        raise NoSuchArea(code)
    return found[0]


def _series_key(row: store.ExposureRow | store.SeriesRow) -> tuple[str, ...]:
    return row.institution, row.measure, row.unit, row.period, row.grid, row.breakdown


def _label(measure: str) -> str:
    known = VOCABULARY.measures.get(measure)
    return known.label if known else measure


def _exposure(series: store.SeriesRow, row: store.ExposureRow | None) -> ExposureFigure:
    known_sum, known_parts, secret_parts, denominator = (
        (row.known_sum, row.known_parts, row.secret_parts, row.denominator_sum)
        if row
        else (0, 0, 0, 0)
    )
    status, reading = model.reading(
        known_sum, known_parts, secret_parts, grid=series.grid, denominator=denominator
    )
    return ExposureFigure(
        institution=series.institution,
        source=row.label if row else series.label,
        measure=series.measure,
        label=_label(series.measure),
        unit=Unit(series.unit),
        period=series.period,
        grid=AreaKind(series.grid),
        breakdown=model.breakdown_of(series.breakdown),
        known=known_sum if known_parts else None,
        known_parts=known_parts,
        secret_parts=secret_parts,
        denominator=denominator or None,
        status=status,
        reading=reading,
    )


def _need(row: store.NeedSumRow, threshold: int | None) -> NeedFigure:
    hidden = threshold is not None and row.count_sum < threshold
    return NeedFigure(
        problem=row.problem,
        label=VOCABULARY.problems.get(row.problem, row.problem),
        theme=row.theme,
        public=row.public,
        unit=Unit(row.unit),
        period=row.period,
        count=None if hidden else row.count_sum,
        status=FigureStatus.SECRET if hidden else FigureStatus.COMPLETE,
        reading=f"moins de {threshold}" if hidden else model.spaced(row.count_sum),
        source="Besoins exprimés auprès des partenaires",
    )


def _indicator(row: store.ObservationRow) -> IndicatorFigure:
    absent = row.value is None
    return IndicatorFigure(
        indicator=row.indicator,
        label=row.label,
        value=row.value,
        unit=row.unit,
        source=row.source,
        vintage=row.vintage,
        status=FigureStatus.NOT_COVERED if absent else FigureStatus.COMPLETE,
        reading=UNKNOWN_VALUE if row.value is None else model.decimal(row.value),
    )


async def map_data(connection: Connection, coordination: str, measure: str | None) -> MapData:
    """Return every commune with one measure; without one, that which covers most communes.

    Raises:
        NoSuchMeasure: nothing was ever received under this measure.
    """
    coverage = await store.coverage(connection, coordination)
    measures = {row.measure: _label(row.measure) for row in coverage}
    chosen = _chosen(coverage, measure)
    if measure is not None and chosen is None:
        raise NoSuchMeasure(measure, sorted(measures))
    rows = await store.map_figures(connection, coordination, chosen) if chosen else []
    figures = {row.commune: row for row in rows}
    found = await store.communes(connection, coordination)
    updated: list[datetime] = [one.updated_at for one in found if one.updated_at]
    return MapData(
        measure=chosen.measure if chosen else None,
        label=_label(chosen.measure) if chosen else "",
        source=rows[0].label if rows else "",
        period=chosen.period if chosen else "",
        points=[_point(one, figures.get(one.code), chosen.grid if chosen else "") for one in found],
        measures=measures,
        updated_at=max(updated, default=None),
    )


def _chosen(coverage: Sequence[store.CoverageRow], measure: str | None) -> store.CoverageRow | None:
    order = list(VOCABULARY.measures)
    fitting = [row for row in coverage if measure in {None, row.measure}]
    return max(
        fitting,
        key=lambda row: (row.communes, -order.index(row.measure) if row.measure in order else 0),
        default=None,
    )


def _point(commune: store.CommuneRow, row: store.MapRow | None, grid: str) -> MapPoint:
    sums = (row.known_sum, row.known_parts, row.secret_parts) if row else (0, 0, 0)
    status, reading = model.reading(
        *sums, grid=grid, denominator=row.denominator_sum if row else None
    )
    return MapPoint(
        commune=commune.code,
        name=commune.name or commune.code,
        population=commune.population,
        longitude=commune.longitude,
        latitude=commune.latitude,
        value=row.known_sum if row and row.known_parts else None,
        status=status,
        reading=reading,
    )
