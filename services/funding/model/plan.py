"""What posts bring over civil years: each instalment spread over the days it pays for."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction

from contracts.http.funding.plans import PlanYear, PostsPlan, Scenario
from contracts.http.funding.posts import PostState
from services.funding.model import posts
from services.funding.model.months import add_months, half_up, split
from services.funding.model.posts import KnownPost

_DAY = timedelta(days=1)
_WHOLE = Fraction(1)


def spread(first: date, last: date, cents: int) -> dict[int, int]:
    """Return what an amount is in each civil year, by the days of each, to the cent."""
    years = range(first.year, last.year + 1)
    days = [
        (min(last, date(year, 12, 31)) - max(first, date(year, 1, 1))).days + 1 for year in years
    ]
    return dict(zip(years, split(cents, days), strict=True))


def parts(known: KnownPost) -> list[tuple[date, date, int]]:
    """Return the days each instalment pays for and what it brings, the credit notes taken off.

    A part that is cut by an early end or a return brings the share of its days.
    """
    row, rate, standing = known.row, known.rate, known.standing
    until = row.ends_on
    if standing.state is PostState.RETURNED:
        until = min(until, standing.since - _DAY)
    found = []
    for rank, first, last in posts.steps(row, rate):
        if first > until:
            break
        whole = add_months(row.starts_on, rate.step_months * rank) - _DAY
        days, of = (min(last, until) - first).days + 1, (whole - first).days + 1
        cents = rate.step_cents(rank, bonus=standing.bonus)
        found.append((first, min(last, until), half_up(cents * min(_WHOLE, Fraction(days, of)))))
    credit = standing.credit_cents
    for at in range(len(found) - 1, -1, -1):
        first, last, cents = found[at]
        taken = min(credit, cents)
        found[at], credit = (first, last, cents - taken), credit - taken
    return found


def yearly(
    known: KnownPost, scenario: Scenario, share: Fraction, *, until_year: int
) -> dict[int, int]:
    """Return what a post brings in each civil year of a scenario, up to a year."""
    found: dict[int, int] = {}

    def add(first: date, last: date, cents: int) -> None:
        for year, part in spread(first, last, cents).items():
            found[year] = found.get(year, 0) + part

    for part in parts(known):
        add(*part)
    goes_on = scenario is not Scenario.NOT_RENEWED
    if goes_on and known.standing.state is not PostState.RETURNED:
        rate = known.rate
        kept = share if scenario is Scenario.PARTIAL else _WHOLE
        cents = half_up(rate.instalments_cents[-1] * kept)
        start, at = known.row.ends_on + _DAY, 0
        while add_months(start, rate.step_months * at).year <= until_year:
            first = add_months(start, rate.step_months * at)
            at += 1
            add(first, add_months(start, rate.step_months * at) - _DAY, cents)
    return {year: cents for year, cents in found.items() if year <= until_year}


def _cost(known: KnownPost, year: int) -> int:
    """Return what a post costs its employer in a year, from its first day on; zero if unknown."""
    yearly_cents = known.row.yearly_cost_cents or 0
    first, last = max(known.row.starts_on, date(year, 1, 1)), date(year, 12, 31)
    if known.standing.state is PostState.RETURNED:
        last = min(last, known.standing.since - _DAY)
    if last < first:
        return 0
    days, of = (last - first).days + 1, (date(year, 12, 31) - date(year, 1, 1)).days + 1
    return half_up(Fraction(yearly_cents * days, of))


def plan(
    found: Iterable[KnownPost],
    *,
    scenario: Scenario,
    share: Fraction,
    first_year: int,
    years: int,
) -> PostsPlan:
    """Return what all posts bring and cost year by year, and by how much it falls."""
    known = list(found)
    last_year = first_year + years - 1
    of_post = [yearly(one, scenario, share, until_year=last_year) for one in known]
    shown = []
    for year in range(first_year, last_year + 1):
        funded = _sum(of_post, year)
        cost = sum(_cost(one, year) for one in known)
        shown.append(
            PlanYear(
                year=year,
                posts_funded=sum(1 for one in of_post if one.get(year, 0) > 0),
                posts_ending=sum(1 for one in known if _ends(one).year == year),
                funded_cents=funded,
                cost_cents=cost,
                left_cents=max(0, cost - funded),
                cliff_cents=max(0, _sum(of_post, year - 1) - funded),
            )
        )
    told = f"{share.numerator}/{share.denominator}" if scenario is Scenario.PARTIAL else None
    return PostsPlan(scenario=scenario, share=told, years=shown)


def _sum(of_post: Iterable[Mapping[int, int]], year: int) -> int:
    return sum(one.get(year, 0) for one in of_post)


def _ends(known: KnownPost) -> date:
    if known.standing.state is PostState.RETURNED:
        return min(known.row.ends_on, known.standing.since)
    return known.row.ends_on
