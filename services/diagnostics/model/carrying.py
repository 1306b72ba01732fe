"""What earlier versions told of a commune, and what follows for the next.

Whoever keeps earlier versions takes a count that was not revised for the same in all of them. So
what was told and did not change stays told, what was hidden and did not change stays hidden, and of
what changed more is hidden until nothing hidden, then or now, can be worked out of all versions
together. Hiding all that changed is always enough: nothing is then told that was not before.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec

from services.diagnostics.model.audit import CannotHold, narrow

Place = tuple[str, str, str]
"""Grid, IRIS (empty for what is folded to the commune) and breakdown of a count in its series."""
Relation = tuple[Place, tuple[Place, ...]]
"""A count and those it is made of."""
COMMUNE, IRIS = "commune", "iris"
ROUNDS_MAX = 20
"""How often one count more is tried; after that, nothing that changed is told."""


class Count(msgspec.Struct, frozen=True, array_like=True):
    """A count of a series in one commune; `hidden` where it is known and not told."""

    grid: str
    area: str
    breakdown: str
    known: int
    known_parts: int
    secret_parts: int
    hidden: bool = False

    @property
    def place(self) -> Place:
        """Where it stands in its series."""
        return self.grid, self.area, self.breakdown

    @property
    def is_told(self) -> bool:
        """Whether a reader is told at least a part of it."""
        return self.known_parts > 0 and not self.hidden

    def is_as(self, other: "Count") -> bool:
        """Tell whether nothing was revised between the two."""
        return (self.known, self.known_parts, self.secret_parts) == (
            other.known,
            other.known_parts,
            other.secret_parts,
        )


Counts = Mapping[Place, Count]


def changed(now: Counts, earlier: Sequence[Counts]) -> set[Place]:
    """Return the counts that are not what was last known of them, or were not known."""
    last = _last(earlier)
    return {place for place, one in now.items() if place not in last or not one.is_as(last[place])}


def _last(earlier: Sequence[Counts]) -> dict[Place, Count]:
    found: dict[Place, Count] = {}
    for state in earlier:
        found.update(state)
    return found


def hidden_beside(
    now: Counts,
    needed: Collection[Place],
    earlier: Sequence[Counts],
    threshold: int,
    *,
    beyond: Collection[Place] = (),
) -> set[Place]:
    """Return what to hide of a series, so that all versions together give nothing away.

    Args:
        now: the series as it is.
        needed: what would be hidden if nothing had been told before.
        earlier: the series as versions told it, each that differs from the one before, in order.
        threshold: how wide what a reader may think of a hidden count must be.
        beyond: what gives away something that is not of this series in this area.
    """
    if not earlier:
        return {*needed, *beyond}
    last, new = _last(earlier), changed(now, earlier)
    hidden = {place for place in now if (place in beyond if place in new else last[place].hidden)}
    useful = new.intersection(needed)
    if not new or all(map(_is_open, [*earlier, _telling(now, hidden)])):
        return hidden
    before: set[int] | None = None
    for _ in range(ROUNDS_MAX):
        told = _telling(now, hidden)
        known = _Known([*earlier, told], threshold)
        try:
            exposed = known.exposed()
            if exposed and before is None:
                before = _Known(earlier, threshold).exposed()  # No version to come can mend that.
        except CannotHold:
            break
        exposed -= before or set()
        if not exposed:
            return hidden
        more = useful or _next(told, new, known.places(exposed), threshold)
        if not more:
            break
        hidden |= more
        useful = set()
    return hidden | {place for place in new if now[place].known_parts}


def _telling(now: Counts, hidden: Collection[Place]) -> dict[Place, Count]:
    return {
        place: msgspec.structs.replace(one, hidden=place in hidden) for place, one in now.items()
    }


def _is_open(state: Counts) -> bool:
    return not any(one.hidden or one.secret_parts for one in state.values())


def _next(
    told: Counts, new: Collection[Place], exposed: Collection[Place], threshold: int
) -> set[Place]:
    """Return what to hide next: the smallest count that changed, if any beside an exposed one."""
    near = {
        place
        for total, parts in relations(told, threshold)
        if not {total, *parts}.isdisjoint(exposed)
        for place in (total, *parts)
    }
    shown = [place for place in new if told[place].is_told and told[place].known > 0]
    among = [place for place in shown if place in near] or shown
    return set(sorted(among, key=lambda place: (told[place].known, place))[:1])


def relations(state: Counts, threshold: int) -> Iterator[Relation]:
    """Yield what adds up to what: categories, IRIS of a commune, and both of its grids."""
    coarser: dict[tuple[Place, str], list[Place]] = {}
    for place in state:
        grid, area, breakdown = place
        parts = breakdown.split(";") if breakdown else []
        for left in parts:
            rest = ";".join(one for one in parts if one != left)
            coarser.setdefault(((grid, area, rest), left.partition("=")[0]), []).append(place)
        if area:
            coarser.setdefault(((IRIS, "", breakdown), ""), []).append(place)
        elif grid == IRIS:
            coarser.setdefault(((COMMUNE, "", breakdown), IRIS), []).append(place)
    for (total, _), finer in coarser.items():
        if total in state and _is_whole(state, total, finer, threshold):
            yield total, tuple(finer)


def _is_whole(state: Counts, total: Place, parts: Sequence[Place], threshold: int) -> bool:
    """Tell whether the parts can make the total; otherwise some of them are not told."""
    rest = state[total].known - sum(state[one].known for one in parts)
    most = sum(state[one].secret_parts for one in parts) * (threshold - 1)
    return -state[total].secret_parts * (threshold - 1) <= rest <= most


class _Known:
    """All that a reader of several versions knows of a series: bounds, and what adds up."""

    def __init__(self, states: Sequence[Counts], threshold: int) -> None:
        self._threshold = threshold
        self._least: list[int] = []
        self._most: list[int | None] = []
        self._sums: list[dict[int, int]] = []
        self._of: list[Place] = []
        last: dict[Place, tuple[Count, int]] = {}
        seen: Counts = {}
        for state in states:
            seen = {**seen, **state}  # What was withdrawn may well be what it was.
            for place, one in state.items():
                before = last.get(place)
                same = before is not None and one.is_as(before[0])
                column = before[1] if before is not None and same else self._column(place)
                last[place] = one, column
                if one.is_told:
                    self._least[column] = one.known
                    self._most[column] = None if one.secret_parts else one.known
            for total, parts in relations(seen, threshold):
                row = {last[part][1]: 1 for part in parts}
                self._sums.append({last[total][1]: -1} | row)

    def _column(self, place: Place) -> int:
        self._least.append(0)
        self._most.append(None)
        self._of.append(place)
        return len(self._of) - 1

    def exposed(self) -> set[int]:
        """Return the counts that are known within less than the threshold, and should not be.

        Raises:
            CannotHold: some secret was revised: what stayed secret is not the same.
        """
        asked = [column for column, most in enumerate(self._most) if most is None]
        return narrow(self._least, self._most, self._sums, asked=asked, enough=self._threshold)

    def places(self, columns: Collection[int]) -> set[Place]:
        """Return where counts stand."""
        return {self._of[column] for column in columns}
