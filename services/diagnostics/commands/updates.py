"""An update of a commune as facts that each fit a message."""

from datetime import datetime

from contracts.events.diagnostics import AreaUpdated, ExposureFigure, IndicatorFigure, NeedFigure
from contracts.http.diagnostics import Area

FIGURES_PER_PART = 60
"""A figure takes up to 700 bytes; a message, 64 KiB."""


def parts_of(coordination: str, area: Area, *, now: datetime) -> list[AreaUpdated]:
    """Return an update in as many facts as it takes for each to fit a message."""
    carried = [*area.exposures, *area.needs, *area.indicators]
    cuts = range(0, max(1, len(carried)), FIGURES_PER_PART)
    parts: list[AreaUpdated] = []
    for number, cut in enumerate(cuts, start=1):
        held = carried[cut : cut + FIGURES_PER_PART]
        fact = AreaUpdated(
            coordination=coordination,
            commune=area.commune,
            name=area.name,
            as_of_seq=area.as_of_seq,
            as_of=now,
            part=number,
            parts=len(cuts),
            exposures=[one for one in held if isinstance(one, ExposureFigure)],
            needs=[one for one in held if isinstance(one, NeedFigure)],
            indicators=[one for one in held if isinstance(one, IndicatorFigure)],
        )
        parts.append(fact)
    return parts
