"""What a post costs over three years, what its programme brings, and what is left to its employer.

An instalment belongs to the months it pays for: it is split between the years of the post in
proportion to them, to the last cent. A year after the programme ends brings nothing: that is the
cliff.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from services.funding.model.months import MONTHS_PER_YEAR, add_months, months_between, split
from services.funding.model.posts import PostRow, RateRow, Standing, steps
from services.funding.model.sheets import Cell, Column, Holds

YEARS = 3
_DAY = timedelta(days=1)
_STATES = {"VACANT": "vacant", "FILLED": "occupé", "RETURNED": "rendu"}

COLUMNS = [
    Column("poste"),
    Column("programme"),
    Column("financeur"),
    Column("employeur"),
    Column("hôte"),
    Column("état"),
    Column("année du poste", Holds.WHOLE),
    Column("du", Holds.DAY),
    Column("au", Holds.DAY),
    Column("coût", Holds.EUROS),
    Column("part de l'État", Holds.EUROS),
    Column("reste à charge", Holds.EUROS),
]


def shares(post: PostRow, rate: RateRow, *, bonus: bool) -> list[int]:
    """Return what the programme brings in each of the post's first years."""
    whole = months_between(post.starts_on, post.ends_on + _DAY)
    months = whole + (add_months(post.starts_on, whole) <= post.ends_on)
    found = [0] * YEARS
    planned = steps(post, rate)
    for rank, _, _ in planned:
        first = rate.step_months * (rank - 1)
        last = months if rank == planned[-1][0] else rate.step_months * rank
        weights = [0] * (YEARS + 1)  # The last is for what comes after the years that are shown.
        for month in range(first, max(last, first + 1)):
            weights[min(month // MONTHS_PER_YEAR, YEARS)] += 1
        brought = split(rate.step_cents(rank, bonus=bonus), weights)
        found = [had + more for had, more in zip(found, brought, strict=False)]
    return found


def rows(post: PostRow, rate: RateRow, standing: Standing) -> Iterator[list[Cell]]:
    """Yield a post's years; cost and rest are unknown where its cost was never written."""
    cost = post.yearly_cost_cents
    for year, share in enumerate(shares(post, rate, bonus=standing.bonus)):
        first: date = add_months(post.starts_on, MONTHS_PER_YEAR * year)
        yield [
            post.post,
            post.programme,
            post.funder,
            standing.employer,
            standing.host,
            _STATES[standing.state.value],
            year + 1,
            first,
            add_months(post.starts_on, MONTHS_PER_YEAR * (year + 1)) - _DAY,
            cost,
            share,
            None if cost is None else cost - share,
        ]
