"""What a partner tells of a few communes, and a reader who bounds each hidden count by it.

The reader shares nothing with the product: it knows what is published, which counts add up to
which, and that none is negative.
"""

import random
from collections.abc import Iterable, Mapping
from copy import copy
from itertools import product
from typing import Any, NamedTuple
from uuid import uuid4

import highspy

THRESHOLD, STEP, MOST = 11, 5, 10**7
AGES, HOMES = ("jeunes", "adultes", "aines"), ("seuls", "couples", "familles")
PARTS = ("0901", "0902", "0903")
"""Ends of the codes of the IRIS; nobody else tells anything of them."""
IRIS_SUM = "iris"
"""What stands for a commune as its IRIS add up to it."""
MEASURE, PERIOD = "demandeurs_emploi", "2025"


class Cell(NamedTuple):
    """One count: an area and how it is divided; both empty for the whole of an area."""

    area: str
    age: str = ""
    home: str = ""


class Reading(NamedTuple):
    """What one who reads may think a count is."""

    least: float
    most: float


HIDDEN = Reading(0, MOST)
Told = dict[Cell, Reading]


class Partner:
    """True counts of a territory: a total by commune, some divided twice and by IRIS, and all."""

    def __init__(self, epci: str, communes: list[str], *, seed: str) -> None:
        self.epci, self.communes, self.divided = epci, communes, communes[:6]
        self.true: dict[Cell, int] = {}
        chance = random.Random(seed)
        for place, commune in enumerate(self.divided):
            size = (200, 30, 8)[place % 3]
            for age, home in product(AGES, HOMES):
                first = (commune, age, home) == (self.divided[0], AGES[0], HOMES[0])
                count = 3 if first else chance.randint(0, size)  # One small count among large.
                self._add(commune, age, home, count, chance.choice(PARTS))
        for commune in communes[6:]:
            self._add(commune, "", "", chance.randint(20, 900), "")
        self.ids = {cell: str(uuid4()) for cell in self.true}
        self.revisions = dict.fromkeys(self.true, 1)

    def elsewhere(self) -> "Partner":
        """Return the same counts with ids of their own."""
        other = copy(self)
        other.ids = {cell: str(uuid4()) for cell in self.true}
        return other

    def _cells(self, commune: str, age: str, home: str, part: str) -> list[Cell]:
        found = {Cell(commune, *one) for one in product({age, ""}, {home, ""})}
        return [*found, Cell(self.epci), *([Cell(commune + part)] if part else [])]

    def _add(self, commune: str, age: str, home: str, count: int, part: str) -> None:
        for cell in self._cells(commune, age, home, part):
            self.true[cell] = self.true.get(cell, 0) + count

    def grows(self, commune: str, age: str, home: str, part: str, *, by: int) -> list[Cell]:
        """Add people somewhere and return the counts that need a revision."""
        cells = self._cells(commune, age, home, part)
        self._add(commune, age, home, by, part)
        for cell in cells:
            self.ids.setdefault(cell, str(uuid4()))
            self.revisions[cell] = self.revisions.get(cell, 0) + 1
        return cells

    def signal(self, cell: Cell, agreement: str) -> dict[str, Any]:
        """Return a count as it is sent: under the threshold, its secret."""
        kind = {5: "commune", 9: "iris"}[len(cell.area)] if cell.area != self.epci else "epci"
        count = self.true[cell]
        divided = {"age_band": cell.age, "household_type": cell.home}
        return {
            "type": "exposure_count",
            "signal_id": self.ids[cell],
            "revision": self.revisions[cell],
            "agreement": agreement,
            "purpose": "shared_diagnostic",
            "period": PERIOD,
            "area_kind": kind,
            "area_code": cell.area,
            "measure": MEASURE,
            "unit": "person",
            "count": "s" if 0 < count < THRESHOLD else count,
            **{name: value for name, value in divided.items() if value},
        }

    def sums(self) -> list[tuple[Cell, list[Cell]]]:
        """Return what adds up to what, as whoever reads knows it."""
        found = [(Cell(self.epci), [Cell(commune) for commune in self.communes])]
        for commune in self.divided:
            parts = [cell for cell in self.true if len(cell.area) == 9 and cell.area[:5] == commune]
            found.append((Cell(commune), parts))
            found += [
                (Cell(commune, age), [Cell(commune, age, home) for home in HOMES])
                for age in ("", *AGES)
            ]
            found += [
                (Cell(commune, "", home), [Cell(commune, age, home) for age in AGES])
                for home in ("", *HOMES)
            ]
        return found


def reading(value: int | None, *, rounded: bool) -> Reading:
    """Return what a published count says; the first one over the threshold is rounded up to."""
    if value is None:
        return HIDDEN
    if not rounded:
        return Reading(value, value)
    lifted = value - STEP < THRESHOLD <= value
    return Reading(THRESHOLD if lifted else max(0, value - STEP // 2), value + STEP // 2)


def readings(partner: Partner, areas: Iterable[Mapping[str, Any]], *, rounded: bool) -> Told:
    """Return what the areas that are read say of each count of the partner; the rest is hidden."""
    found = dict.fromkeys(partner.true, HIDDEN)
    for area in areas:
        for place in (area, *area.get("parts", ())):
            code = place.get("commune") or place["area_code"]
            for one in place["exposures"]:
                if (one["measure"], one["period"]) != (MEASURE, PERIOD):
                    continue
                if one["grid"] == "iris" and len(code) == 5:
                    told = reading(one["known"], rounded=rounded)
                    most = MOST if one["secret_parts"] else told.most
                    found[Cell(code, IRIS_SUM)] = Reading(told.least, most)
                    continue
                divided = one["breakdown"]
                cell = Cell(code, divided.get("age_band", ""), divided.get("household_type", ""))
                found[cell] = reading(one["known"], rounded=rounded)
    return found


def with_map(told: Told, points: Iterable[Mapping[str, Any]], *, rounded: bool) -> Told:
    """Return what is read, and what a map says of the whole of communes besides."""
    found = dict(told)
    for one in points:
        cell = Cell(one["commune"])
        if cell in found and one["status"] == "complete":
            more = reading(one["value"], rounded=rounded)
            least, most = max(found[cell].least, more.least), min(found[cell].most, more.most)
            found[cell] = Reading(least, most)
    return found


def narrow(
    partner: Partner,
    times: list[Told],
    same: Iterable[Cell] = (),
) -> dict[tuple[int, Cell], float]:
    """Return the hidden counts that are known within less than the threshold, and how well.

    `times` is what is published at each instant; `same` are the counts that the reader takes to be
    the same at all of them.
    """
    solver = highspy.Highs()
    solver.silent()
    solver.setOptionValue("threads", 1)
    place: dict[tuple[int, Cell], int] = {}
    for instant, told in enumerate(times):
        for cell, known in told.items():
            place[instant, cell] = len(place)
            solver.addVar(known.least, known.most)
        wholes = [(Cell(one.area), [one]) for one in told if one.age == IRIS_SUM]
        for total, parts in [*partner.sums(), *wholes]:
            known = [one for one in parts if one in told]  # An IRIS may be told later on.
            columns = [place[instant, one] for one in (total, *known)]
            solver.addRow(0, 0, len(columns), columns, [-1.0, *[1.0] * len(known)])
    for cell in same:
        for later in range(1, len(times)):
            columns = [place[0, cell], place[later, cell]]
            solver.addRow(0, 0, 2, columns, [1.0, -1.0])
    hidden = {
        named: column
        for named, column in place.items()
        if times[named[0]][named[1]] == HIDDEN and named[1].age != IRIS_SUM
    }
    found = widths(solver, list(hidden.values()), len(place))
    return {
        named: found[column] for named, column in hidden.items() if found[column] < THRESHOLD - 1e-6
    }


def widths(solver: highspy.Highs, asked: list[int], count: int) -> dict[int, float]:
    """Return how far apart the ends of what is asked are, at least, up to the threshold."""
    lowest, highest = [float(MOST)] * count, [0.0] * count
    for column in asked:
        for sign in (1.0, -1.0):
            if highest[column] - lowest[column] >= THRESHOLD:
                break  # Two of the answers found so far are that far apart.
            solver.changeColCost(column, sign)
            solver.run()
            assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
            solver.changeColCost(column, 0)
            for other, value in enumerate(solver.getSolution().col_value):
                lowest[other] = min(lowest[other], value)
                highest[other] = max(highest[other], value)
    return {column: highest[column] - lowest[column] for column in asked}
