"""What leaves of an EPCI and of a QPV, beside the communes that an EPCI is the sum of.

An EPCI's count leaves unless what it has beyond the counts that are told of its communes is what
one of them hides, or is under the threshold. Revised, it leaves again only once nothing in its
communes is hidden: its increase may be that of one of them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from contracts.http.diagnostics import PartArea
from contracts.values import AreaKind
from services.diagnostics.model import tiers
from services.diagnostics.model.carrying import Count, Counts, Place, changed, hidden_beside
from services.diagnostics.model.leaving_parts import Hidden, Series, Told, place_of, series_of
from services.diagnostics.model.tiers import Leaving


class Beside(msgspec.Struct):
    """What communes have of one count: what is told of it, and what is not."""

    told: int = 0
    hidden: int = 0
    hidden_parts: int = 0
    secret_parts: int = 0

    def gives_away(self, count: int, threshold: int) -> bool:
        """Tell whether the sum of the communes, if that is what it is, tells too much of them."""
        closed, rest = self.hidden_parts + self.secret_parts, count - self.told
        is_whole = 0 <= rest - self.hidden <= self.secret_parts * (threshold - 1)
        return closed > 0 and is_whole and (closed == 1 or rest < threshold)


Sums = Mapping[tuple[Series, Place], Beside]


def sums(communes: Iterable[Hidden]) -> dict[tuple[Series, Place], Beside]:
    """Return what communes have together of each count on each of their grids."""
    found: dict[tuple[Series, Place], Beside] = {}
    for commune in communes:
        for series, counts in commune.counts.items():
            kept = commune.places.get(series, ())
            for place, one in counts.items():
                if one.area:
                    continue
                mine = found.setdefault((series, place), Beside())
                mine.secret_parts += one.secret_parts
                if place in kept:
                    mine.hidden += one.known
                    mine.hidden_parts += one.known_parts > 0
                else:
                    mine.told += one.known
    return found


def hidden_of_wider(part: PartArea, beside: Sums, told: Told, threshold: int) -> Hidden:
    """Return what is not told of an EPCI or a QPV, beside its communes and what versions told."""
    counts: dict[Series, dict[Place, Count]] = {}
    needed: dict[Series, set[Place]] = {}
    alone = tiers.hidden_counts(part.exposures, threshold)
    for number, one in enumerate(part.exposures):
        series, place = series_of(one), place_of(one)
        numbers = one.known or 0, one.known_parts, one.secret_parts
        counts.setdefault(series, {})[place] = Count(*place, *numbers)
        if number in alone:
            needed.setdefault(series, set()).add(place)
    if part.area_kind is AreaKind.EPCI:
        for series, own in counts.items():
            more = _given_away(series, own, beside, told.get(series, ()), threshold)
            needed.setdefault(series, set()).update(more)
    places = {
        series: hidden_beside(own, needed.get(series, set()), told.get(series, ()), threshold)
        for series, own in counts.items()
    }
    return Hidden(places=places, counts=counts)


def _given_away(
    series: Series, own: Counts, beside: Sums, earlier: Sequence[Counts], threshold: int
) -> Collection[Place]:
    found = set()
    revised = changed(own, earlier)
    for place, one in own.items():
        was_told = any(place in state and state[place].is_told for state in earlier)
        for grid in (AreaKind.COMMUNE, AreaKind.IRIS):
            parts = beside.get((series, (grid.value, "", place[2])))
            if parts is None or one.known_parts == 0:
                continue
            is_closed = parts.hidden_parts + parts.secret_parts > 0
            again = was_told and place in revised and is_closed
            if again or parts.gives_away(one.known, threshold):
                found.add(place)
    return found


def leaving_wider(part: PartArea, to: Leaving, hidden: Hidden) -> PartArea:
    """Return an EPCI or a QPV as those of a tier that is not inside may read them."""
    kept = hidden.among(part.exposures)
    exposures, needs = tiers.leaving_figures(part.exposures, part.needs, to, hidden=kept)
    return msgspec.structs.replace(part, exposures=exposures, needs=needs)
