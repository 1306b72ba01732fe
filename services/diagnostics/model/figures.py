"""What is known of communes, from the rows that hold it to the figures a reader sees."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

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
from services.diagnostics.model.cells import breakdown_of

NOT_COVERED = "non diffusé à cette maille"
ALL_SECRET = "secret statistique"  # noqa: S105
UNKNOWN_VALUE = "secret ou absent"
NEEDS_SOURCE = "Besoins exprimés auprès des partenaires"
_THIN = "\u202f"


class CommuneRow(msgspec.Struct, frozen=True):
    """Columns of `communes`."""

    code: str
    name: str
    population: int
    longitude: float | None
    latitude: float | None
    as_of_seq: int
    updated_at: datetime | None


class ObservationRow(msgspec.Struct, frozen=True):
    """Columns of `observations`."""

    commune: str
    indicator: str
    vintage: str
    value: str | None
    label: str
    unit: str
    source: str
    licence: str
    secret: bool
    revision: int
    observed_at: datetime


class SeriesRow(msgspec.Struct, frozen=True):
    """Columns of `series`."""

    institution: str
    measure: str
    unit: str
    period: str
    grid: str
    breakdown: str
    label: str


class ExposureRow(msgspec.Struct, frozen=True):
    """Columns of `exposures`."""

    commune: str
    institution: str
    measure: str
    unit: str
    period: str
    grid: str
    breakdown: str
    label: str
    known_sum: int
    known_parts: int
    secret_parts: int
    denominator_sum: int


class NeedSumRow(msgspec.Struct, frozen=True):
    """Columns of `need_sums`."""

    commune: str
    problem: str
    theme: str
    public: str
    unit: str
    period: str
    count_sum: int


class CoverageRow(msgspec.Struct, frozen=True):
    """Columns of `coverage`."""

    measure: str
    institution: str
    unit: str
    grid: str
    period: str
    communes: int


class MapRow(msgspec.Struct, frozen=True):
    """Columns of `map_figures`."""

    commune: str
    label: str
    known_sum: int
    known_parts: int
    secret_parts: int
    denominator_sum: int


class AreaRows(msgspec.Struct, frozen=True, kw_only=True):
    """All that is kept of some communes of a coordination."""

    communes: list[CommuneRow]
    series: list[SeriesRow]
    exposures: list[ExposureRow]
    needs: list[NeedSumRow]
    observations: list[ObservationRow]


def spaced(number: int) -> str:
    """Return a whole number as French readers write it, with narrow no-break spaces."""
    return f"{number:,}".replace(",", _THIN)


def folded_reading(
    known_sum: int, known_parts: int, secret_parts: int, *, grid: str, denominator: int | None
) -> tuple[FigureStatus, str]:
    """Return how far a folded figure is known, and the sentence that says so."""
    if known_parts == 0 and secret_parts == 0:
        return FigureStatus.NOT_COVERED, NOT_COVERED
    if known_parts == 0:
        return FigureStatus.SECRET, ALL_SECRET
    said = spaced(known_sum)
    if denominator:
        percent = f"{known_sum * 100 / denominator:.1f}".replace(".", ",")
        said = f"{percent}{_THIN}% ({said} / {spaced(denominator)})"
    if secret_parts == 0:
        return FigureStatus.COMPLETE, said
    masked = "masqué" if secret_parts == 1 else "masqués"
    parts = {"iris": "IRIS"}.get(grid, "compte" if secret_parts == 1 else "comptes")
    return FigureStatus.PARTIAL, f"≥ {said}, {secret_parts} {parts} {masked}"


def decimal(value: str) -> str:
    """Return an observed value as French readers write it, two decimals at most."""
    whole, _, part = value.partition(".")
    rounded = f"{float(value):.2f}".rstrip("0").rstrip(".") if part else whole
    return rounded.replace(".", ",")


def areas(rows: AreaRows, *, threshold: int | None) -> list[Area]:
    """Return everything known of communes.

    With a `threshold`, reported needs below it are not shown: what leaves the coordination. A
    series the coordination receives and that a commune has no row of reads "non diffusé".
    """
    exposures = {(row.commune, *_series_key(row)): row for row in rows.exposures}
    needs: dict[str, list[NeedFigure]] = {}
    for need in rows.needs:
        needs.setdefault(need.commune, []).append(need_figure(need, threshold))
    indicators: dict[str, list[IndicatorFigure]] = {}
    for one in rows.observations:
        indicators.setdefault(one.commune, []).append(indicator_figure(one))
    return [
        Area(
            commune=commune.code,
            name=commune.name or commune.code,
            population=commune.population,
            as_of_seq=commune.as_of_seq,
            as_of=commune.updated_at,
            exposures=[
                exposure(one, exposures.get((commune.code, *_series_key(one))))
                for one in rows.series
            ],
            needs=needs.get(commune.code, []),
            indicators=indicators.get(commune.code, []),
        )
        for commune in rows.communes
    ]


def named(communes: Sequence[CommuneRow]) -> list[Area]:
    """Return communes with their names and populations, and no figure."""
    rows = AreaRows(communes=list(communes), series=[], exposures=[], needs=[], observations=[])
    return areas(rows, threshold=None)


def _series_key(row: ExposureRow | SeriesRow) -> tuple[str, ...]:
    return row.institution, row.measure, row.unit, row.period, row.grid, row.breakdown


def _label(measure: str) -> str:
    known = VOCABULARY.measures.get(measure)
    return known.label if known else measure


def exposure(series: SeriesRow | ExposureRow, row: ExposureRow | None) -> ExposureFigure:
    """Return a series as it reads in an area; without a row, the area is not covered by it."""
    known_sum, known_parts, secret_parts, denominator = (
        (row.known_sum, row.known_parts, row.secret_parts, row.denominator_sum)
        if row
        else (0, 0, 0, 0)
    )
    status, reading = folded_reading(
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
        breakdown=breakdown_of(series.breakdown),
        known=known_sum if known_parts else None,
        known_parts=known_parts,
        secret_parts=secret_parts,
        denominator=denominator or None,
        status=status,
        reading=reading,
    )


def need_figure(row: NeedSumRow, threshold: int | None) -> NeedFigure:
    """Return a sum of needs as it reads to who may see it from `threshold` on, or whole."""
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
        reading=f"moins de {threshold}" if hidden else spaced(row.count_sum),
        source=NEEDS_SOURCE,
    )


def observed_reading(value: str | None, *, secret: bool) -> tuple[FigureStatus, str]:
    """Return how far an observed value is known, and how it reads."""
    if value is not None:
        return FigureStatus.COMPLETE, decimal(value)
    if secret:
        return FigureStatus.SECRET, ALL_SECRET
    return FigureStatus.NOT_COVERED, UNKNOWN_VALUE


def indicator_figure(row: ObservationRow) -> IndicatorFigure:
    """Return what a reader sees of an observation."""
    status, reading = observed_reading(row.value, secret=row.secret)
    return IndicatorFigure(
        indicator=row.indicator,
        label=row.label,
        value=row.value,
        unit=row.unit,
        source=row.source,
        vintage=row.vintage,
        licence=row.licence,
        revision=row.revision,
        observed_at=row.observed_at,
        status=status,
        reading=reading,
    )


def changes(rows: AreaRows, *, threshold: int) -> list[Area]:
    """Return what an update carries of communes: the figures that changed, and nothing else.

    A series no commune has a row of is not in it: nothing changed there.
    """
    touched = {row.code: list[ExposureFigure]() for row in rows.communes}
    for row in rows.exposures:
        touched[row.commune].append(exposure(row, row))
    bare = areas(rows, threshold=threshold)
    return [msgspec.structs.replace(area, exposures=touched[area.commune]) for area in bare]


def map_data(
    communes: Sequence[CommuneRow],
    coverage: Sequence[CoverageRow],
    chosen: CoverageRow | None,
    rows: Sequence[MapRow],
) -> MapData:
    """Return every commune with the chosen series, and the measures there are to choose."""
    figures = {row.commune: row for row in rows}
    grid = chosen.grid if chosen else ""
    return MapData(
        measure=chosen.measure if chosen else None,
        label=_label(chosen.measure) if chosen else "",
        source=rows[0].label if rows else "",
        period=chosen.period if chosen else "",
        points=[_point(one, figures.get(one.code), grid) for one in communes],
        measures={row.measure: _label(row.measure) for row in coverage},
        updated_at=max((one.updated_at for one in communes if one.updated_at), default=None),
        unplaced=sum(one.longitude is None or one.latitude is None for one in communes),
    )


def chosen_series(coverage: Sequence[CoverageRow], measure: str | None) -> CoverageRow | None:
    """Return the series of `measure` that covers most communes.

    Without one, the first measure of the vocabulary that was ever received here.
    """
    order = [measure] if measure else [*VOCABULARY.measures, *(row.measure for row in coverage)]
    for wanted in order:
        fitting = [row for row in coverage if row.measure == wanted]
        if fitting:
            return max(fitting, key=lambda row: row.communes)
    return None


def on_one_grid(coverage: Sequence[CoverageRow]) -> list[CoverageRow]:
    """Return the series of a map that leaves: without a sum of IRIS beside a count by commune.

    The difference of the two would be the secret IRIS.
    """
    named = {(row.measure, row.institution, row.unit, row.grid) for row in coverage}
    return [
        row
        for row in coverage
        if row.grid != AreaKind.IRIS.value
        or (row.measure, row.institution, row.unit, AreaKind.COMMUNE.value) not in named
    ]


def _point(commune: CommuneRow, row: MapRow | None, grid: str) -> MapPoint:
    sums = (row.known_sum, row.known_parts, row.secret_parts) if row else (0, 0, 0)
    status, reading = folded_reading(
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
