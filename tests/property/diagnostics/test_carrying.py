"""Versions of one commune, one after the other: together they give no hidden count away.

The reader is written apart from the product: every version's counts are unknowns of one linear
program, what is told is known, what was not revised is the same, and each total is its parts.
"""

import random
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

import highspy

from contracts.events.diagnostics import ExposureFigure, FigureStatus
from contracts.events.signals import Unit
from contracts.http.diagnostics import Area, PartArea
from contracts.http.diagnostics.versions import Tier
from contracts.values import AreaKind
from services.diagnostics.model import leaving_parts
from services.diagnostics.model.tiers import Leaving

THRESHOLD, MOST = 11, 10**7
HIDDEN, UNTOLD = (0, MOST), (0, MOST + 1)
"""What a reader may think of a count that is hidden, and of one that was withdrawn."""
AGREEMENT = Leaving(Tier.AGREEMENT, THRESHOLD)
AGES, HOMES, IRIS = ("young", "adult", "senior"), ("alone", "couple", "family"), ("01", "02", "03")
NONE = ("", "", "nobody")
Cell = tuple[str, str, str]
"""IRIS ("all" for what they add up to, empty for the commune), age and household."""


class Town:
    """True counts of a commune by age, household and IRIS, that change from version to version."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        size = chance.choice([1, 2, 8, 30, 200])
        self.shape = chance.choice(["ages", "both", "crossed", "crossed and IRIS", "IRIS"])
        self.true = {
            (part, age, home): chance.randint(0, size)
            for part in IRIS
            for age in AGES
            for home in HOMES
        }

    def revise(self) -> None:
        """Make a few counts more or less, or move people from one to another."""
        for _ in range(self.chance.randint(1, 2)):
            inner = self.chance.choice(list(self.true))
            by = self.chance.randint(-self.true[inner], 40)
            self.true[inner] += by
            other = self.chance.choice(list(self.true))
            if self.chance.random() < 0.3 and self.true[other] >= by:
                self.true[other] -= by

    def counts(self) -> dict[Cell, int]:
        """Return what an institution counts, in the shape it counts it."""
        found: dict[Cell, int] = {}
        for (part, age, home), count in self.true.items():
            cells: list[Cell] = [("", "", "")]
            if self.shape != "IRIS":
                cells.append(("", age, ""))
            if self.shape in {"both", "crossed", "crossed and IRIS"}:
                cells.append(("", "", home))
            if self.shape.startswith("crossed"):
                cells.append(("", age, home))
            if self.shape.endswith("IRIS"):
                cells.append((part, "", ""))
            for cell in cells:
                found[cell] = found.get(cell, 0) + count
        return found


def figure(cell: Cell, counts: Sequence[int]) -> ExposureFigure:
    """Return a count as institutions tell it: its secret when it is under the threshold."""
    part, age, home = cell
    known = [one for one in counts if not 0 < one < THRESHOLD]
    told = {"age_band": age, "household_type": home}
    return ExposureFigure(
        institution="caf-31",
        source="convention (fictive)",
        measure="rsa_socle",
        label="RSA",
        unit=Unit.HOUSEHOLD,
        period="2025",
        grid=AreaKind.IRIS if part else AreaKind.COMMUNE,
        breakdown={name: value for name, value in told.items() if value},
        known=sum(known) if known else None,
        known_parts=len(known),
        secret_parts=len(counts) - len(known),
        status=FigureStatus.COMPLETE,
        reading="",
    )


def area(counts: Mapping[Cell, int]) -> Area:
    """Return a commune as its services know it, with its IRIS and what they add up to."""
    parts = {cell: one for cell, one in counts.items() if cell[0]}
    whole = [figure(cell, [one]) for cell, one in counts.items() if not cell[0]]
    if parts:
        whole.append(figure(("all", "", ""), list(parts.values())))
    return Area(
        commune="31113",
        name="Castanet-Tolosan",
        population=1,
        as_of_seq=1,
        exposures=whole,
        needs=[],
        indicators=[],
        parts=[
            PartArea(
                area_kind=AreaKind.IRIS,
                area_code=f"31113{cell[0]}",
                exposures=[figure(cell, [one])],
            )
            for cell, one in parts.items()
        ],
    )


Reading = dict[Cell, tuple[float, float]]


def read(found: Area) -> Reading:
    """Return the least and the most a reader may think each count is."""
    told: Reading = {}
    lists = [("", found.exposures), *((one.area_code[5:], one.exposures) for one in found.parts)]
    for part, figures in lists:
        for one in figures:
            summed = not part and one.grid is AreaKind.IRIS
            divided = one.breakdown
            cell = (
                "all" if summed else part,
                divided.get("age_band", ""),
                divided.get("household_type", ""),
            )
            most = MOST if one.known is None or one.secret_parts else one.known
            told[cell] = (one.known or 0, most)
    return told


def sums(cells: Collection[Cell]) -> list[tuple[Cell, list[Cell]]]:
    """Return what adds up to what."""
    own = [one for one in cells if not one[0]]
    found: list[tuple[Cell, list[Cell]]] = [
        (("", "", ""), [one for one in cells if one[0] == "all"]),
        (("all", "", ""), [one for one in cells if one[0] in IRIS]),
    ]
    for _, age, home in own:
        if not age:
            found.append((("", age, home), [one for one in own if one[1] and one[2] == home]))
        if not home:
            found.append((("", age, home), [one for one in own if one[2] and one[1] == age]))
    return [(total, parts) for total, parts in found if parts]


def narrow(times: Sequence[Reading], revised: Sequence[Collection[Cell]]) -> list[tuple[int, Cell]]:
    """Return what is hidden and known within less than the threshold by who reads all of `times`.

    `revised` are the counts that are not the same at each time as at the one before.
    """
    solver = highspy.Highs()
    solver.silent()
    solver.setOptionValue("threads", 1)
    place: dict[tuple[int, Cell], int] = {}
    gone: set[Cell] = set()
    for instant, told in enumerate(times):
        for cell, (least, most) in told.items():
            place[instant, cell] = len(place)
            solver.addVar(least, most)
        new = revised[instant - 1] if instant else ()
        gone = {one for one in told if told[one] == UNTOLD and (one in gone or one in new)}
        for total, parts in sums(told):
            if not gone.isdisjoint((total, *parts)):
                continue  # It was withdrawn for another, which nobody tells.
            columns = [place[instant, one] for one in (total, *parts)]
            solver.addRow(0, 0, len(columns), columns, [-1.0, *[1.0] * len(parts)])
    for instant, changed in enumerate(revised):
        for cell in times[instant].keys() - changed:
            columns = [place[instant, cell], place[instant + 1, cell]]
            solver.addRow(0, 0, 2, columns, [1.0, -1.0])
    hidden = {
        named: column
        for named, column in place.items()
        if times[named[0]][named[1]] == HIDDEN and named[1][0] != "all"
    }
    return [named for named, column in hidden.items() if width(solver, column) < THRESHOLD - 1e-6]


def width(solver: highspy.Highs, column: int) -> float:
    """Return how far the least and the most of a count are apart."""
    ends = []
    for sign in (1.0, -1.0):
        solver.changeColCost(column, sign)
        solver.run()
        assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        ends.append(solver.getSolution().col_value[column])
    solver.changeColCost(column, 0)
    return ends[1] - ends[0]


def history(chance: random.Random, *, carried: bool) -> tuple[int, int]:
    """Publish two to four versions of a commune; return what is given away, and how much is told."""
    town = Town(chance)
    states, withdrawn = [town.counts()], [set[Cell]()]
    for _ in range(chance.randint(1, 3)):
        town.revise()
        states.append(town.counts())
        withdrawn.append(set(withdrawn[-1]))
        if chance.random() < 0.3:
            withdrawn[-1].add(chance.choice([one for one in states[0] if any(one[1:])] or [NONE]))
    rows: list[leaving_parts.ToldRow] = []
    times: list[Reading] = []
    for number, counts in enumerate(states):
        gone = withdrawn[number]
        now = area({cell: one for cell, one in counts.items() if cell not in gone})
        told = leaving_parts.told_by_commune(rows).get(now.commune, {}) if carried else {}
        hidden = leaving_parts.hidden_of(now, told, THRESHOLD)
        rows += leaving_parts.newly_told(now.commune, hidden, told, number=number)
        left = leaving_parts.leaving_told(now, AGREEMENT, hidden)
        times.append({**dict.fromkeys(gone & counts.keys(), UNTOLD), **read(left)})
    revised = [
        {cell for cell in new if new[cell] != old[cell]} | {("all", "", "")}
        for old, new in pairwise(states)
    ]
    shown = sum(one not in {HIDDEN, UNTOLD} for told in times for one in told.values())
    return len(narrow(times, revised)), shown


def test_no_versions_of_a_hundred_communes_give_a_secret_away_together():
    given = without = told = most = 0
    for seed in range(100):
        found, shown = history(random.Random(seed), carried=True)
        loose, loosely_shown = history(random.Random(seed), carried=False)
        given, told = given + found, told + shown
        without, most = without + loose, most + loosely_shown
    assert without > 100, "the negative control: each version by itself is safe, together not"
    assert given == 0
    assert told > most * 0.7, "what is hidden to that end is a part of what was told"
