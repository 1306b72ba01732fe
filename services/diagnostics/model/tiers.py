"""What leaves a coordination of a commune's figures: which counts are hidden, which are rounded.

Counts under their source's threshold never enter; they are secret parts. But a total and its
parts may give one away: an undivided count less its published categories, or a count by commune
less the sum of its IRIS. Such a relation is safe when nothing in it is secret, when both of its
sides hold a secret, or when at least two counts of one side are secret and what they add up to
reaches the threshold. Until it is, one more count is hidden. Relations that share counts, as those
of two breakdowns do, are audited together by linear programming.

The public tier is rounded as well, and its totals are made of what it shows: they hold nothing that
is not there already, and neither does the difference of two versions.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import msgspec

from contracts.events.diagnostics import ExposureFigure, FigureStatus, NeedFigure
from contracts.http.diagnostics import MapData, MapPoint
from contracts.http.diagnostics.versions import Tier
from contracts.values import AreaKind
from services.diagnostics.model.audit import CannotHold, narrow
from services.diagnostics.model.figures import ALL_SECRET, folded_reading, spaced

ROUNDED_TO = 5


class Leaving(NamedTuple):
    """Who something leaves for, and what decides how: the threshold, and which sources are open.

    A source is known by the label its producer's licence gives it.
    """

    tier: Tier
    threshold: int
    open_sources: frozenset[str] = frozenset()


INSIDE = Leaving(Tier.INSIDE, 1)


class _Relation(NamedTuple):
    """A count and those it is made of, by their places."""

    total: int
    parts: tuple[int, ...]


def leaving_figures(
    exposures: Sequence[ExposureFigure],
    needs: Sequence[NeedFigure],
    to: Leaving,
    *,
    hidden: Collection[int],
) -> tuple[list[ExposureFigure], list[NeedFigure]]:
    """Return the figures of one area as those of a tier that is not inside may read them.

    `hidden` are the places of the counts that are not told.
    """
    counts = [secret(one) if place in hidden else one for place, one in enumerate(exposures)]
    told = [_small_need(one, to.threshold) for one in needs]
    if to.tier is Tier.PUBLIC:
        counts = [
            one if one.source in to.open_sources else _rounded(one, to.threshold) for one in counts
        ]
        told = [_rounded_need(one, to.threshold) for one in told]
    return counts, told


def leaving_map(found: MapData, to: Leaving, *, hidden: Collection[str]) -> MapData:
    """Return a map as it may be read by those of a tier; `hidden` are communes not told of."""
    if to.tier is Tier.INSIDE:
        return found
    points = [_hidden_point(one) if one.commune in hidden else one for one in found.points]
    if to.tier is Tier.PUBLIC and found.source not in to.open_sources:
        points = [_rounded_point(one, to.threshold) for one in points]
    return msgspec.structs.replace(found, points=points)


def _hidden_point(one: MapPoint) -> MapPoint:
    return msgspec.structs.replace(one, value=None, status=FigureStatus.SECRET, reading=ALL_SECRET)


def _rounded_point(one: MapPoint, threshold: int) -> MapPoint:
    if one.value is None:
        return one
    value = rounded(one.value, threshold)
    # A rate is told without its counts, a partial sum with how many parts are secret.
    said = spaced(value) if one.status == FigureStatus.COMPLETE else f"≥ {spaced(value)}"
    return msgspec.structs.replace(one, value=value, reading=said)


def rounded(count: int, threshold: int = 0) -> int:
    """Return a count to the nearest five; one that reaches the threshold never reads under it."""
    nearest = (count + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO
    return nearest + ROUNDED_TO if nearest < threshold <= count else nearest


def admitted(count: int | None, to: Leaving, *, least: int = 1) -> int | None:
    """Return a count of people that stands alone as a tier may read it, None where it is secret.

    `least` is a threshold of its own, under which nobody outside reads it either.
    """
    if count is None or to.tier is Tier.INSIDE:
        return count
    if 0 < count < max(to.threshold, least):
        return None
    return rounded(count) if to.tier is Tier.PUBLIC else count


def said(count: int | None) -> str:
    """Return how such a count reads."""
    return ALL_SECRET if count is None else spaced(count)


def hidden_counts(figures: Sequence[ExposureFigure], threshold: int) -> set[int]:
    """Return the places of the figures of one commune to hide beside those that are secret."""
    hidden: set[int] = set()
    for relations in _relations(figures):
        kept = [one for one in relations if _is_whole(figures, one, threshold)]
        _hide_alone(figures, kept, hidden, threshold)
        while exposed := _exposed(figures, kept, hidden, threshold):
            told = [one for one in kept if not exposed.isdisjoint((one.total, *one.parts))]
            chosen = {_to_hide(figures, one, hidden) for one in told}
            if chosen <= hidden:
                chosen = {place for one in kept for place in (one.total, *one.parts)}
                if chosen <= hidden:
                    break  # What is not told at all makes the rest what it is.
            hidden |= chosen
    return hidden


def _hide_alone(
    figures: Sequence[ExposureFigure],
    relations: Sequence[_Relation],
    hidden: set[int],
    threshold: int,
) -> None:
    """Hide until each relation is safe by itself, which is enough where there is one."""
    while True:
        chosen = {
            _to_hide(figures, relation, hidden)
            for relation in relations
            if not _is_safe(figures, relation, hidden, threshold)
        }
        if chosen <= hidden:
            return
        hidden |= chosen


def _exposed(
    figures: Sequence[ExposureFigure],
    relations: Sequence[_Relation],
    hidden: set[int],
    threshold: int,
) -> set[int]:
    """Return the places whose secret the relations give away together, if there are several."""
    places = sorted({place for one in relations for place in (one.total, *one.parts)})
    secret = [place for place in places if place in hidden or figures[place].secret_parts]
    if len(relations) < 2 or not secret:  # noqa: PLR2004
        return set()
    column = {place: number for number, place in enumerate(places)}
    try:
        found = narrow(
            [0 if place in hidden else _known(figures[place]) for place in places],
            [None if place in secret else _known(figures[place]) for place in places],
            [
                {column[one.total]: -1} | {column[part]: 1 for part in one.parts}
                for one in relations
            ],
            asked=[column[place] for place in secret],
            enough=threshold,
        )
    except CannotHold:
        return set()
    return {places[number] for number in found}


def _relations(figures: Sequence[ExposureFigure]) -> Iterator[list[_Relation]]:
    """Yield what is made of what in one commune, series by series."""
    series: dict[tuple[str, ...], dict[tuple[str, frozenset[tuple[str, str]]], int]] = {}
    for place, one in enumerate(figures):
        of = (one.institution, one.measure, one.unit.value, one.period)
        named = (one.grid.value, frozenset(one.breakdown.items()))
        series.setdefault(of, {})[named] = place
    for counts in series.values():
        if len(counts) == 1:
            continue
        found: list[_Relation] = []
        for (grid, breakdown), place in counts.items():
            parts: dict[str, list[int]] = {}
            for (other, finer), at in counts.items():
                added = finer - breakdown
                if other == grid and breakdown < finer and len(added) == 1:
                    parts.setdefault(next(iter(added))[0], []).append(at)
            found += [_Relation(place, tuple(sorted(one))) for one in parts.values()]
            iris = counts.get((AreaKind.IRIS.value, breakdown))
            if grid == AreaKind.COMMUNE.value and iris is not None:
                found.append(_Relation(place, (iris,)))
        yield found


def _known(figure: ExposureFigure) -> int:
    return figure.known or 0


def _is_whole(figures: Sequence[ExposureFigure], relation: _Relation, threshold: int) -> bool:
    """Tell whether the parts can make the total; otherwise some of them are not told."""
    total = figures[relation.total]
    parts = [figures[place] for place in relation.parts]
    if FigureStatus.NOT_COVERED in {one.status for one in (total, *parts)}:
        return False
    least = _known(total) - sum(map(_known, parts))
    most = sum(one.secret_parts for one in parts) * (threshold - 1)
    return -total.secret_parts * (threshold - 1) <= least <= most


def _is_safe(
    figures: Sequence[ExposureFigure], relation: _Relation, hidden: set[int], threshold: int
) -> bool:
    counts, sums = [0, 0], [0, 0]
    for side, places in enumerate(((relation.total,), relation.parts)):
        for place in places:
            one = figures[place]
            counts[side] += one.secret_parts + (place in hidden and one.known_parts > 0)
            sums[side] += 0 if place in hidden else _known(one)
    if all(counts) or not any(counts):
        return True
    return max(counts) > 1 and abs(sums[0] - sums[1]) >= threshold


def _to_hide(figures: Sequence[ExposureFigure], relation: _Relation, hidden: set[int]) -> int:
    """Return what to hide next: the smallest part that is shown, the whole when there is none.

    A part of two dimensions stands in two relations; there the whole is hidden, as the margin of a
    table is dropped. So it is of the sum of IRIS, which the count by commune says better.
    """
    shown = [
        place for place in relation.parts if place not in hidden and _known(figures[place]) > 0
    ]
    total_is_shown = relation.total not in hidden and _known(figures[relation.total]) > 0
    crossed = any(len(figures[place].breakdown) > 1 for place in relation.parts)
    if not shown or (crossed and total_is_shown):
        return relation.total
    return min(
        shown,
        key=lambda place: (_known(figures[place]), sorted(figures[place].breakdown.items())),
    )


def secret(one: ExposureFigure) -> ExposureFigure:
    """Return a count that is told no more."""
    return msgspec.structs.replace(
        one,
        known=None,
        known_parts=0,
        secret_parts=one.known_parts + one.secret_parts,
        denominator=None,
        status=FigureStatus.SECRET,
        reading=ALL_SECRET,
    )


def _rounded(one: ExposureFigure, threshold: int) -> ExposureFigure:
    if one.known is None:
        return one
    known = rounded(one.known, threshold)
    denominator = rounded(one.denominator, threshold) if one.denominator else None
    status, reading = folded_reading(
        known, one.known_parts, one.secret_parts, grid=one.grid.value, denominator=denominator
    )
    return msgspec.structs.replace(
        one, known=known, denominator=denominator, status=status, reading=reading
    )


def _small_need(one: NeedFigure, threshold: int) -> NeedFigure:
    if one.count is None or one.count >= threshold or one.count == 0:
        return one
    return small_need(one, f"moins de {threshold}")


def small_need(one: NeedFigure, reading: str = ALL_SECRET) -> NeedFigure:
    """Return a need that is told no more."""
    return msgspec.structs.replace(one, count=None, status=FigureStatus.SECRET, reading=reading)


def _rounded_need(one: NeedFigure, threshold: int) -> NeedFigure:
    if one.count is None:
        return one
    count = rounded(one.count, threshold)
    return msgspec.structs.replace(one, count=count, reading=spaced(count))
