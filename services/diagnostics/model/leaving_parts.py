"""What leaves of the areas that are no communes: IRIS beside their commune, EPCI around it.

An IRIS is a part of its commune and an EPCI the sum of its own, so that both may give a secret
away. The IRIS of a series leave only where nothing of the series is secret in their commune, or
where the series tells nothing but IRIS; needs, where what is left of the commune is nothing or
reaches the threshold. An EPCI's count leaves unless what it has beyond its communes is what one
of them keeps secret.
"""

from collections.abc import Sequence

import msgspec

from contracts.events.diagnostics import ExposureFigure, NeedFigure
from contracts.http.diagnostics import Area, PartArea
from contracts.http.diagnostics.indicators import WiderArea
from contracts.http.diagnostics.versions import Tier
from contracts.values import AreaKind
from services.diagnostics.model import tiers
from services.diagnostics.model.cells import breakdown_text
from services.diagnostics.model.tiers import Leaving

Series = tuple[object, ...]
Kind = tuple[object, ...]


class SeriesSum(msgspec.Struct, frozen=True):
    """Columns of `series_sums`."""

    institution: str
    measure: str
    unit: str
    period: str
    breakdown: str
    known_sum: int
    secret_parts: int


def leaving_whole(area: Area, to: Leaving) -> Area:
    """Return a commune with its IRIS as those of a tier may read them."""
    if to.tier is Tier.INSIDE:
        return area
    found = tiers.leaving(area, to)
    closed = _closed(area)
    apart = _needs_apart(area, to.threshold)
    parts = [_part(one, closed, apart, to) for one in area.parts]
    return msgspec.structs.replace(found, parts=parts)


def _series(one: ExposureFigure) -> Series:
    return one.institution, one.measure, one.unit, one.period


def _closed(area: Area) -> set[Series]:
    """Return the series with a secret, of which a commune tells more than its IRIS."""
    secret = {_series(one) for one in area.exposures if one.secret_parts}
    several: dict[Series, int] = {}
    for one in area.exposures:
        several[_series(one)] = several.get(_series(one), 0) + (one.known_parts > 0)
    return {one for one in secret if several[one] > 1}


def _kind(one: NeedFigure) -> Kind:
    return one.problem, one.theme, one.public, one.unit, one.period


def _needs_apart(area: Area, threshold: int) -> set[Kind]:
    """Return the kinds of needs that IRIS may tell beside their commune."""
    left = {_kind(one): one.count or 0 for one in area.needs}
    small: set[Kind] = set()
    for part in area.parts:
        for one in part.needs:
            left[_kind(one)] = left.get(_kind(one), 0) - (one.count or 0)
            if (one.count or 0) < threshold:
                small.add(_kind(one))
    return {kind for kind, rest in left.items() if rest == 0 or rest >= threshold} - small


def _part(part: PartArea, closed: set[Series], apart: set[Kind], to: Leaving) -> PartArea:
    exposures = [tiers.secret(one) if _series(one) in closed else one for one in part.exposures]
    needs = [one if _kind(one) in apart else tiers.small_need(one) for one in part.needs]
    return _leaving(msgspec.structs.replace(part, exposures=exposures, needs=needs), to)


def _leaving(part: PartArea, to: Leaving) -> PartArea:
    exposures, needs = tiers.leaving_figures(part.exposures, part.needs, to)
    return msgspec.structs.replace(part, exposures=exposures, needs=needs)


def leaving_wider(part: PartArea, sums: Sequence[SeriesSum], to: Leaving) -> PartArea:
    """Return an EPCI or a QPV as those of a tier may read it, beside the sums of communes."""
    if part.area_kind is AreaKind.EPCI:
        exposures = [
            tiers.secret(one) if _gives_away(one, sums, to.threshold) else one
            for one in part.exposures
        ]
        part = msgspec.structs.replace(part, exposures=exposures)
    return _leaving(part, to)


def leaving_around(area: WiderArea, sums: Sequence[SeriesSum], to: Leaving) -> WiderArea:
    """Return what is told of an EPCI, a QPV or a département as those of a tier may read it."""
    is_epci = any(one.grid is AreaKind.EPCI for one in area.exposures)
    part = PartArea(
        area_kind=AreaKind.EPCI if is_epci else AreaKind.QPV,
        area_code=area.area,
        exposures=area.exposures,
        needs=area.needs,
    )
    told = leaving_wider(part, sums, to)
    return msgspec.structs.replace(area, exposures=told.exposures, needs=told.needs)


def _gives_away(one: ExposureFigure, sums: Sequence[SeriesSum], threshold: int) -> bool:
    named = (one.institution, one.measure, one.unit.value, one.period)
    divided = breakdown_text(one.breakdown)
    for row in sums:
        of = (row.institution, row.measure, row.unit, row.period)
        if of != named or row.breakdown != divided or not row.secret_parts:
            continue
        rest = (one.known or 0) - row.known_sum
        whole = 0 <= rest <= row.secret_parts * (threshold - 1)
        if whole and (row.secret_parts == 1 or rest < threshold):
            return True
    return False
