"""How fresh a figure still is: by its source's own cadence, or by its last update in a directory.

A count of a period is taken at its end and definitive half a period later: an annual count of
December, six months after. It is fresh until the next one is due in its turn, then less and less
so for eighteen months. An entry of a directory is fresh for six months, then less and less so
until two years.
"""

import re
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

YEAR, HALF, MONTH = 12, 6, 1
FADING_MONTHS = 18
DIRECTORY_FRESH_DAYS, DIRECTORY_OLD_DAYS = 183, 730
_PERIOD = re.compile(r"^(?P<year>20[0-9]{2})(?:-S(?P<half>[12])|-(?P<month>0[1-9]|1[0-2]))?$")
_VINTAGE = re.compile(r"(?<![0-9])(20[0-9]{2}(?:-S[12]|-(?:0[1-9]|1[0-2]))?)(?![0-9])")
_HUNDREDTH = Decimal("0.01")


def share(value: Decimal | float) -> str:
    """Return a share from 0 to 1 as versions write it, with two decimals."""
    return str(Decimal(value).quantize(_HUNDREDTH, ROUND_HALF_UP))


def _first_of(year: int, month: int) -> date:
    """Return the first day of a month, which may be any number of months from the year."""
    years, months = divmod(month - 1, YEAR)
    return date(year + years, months + 1, 1)


def cadence_and_end(period: str) -> tuple[int, date] | None:
    """Return how many months a period lasts and the day after its last; None when it is none."""
    found = _PERIOD.match(period)
    if not found:
        return None
    year = int(found["year"])
    if found["month"]:
        return MONTH, _first_of(year, int(found["month"]) + 1)
    if found["half"]:
        return HALF, _first_of(year, int(found["half"]) * HALF + 1)
    return YEAR, _first_of(year, YEAR + 1)


def next_due(period: str) -> date | None:
    """Return the day from which the next count of the same source is due, None when unknown."""
    known = cadence_and_end(period)
    if known is None:
        return None
    cadence, end = known
    return _first_of(end.year, end.month + cadence + (cadence + 1) // 2)


def of_period(period: str, *, today: date) -> Decimal | None:
    """Return how fresh a count of `period` is, from 0 to 1; None when the period is not one.

    What a text says beside its year, as in "Insee 2021", is left aside.
    """
    named = _VINTAGE.findall(period)
    due = next_due(named[-1]) if named else None
    if due is None:
        return None
    gone = _first_of(due.year, due.month + FADING_MONTHS)
    return _fading(today, due, gone)


def of_directory(updated_on: date, *, today: date) -> Decimal:
    """Return how fresh an entry of a directory is, from 0 to 1."""
    fresh = updated_on + timedelta(days=DIRECTORY_FRESH_DAYS)
    return _fading(today, fresh, updated_on + timedelta(days=DIRECTORY_OLD_DAYS))


def _fading(today: date, fresh_until: date, gone: date) -> Decimal:
    if today <= fresh_until:
        return Decimal(1)
    left = Decimal((gone - today).days) / (gone - fresh_until).days
    return max(Decimal(0), left)
