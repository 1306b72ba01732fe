"""What leaves of an EPCI and of a QPV, beside the communes that an EPCI is the sum of.

An EPCI's count leaves unless what it has beyond the counts that are told of its communes is what
one of them hides, or is under the threshold. Revised after a version told it, it leaves again where
what it has beyond them is the same as then, of the same communes, or nothing in them is hidden.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from contracts.events.diagnostics import ExposureFigure
from contracts.http.diagnostics import PartArea
from contracts.http.diagnostics.indicators import WiderArea
from contracts.values import AreaKind
from services.diagnostics.model import tiers
from services.diagnostics.model.carrying import COMMUNE, IRIS, Count, Counts, Place, hidden_beside
from services.diagnostics.model.leaving_parts import Hidden, Series, Told, place_of, series_of
from services.diagnostics.model.tiers import Leaving


class Closed(NamedTuple):
    """What one commune does not tell of a count: a hidden sum, and parts that are secret."""

    commune: str
    hidden: int
    hidden_parts: int
    secret_parts: int


class Beside(msgspec.Struct):
    """What communes have together of one count: what is told of it, and who does not tell all."""

    told: int = 0
    closed: set[Closed] = msgspec.field(default_factory=set)

    def gives_away(self, count: int, threshold: int) -> bool:
        """Tell whether the sum of the communes, if that is what it is, tells too much of them."""
        rest, hidden = count - self.told, sum(one.hidden for one in self.closed)
        secret = sum(one.secret_parts for one in self.closed)
        parts = secret + sum(one.hidden_parts for one in self.closed)
        is_whole = 0 <= rest - hidden <= secret * (threshold - 1)
        return parts > 0 and is_whole and (parts == 1 or rest < threshold)


Sums = Mapping[tuple[Series, Place], Beside]


def sums(communes: Mapping[str, Hidden]) -> dict[tuple[Series, Place], Beside]:
    """Return what communes have together of each count on each of their grids."""
    found: dict[tuple[Series, Place], Beside] = {}
    for code, commune in communes.items():
        for series, counts in commune.counts.items():
            kept = commune.places.get(series, ())
            for place, one in counts.items():
                if one.area:
                    continue
                mine = found.setdefault((series, place), Beside())
                hidden = one.known if place in kept else 0
                mine.told += one.known - hidden
                if one.secret_parts or hidden:
                    mine.closed.add(Closed(code, hidden, int(hidden > 0), one.secret_parts))
    return found


def last_told(told: Mapping[str, Told]) -> dict[str, Hidden]:
    """Return communes as the last version told them."""
    found: dict[str, Hidden] = {}
    for code, of_series in told.items():
        counts = {series: states[-1] for series, states in of_series.items()}
        places = {
            series: {place for place, one in state.items() if one.hidden}
            for series, state in counts.items()
        }
        found[code] = Hidden(places=places, counts=counts)
    return found


def hidden_of_wider(
    part: PartArea, beside: Sums, before: Sums, told: Told, threshold: int
) -> Hidden:
    """Return what is not told of an EPCI or a QPV, beside its communes and what versions told.

    `before` is what its communes had together when the last version was made.
    """
    counts: dict[Series, dict[Place, Count]] = {}
    beyond: dict[Series, set[Place]] = {}
    needed: dict[Series, set[Place]] = {}
    shown: list[ExposureFigure] = []
    for one in part.exposures:
        series, place = series_of(one), place_of(one)
        count = Count(*place, one.known or 0, one.known_parts, one.secret_parts)
        counts.setdefault(series, {})[place] = count
        closed = part.area_kind is AreaKind.EPCI and any(
            _gives_away(
                count, told.get(series, ()), beside.get(named), before.get(named), threshold
            )
            for named in ((series, (grid, "", place[2])) for grid in (COMMUNE, IRIS))
        )
        if closed:
            beyond.setdefault(series, set()).add(place)
        shown.append(tiers.secret(one) if closed else one)
    for number in tiers.hidden_counts(shown, threshold):
        needed.setdefault(series_of(shown[number]), set()).add(place_of(shown[number]))
    places = {
        series: hidden_beside(
            own,
            needed.get(series, set()),
            told.get(series, ()),
            threshold,
            beyond=beyond.get(series, set()),
        )
        for series, own in counts.items()
    }
    return Hidden(places=places, counts=counts)


def _gives_away(
    one: Count, earlier: Sequence[Counts], beside: Beside | None, before: Beside | None, least: int
) -> bool:
    """Tell whether a count of an EPCI tells too much of its communes, now or beside what it was."""
    if beside is None or not one.known_parts or not beside.closed:
        return False
    was = [state[one.place] for state in earlier if one.place in state]
    if any(other.is_told for other in was):
        # What is beyond the told counts must be what it was, of the same that do not tell it all.
        return (
            before is None
            or not was[-1].is_told
            or before.closed != beside.closed
            or was[-1].known - before.told != one.known - beside.told
        )
    return beside.gives_away(one.known, least)


def part_of(area: WiderArea) -> PartArea:
    """Return what is told around a commune as the area it is told of."""
    is_epci = any(one.grid is AreaKind.EPCI for one in area.exposures)
    return PartArea(
        area_kind=AreaKind.EPCI if is_epci else AreaKind.QPV,
        area_code=area.area,
        exposures=area.exposures,
        needs=area.needs,
    )


def leaving_wider(part: PartArea, to: Leaving, hidden: Hidden) -> PartArea:
    """Return an EPCI or a QPV as those of a tier that is not inside may read them."""
    kept = hidden.among(part.exposures)
    exposures, needs = tiers.leaving_figures(part.exposures, part.needs, to, hidden=kept)
    return msgspec.structs.replace(part, exposures=exposures, needs=needs)
