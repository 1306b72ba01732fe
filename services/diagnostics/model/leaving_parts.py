"""What leaves of communes and of their IRIS, beside what versions told of them already.

An IRIS is a part of its commune, so that it may give a secret away. The IRIS of a series leave only
where nothing of the series is secret in their commune, or where the series tells nothing but IRIS;
needs, where what is left of the commune is nothing or reaches the threshold.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

from contracts.events.diagnostics import ExposureFigure, NeedFigure
from contracts.http.diagnostics import Area, PartArea
from contracts.http.diagnostics.versions import Tier
from services.diagnostics.model import figures, tiers
from services.diagnostics.model.carrying import Count, Counts, Place, changed, hidden_beside
from services.diagnostics.model.cells import breakdown_text
from services.diagnostics.model.figures import ExposureRow
from services.diagnostics.model.tiers import Leaving

Series = tuple[str, str, str, str]
"""Institution, measure, unit and period of counts that may add up."""
Kind = tuple[object, ...]


class ToldRow(msgspec.Struct, frozen=True):
    """Columns of `told_counts`: a series in a commune, as a version first told it so."""

    commune: str
    institution: str
    measure: str
    unit: str
    period: str
    number: int
    counts: str


Told = Mapping[Series, Sequence[Counts]]
"""What versions told of a commune: each series as it was, as often as it changed, in order."""
_COUNTS = msgspec.json.Decoder(list[Count])


def told_by_commune(rows: Iterable[ToldRow]) -> dict[str, dict[Series, list[Counts]]]:
    """Return what versions told, by commune; `rows` are in the order of their versions."""
    found: dict[str, dict[Series, list[Counts]]] = {}
    for row in rows:
        of = row.institution, row.measure, row.unit, row.period
        states = found.setdefault(row.commune, {}).setdefault(of, [])
        states.append({one.place: one for one in _COUNTS.decode(row.counts)})
    return found


class Hidden(msgspec.Struct, frozen=True):
    """What is not told of a commune, by series; and its series, whose counts say which are not."""

    places: Mapping[Series, Collection[Place]]
    counts: Mapping[Series, Counts]

    def among(self, exposures: Sequence[ExposureFigure], area: str = "") -> set[int]:
        """Return which figures of a list are not told; it is an IRIS' if `area` is given."""
        return {
            number
            for number, one in enumerate(exposures)
            if place_of(one, area) in self.places.get(series_of(one), ())
        }


TOLD = Hidden(places={}, counts={})
"""Nothing is hidden."""


def hidden_of(area: Area, told: Told, threshold: int) -> Hidden:
    """Return what is not told of a commune and of its IRIS, beside what versions told of it."""
    counts, needed = _counts(area), _needed(area, threshold)
    places = dict(needed)
    for series, states in told.items():
        if series in counts:
            own = needed.get(series, set())
            places[series] = hidden_beside(counts[series], own, states, threshold)
    return Hidden(places=places, counts=counts)


def _counts(area: Area) -> dict[Series, dict[Place, Count]]:
    found: dict[Series, dict[Place, Count]] = {}
    for code, one in _all(area):
        if one.known_parts + one.secret_parts:
            grid, _, breakdown = place = place_of(one, code)
            numbers = one.known or 0, one.known_parts, one.secret_parts
            found.setdefault(series_of(one), {})[place] = Count(grid, code, breakdown, *numbers)
    return found


def _all(area: Area) -> Iterator[tuple[str, ExposureFigure]]:
    yield from (("", one) for one in area.exposures)
    yield from ((part.area_code, one) for part in area.parts for one in part.exposures)


def _needed(area: Area, threshold: int) -> dict[Series, set[Place]]:
    """Return what is hidden of a commune and of its IRIS as they are, whatever was told before."""
    found: dict[Series, set[Place]] = {}
    closed = _closed(area)
    lists = [("", area.exposures), *((part.area_code, part.exposures) for part in area.parts)]
    for code, exposures in lists:
        shown = [
            tiers.secret(one) if code and series_of(one) in closed else one for one in exposures
        ]
        hidden = tiers.hidden_counts(shown, threshold)
        for number, one in enumerate(shown):
            if number in hidden or one is not exposures[number]:
                found.setdefault(series_of(one), set()).add(place_of(one, code))
    return found


def newly_told(commune: str, hidden: Hidden, told: Told, *, number: int) -> Iterator[ToldRow]:
    """Yield the series of a commune that a version tells otherwise than those before it."""
    for series, counts in hidden.counts.items():
        if changed(counts, told.get(series, ())):
            kept = hidden.places.get(series, ())
            yield ToldRow(
                commune,
                *series,
                number,
                msgspec.json.encode(
                    [
                        msgspec.structs.replace(one, hidden=place in kept)
                        for place, one in counts.items()
                    ]
                ).decode(),
            )


def leaving_whole(area: Area, to: Leaving, told: Told) -> Area:
    """Return a commune with its IRIS as those of a tier may read them."""
    if to.tier is Tier.INSIDE:
        return area
    return leaving_told(area, to, hidden_of(area, told, to.threshold))


def leaving_told(area: Area, to: Leaving, hidden: Hidden) -> Area:
    """Return a commune with its IRIS as those of a tier that is not inside may read them."""
    exposures, needs = tiers.leaving_figures(
        area.exposures, area.needs, to, hidden=hidden.among(area.exposures)
    )
    apart = _needs_apart(area, to.threshold)
    parts = [_part(one, hidden, apart, to) for one in area.parts]
    return msgspec.structs.replace(area, exposures=exposures, needs=needs, parts=parts)


def counted(rows: Sequence[ExposureRow], within: Sequence[PartArea] = ()) -> list[Area]:
    """Return the counts of communes and of their IRIS, and nothing else of them."""
    found: dict[str, list[ExposureFigure]] = {}
    for row in rows:
        found.setdefault(row.commune, []).append(figures.exposure(row, row))
    bare = [
        Area(
            commune=commune,
            name=commune,
            population=0,
            as_of_seq=0,
            exposures=exposures,
            needs=[],
            indicators=[],
        )
        for commune, exposures in found.items()
    ]
    return with_parts(bare, within)


def with_parts(areas: Sequence[Area], within: Sequence[PartArea]) -> list[Area]:
    """Return communes with the IRIS that are theirs."""
    found: dict[str, list[PartArea]] = {}
    for one in within:
        found.setdefault(one.area_code[:5], []).append(one)
    return [msgspec.structs.replace(one, parts=found.get(one.commune, [])) for one in areas]


def leaving_changes(
    changes: Sequence[Area], beside: Sequence[Area], told: Mapping[str, Told], threshold: int
) -> list[Area]:
    """Return what changed of communes as an agreement opens it.

    `beside` holds every count of the series that changed, in the same communes, and their IRIS:
    whether one of them gives another away is seen among all of them, not among those that changed.
    """
    hidden = {one.commune: hidden_of(one, told.get(one.commune, {}), threshold) for one in beside}
    found: list[Area] = []
    for area in changes:
        exposures = area.exposures
        if area.commune in hidden:
            kept = hidden[area.commune].among(exposures)
            exposures = [tiers.secret(o) if n in kept else o for n, o in enumerate(exposures)]
        found.append(msgspec.structs.replace(area, exposures=exposures))
    return found


def series_of(one: ExposureFigure) -> Series:
    """Return the series a figure is of."""
    return one.institution, one.measure, one.unit.value, one.period


def place_of(one: ExposureFigure, area: str = "") -> Place:
    """Return where a figure stands in its series."""
    return one.grid.value, area, breakdown_text(one.breakdown)


def _closed(area: Area) -> set[Series]:
    """Return the series with a secret, of which a commune tells more than its IRIS."""
    secret = {series_of(one) for one in area.exposures if one.secret_parts}
    several: dict[Series, int] = {}
    for one in area.exposures:
        several[series_of(one)] = several.get(series_of(one), 0) + (one.known_parts > 0)
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


def _part(part: PartArea, hidden: Hidden, apart: set[Kind], to: Leaving) -> PartArea:
    needs = [one if _kind(one) in apart else tiers.small_need(one) for one in part.needs]
    kept = hidden.among(part.exposures, part.area_code)
    exposures, needs = tiers.leaving_figures(part.exposures, needs, to, hidden=kept)
    return msgspec.structs.replace(part, exposures=exposures, needs=needs)
