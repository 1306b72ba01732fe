"""What leaves of a commune: no secret count can be worked out of it, by linear programming."""

import random

import highspy
from hypothesis import given
from hypothesis import strategies as st

from contracts.events.diagnostics import ExposureFigure, FigureStatus
from contracts.events.signals import Unit
from contracts.http.diagnostics import Area
from contracts.http.diagnostics.versions import Tier
from contracts.values import AreaKind
from services.diagnostics.model import tiers
from services.diagnostics.model.leaving_parts import leaving_whole

THRESHOLD = 11
LIFTED_BY = 4
AGES, HOMES = ("young", "adult", "senior"), ("alone", "couple", "family")


class Town:
    """A commune's true counts by age and household, and what an institution tells of them."""

    def __init__(self, chance: random.Random) -> None:
        size = chance.choice([8, 30, 200])
        self.true = {(age, home): chance.randint(0, size) for age in AGES for home in HOMES}
        self.shape = chance.choice(["ages", "both", "crossed"])
        self.cells: dict[tuple[str, ...], int] = {(): sum(self.true.values())}
        for age in AGES:
            self.cells[f"age_band={age}",] = sum(self.true[age, home] for home in HOMES)
        if self.shape != "ages":
            for home in HOMES:
                self.cells[f"household_type={home}",] = sum(self.true[age, home] for age in AGES)
        if self.shape == "crossed":
            for (age, home), count in self.true.items():
                self.cells[f"age_band={age}", f"household_type={home}"] = count

    def figures(self) -> list[ExposureFigure]:
        return [figure(parts, count) for parts, count in self.cells.items()]

    def sums(self) -> list[tuple[tuple[str, ...], list[tuple[str, ...]]]]:
        """Return every total with its parts, as a reader knows them to add up."""
        found = []
        for parts in self.cells:
            for name in ("age_band", "household_type"):
                finer = [
                    one
                    for one in self.cells
                    if len(one) == len(parts) + 1
                    and set(parts) < set(one)
                    and next(iter(set(one) - set(parts))).startswith(name)
                ]
                if finer:
                    found.append((parts, finer))
        return found


def figure(parts: tuple[str, ...], count: int) -> ExposureFigure:
    secret = 0 < count < THRESHOLD
    return ExposureFigure(
        institution="caf-31",
        source="convention (fictive)",
        measure="rsa_socle",
        label="RSA",
        unit=Unit.HOUSEHOLD,
        period="2025",
        grid=AreaKind.COMMUNE,
        breakdown=dict(one.split("=") for one in parts),
        known=None if secret else count,
        known_parts=int(not secret),
        secret_parts=int(secret),
        status=FigureStatus.SECRET if secret else FigureStatus.COMPLETE,
        reading=str(count),
    )


def area(figures: list[ExposureFigure]) -> Area:
    return Area(
        commune="31113",
        name="Castanet-Tolosan",
        population=1,
        as_of_seq=1,
        exposures=figures,
        needs=[],
        indicators=[],
    )


def left(town: Town, tier: Tier) -> dict[tuple[str, ...], int | None]:
    found = leaving_whole(area(town.figures()), tiers.Leaving(tier, THRESHOLD), {})
    return dict(zip(town.cells, (one.known for one in found.exposures), strict=True))


def narrowest(town: Town, told: dict[tuple[str, ...], int | None], about: float = 0) -> float:
    """Return the least width of what a hidden count may be; each told count is true within `about`.

    A public 15 may be 11, the threshold: nothing reads under it.
    """
    solver = highspy.Highs()
    solver.silent()
    place = {cell: column for column, cell in enumerate(told)}
    for known in told.values():
        solver.addVar(
            0 if known is None else max(0, known - (LIFTED_BY if about and known == 15 else about)),
            highspy.kHighsInf if known is None else known + about,
        )
    for total, parts in town.sums():
        columns = [place[total], *(place[one] for one in parts)]
        solver.addRow(0, 0, len(columns), columns, [-1.0, *[1.0] * len(parts)])
    widths = [float("inf")]
    for cell, known in told.items():
        if known is not None:
            continue
        solver.changeColBounds(place[cell], 0, town.cells[cell] + THRESHOLD)
        ends = []
        for sign in (1.0, -1.0):
            solver.changeColCost(place[cell], sign)
            solver.run()
            assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
            ends.append(solver.getSolution().col_value[place[cell]])
        solver.changeColCost(place[cell], 0)
        solver.changeColBounds(place[cell], 0, highspy.kHighsInf)
        widths.append(ends[1] - ends[0])
    return min(widths)


def test_no_secret_of_five_hundred_communes_can_be_worked_out_and_most_could_have_been():
    chance = random.Random(20261122)
    exposed = without = 0
    for _ in range(500):
        town = Town(chance)
        bare = {cell: one.known for cell, one in zip(town.cells, town.figures(), strict=True)}
        without += narrowest(town, bare) < THRESHOLD
        exposed += narrowest(town, left(town, Tier.AGREEMENT)) < THRESHOLD
    assert without > 100, "the negative control: what institutions send gives much away"
    assert exposed == 0


def test_two_public_readings_of_a_commune_that_changed_by_little_tell_nothing_of_its_secrets():
    chance = random.Random(7)
    seen = 0
    for _ in range(300):
        town = Town(chance)
        first = left(town, Tier.PUBLIC)
        cell = chance.choice(list(town.true))
        town.true[cell] += chance.randint(1, 4)
        for parts in town.cells:
            wanted = dict(one.split("=") for one in parts)
            town.cells[parts] = sum(
                count
                for (age, home), count in town.true.items()
                if wanted.get("age_band", age) == age and wanted.get("household_type", home) == home
            )
        second = left(town, Tier.PUBLIC)
        for told in (first, second):
            assert all(one is None or one % 5 == 0 for one in told.values())
        both = {
            parts: None if first[parts] is None or second[parts] is None else second[parts]
            for parts in first
        }
        if None in both.values():
            seen += 1
            assert narrowest(town, both, about=2) >= THRESHOLD
    assert seen > 100


@given(st.integers(0, 10**9))
def test_rounding_is_to_the_nearest_five_and_moves_a_count_by_two_at_most(count):
    assert tiers.rounded(count) % 5 == 0
    assert abs(tiers.rounded(count) - count) <= 2


@given(st.integers(0, 10**9), st.integers(1, 40))
def test_a_count_that_reaches_the_threshold_never_reads_under_it(count, threshold):
    found = tiers.rounded(count, threshold)
    assert found % 5 == 0
    assert abs(found - count) <= LIFTED_BY
    assert count < threshold or found >= threshold


@given(st.permutations(range(16)), st.integers(0, 2**32))
def test_what_leaves_does_not_depend_on_the_order_of_figures(order, seed):
    town = Town(random.Random(seed))
    figures = town.figures()
    mixed = [figures[place] for place in order if place < len(figures)]
    kept = leaving_whole(area(figures), tiers.Leaving(Tier.AGREEMENT, THRESHOLD), {}).exposures
    again = leaving_whole(area(mixed), tiers.Leaving(Tier.AGREEMENT, THRESHOLD), {}).exposures

    def by_cell(found):
        return {tuple(sorted(one.breakdown.items())): one.known for one in found}

    assert by_cell(kept) == by_cell(again)


def test_inside_nothing_is_hidden():
    town = Town(random.Random(3))
    figures = town.figures()
    assert leaving_whole(area(figures), tiers.INSIDE, {}).exposures == figures
