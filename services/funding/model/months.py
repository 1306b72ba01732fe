"""Months of civil days, and how an amount is rounded, capped and split."""

import calendar
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

MONTHS_PER_YEAR = 12
_DAYS_PER_MONTH = 31


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, the last of the month where it has no such day."""
    index = day.year * MONTHS_PER_YEAR + day.month - 1 + months
    year, month = divmod(index, MONTHS_PER_YEAR)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def months_between(start: date, end: date) -> int:
    """Return how many whole months pass from `start` to `end`; none when `end` comes first."""
    if end <= start:
        return 0
    months = (end.year - start.year) * MONTHS_PER_YEAR + end.month - start.month
    return months if add_months(start, months) <= end else months - 1


def months_over(periods: Sequence[tuple[date, date]]) -> int:
    """Return the months that several periods add up to; each ends before its second day.

    Whole months count first; the days left over by each period add up, as long a month as
    any to one, so that no part of a month alone is one.
    """
    months = days = 0
    for start, end in periods:
        whole = months_between(start, end)
        months += whole
        days += max(0, (end - add_months(start, whole)).days)
    return months + days // _DAYS_PER_MONTH


def half_up(amount: Fraction) -> int:
    """Return whole cents, half a cent up: how a rate is applied to an amount of zero or more."""
    assert amount >= 0, "amounts are zero or more"
    return int(amount + Fraction(1, 2))


def capped(share: Fraction, cents: int) -> int:
    """Return the most that a share of an amount may reach: a cap never rounds up."""
    return int(share * cents)


def split(cents: int, weights: Sequence[int]) -> list[int]:
    """Split an amount in proportion to weights, to the last cent.

    Largest remainders: each first gets the whole cents of its exact share, then the cents left
    over go one by one to the largest remainders, the first of equals before.

    Args:
        cents: what to split, zero or more.
        weights: zero or more each, not all zero.

    Returns:
        Cents in the order of `weights`; they add up to `cents` exactly.
    """
    total = sum(weights)
    assert cents >= 0, "an amount is zero or more"
    assert total > 0, "something must weigh"
    shares = [cents * weight // total for weight in weights]
    order = sorted(range(len(weights)), key=lambda at: (-(cents * weights[at] % total), at))
    for at in order[: cents - sum(shares)]:
        shares[at] += 1
    assert sum(shares) == cents, "nothing is lost and nothing is made"
    return shares
