"""What an update of a commune tells, as facts that each fit a message."""

from collections.abc import Sequence
from datetime import datetime

from contracts.events.diagnostics import AreaUpdated, ExposureFigure, IndicatorFigure, NeedFigure
from contracts.http.diagnostics import Area
from services.chassis.database import Connection
from services.diagnostics import store
from services.diagnostics.model import parts
from services.diagnostics.model.figures import AreaRows
from services.diagnostics.model.leaving_parts import counted, leaving_changes, told_by_commune

FIGURES_PER_PART = 60
"""A figure takes up to 700 bytes; a message, 64 KiB."""


async def leaving_now(
    connection: Connection,
    coordination: str,
    rows: AreaRows,
    changed: Sequence[Area],
    threshold: int,
) -> list[Area]:
    """Return what changed as an agreement opens it, beside all that versions told of it."""
    beside = await store.versions.exposures_beside(connection, coordination, rows.exposures)
    codes = sorted({one.commune for one in rows.exposures})
    told = told_by_commune(await store.versions.told(connection, coordination, codes))
    cells = await store.parts.of_iris(connection, coordination, sorted(told)) if told else []
    areas = counted(beside, parts.areas(cells, [], threshold=None))
    return leaving_changes(changed, areas, told, threshold)


def parts_of(coordination: str, area: Area, *, now: datetime) -> list[AreaUpdated]:
    """Return an update in as many facts as it takes for each to fit a message."""
    carried = [*area.exposures, *area.needs, *area.indicators]
    cuts = range(0, max(1, len(carried)), FIGURES_PER_PART)
    told: list[AreaUpdated] = []
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
        told.append(fact)
    return told
