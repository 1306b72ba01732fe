"""What is known of areas that are no communes, as it was sent: IRIS, EPCI and QPV."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from contracts.events.diagnostics import ExposureFigure, NeedFigure
from contracts.http.diagnostics import PartArea
from contracts.values import AreaKind
from services.diagnostics.model import figures


class PartCell(msgspec.Struct, frozen=True):
    """Columns of `part_cells`."""

    grid: str
    area_code: str
    institution: str
    measure: str
    unit: str
    period: str
    breakdown: str
    count: int | None
    denominator: int | None
    label: str
    in_seq: int
    received_at: datetime


class PartNeed(msgspec.Struct, frozen=True):
    """Columns of `part_needs`."""

    grid: str
    area_code: str
    problem: str
    theme: str
    public: str
    unit: str
    period: str
    count_sum: int
    in_seq: int
    received_at: datetime


def district_name(code: str, communes: Sequence[str]) -> str:
    """Return how a QPV is named, by the communes that it is in."""
    return f"Quartier prioritaire {code} ({', '.join(communes)})"


def after(code: str) -> str:
    """Return the first text that does not begin with `code`: codes are ASCII."""
    return code[:-1] + chr(ord(code[-1]) + 1)


def areas(
    cells: Sequence[PartCell], needs: Sequence[PartNeed], *, threshold: int | None
) -> list[PartArea]:
    """Return areas by code, each with what was sent of it; needs below `threshold` are hidden."""
    exposures: dict[tuple[str, str], list[ExposureFigure]] = {}
    reported: dict[tuple[str, str], list[NeedFigure]] = {}
    places: dict[tuple[str, str], list[PartCell | PartNeed]] = {}
    for cell in cells:
        where = cell.area_code, cell.grid
        places.setdefault(where, []).append(cell)
        exposures.setdefault(where, []).append(_exposure(cell))
    for need in needs:
        where = need.area_code, need.grid
        places.setdefault(where, []).append(need)
        reported.setdefault(where, []).append(_need(need, threshold))
    return [
        PartArea(
            area_kind=AreaKind(grid),
            area_code=code,
            as_of_seq=max(one.in_seq for one in places[code, grid]),
            as_of=max(one.received_at for one in places[code, grid]),
            exposures=exposures.get((code, grid), []),
            needs=reported.get((code, grid), []),
        )
        for code, grid in sorted(places)
    ]


def _exposure(cell: PartCell) -> ExposureFigure:
    row = figures.ExposureRow(
        commune=cell.area_code,
        institution=cell.institution,
        measure=cell.measure,
        unit=cell.unit,
        period=cell.period,
        grid=cell.grid,
        breakdown=cell.breakdown,
        label=cell.label,
        known_sum=cell.count or 0,
        known_parts=0 if cell.count is None else 1,
        secret_parts=1 if cell.count is None else 0,
        denominator_sum=cell.denominator or 0,
    )
    return figures.exposure(row, row)


def _need(need: PartNeed, threshold: int | None) -> NeedFigure:
    row = figures.NeedSumRow(
        commune=need.area_code,
        problem=need.problem,
        theme=need.theme,
        public=need.public,
        unit=need.unit,
        period=need.period,
        count_sum=need.count_sum,
    )
    return figures.need_figure(row, threshold)
