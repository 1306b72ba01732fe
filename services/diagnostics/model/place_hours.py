"""When a place is open, as OpenStreetMap writes it: evenings, week-ends, at an instant."""

import re
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec
from opening_hours import OpeningHours, State, validate

PARIS = ZoneInfo("Europe/Paris")
EVENING_HOUR = 18
SATURDAY = 5
YEAR_MIN, YEAR_MAX = 1970, 2100
"""Nobody asks, and nothing is known, of opening hours beyond."""
HOURS_CHARS_MAX = 1000
_FIRST_DAYS = (
    *(datetime(2026, 1, 12), datetime(2026, 3, 16)),  # noqa: DTZ001  # Civil days.
    *(datetime(2026, 6, 8), datetime(2026, 9, 14)),  # noqa: DTZ001
)
"""Mondays of weeks without a public holiday, one a season: some places keep other hours then."""


class Opening(msgspec.Struct, frozen=True):
    """What hours say of the usual weeks."""

    evening: bool
    """Open after 18:00 on some weekday."""
    weekend: bool


@lru_cache(maxsize=4096)
def _read(hours: str) -> OpeningHours | None:
    return OpeningHours(hours, country="FR") if validate(hours) else None


@lru_cache(maxsize=4096)
def opening(hours: str) -> Opening | None:
    """Return what hours say, None where they are not written as OpenStreetMap does."""
    read = _read(hours) if len(hours) <= HOURS_CHARS_MAX else None
    if read is None:
        return None
    evening = weekend = False
    for monday in _FIRST_DAYS:
        for begin, end, state, _ in read.intervals(monday, monday + timedelta(days=7)):
            if state != State.OPEN or begin is None or end is None:
                continue
            evening = evening or _has_evening(begin, end)
            last = end - timedelta(microseconds=1)
            weekend = weekend or max(begin.weekday(), last.weekday()) >= SATURDAY
    return Opening(evening, weekend)


def _has_evening(begin: datetime, end: datetime) -> bool:
    """Tell whether some weekday is open after 18:00 between two instants."""
    day = begin.replace(hour=EVENING_HOUR, minute=0, second=0, microsecond=0)
    while day < end:
        closes = day.replace(hour=23, minute=59)
        if day.weekday() < SATURDAY and begin < closes and end > day:
            return True
        day += timedelta(days=1)
    return False


def is_open(hours: str, at: datetime) -> bool:
    """Tell whether a place with these hours is open at an instant, which carries its offset."""
    assert at.tzinfo is not None, "an instant without its offset is no instant"
    read = _read(hours) if len(hours) <= HOURS_CHARS_MAX else None
    if read is None or not YEAR_MIN <= at.year <= YEAR_MAX:
        return False
    return read.is_open(at.astimezone(PARIS).replace(tzinfo=None))


def parses(hours: str) -> bool:
    """Tell whether hours are written as OpenStreetMap does."""
    return len(hours) <= HOURS_CHARS_MAX and _read(hours) is not None


def normal(hours: str) -> str:
    """Return hours as the library writes them, in the producers' habit: no blank after a comma."""
    read = _read(hours)
    assert read is not None, "asked of hours that parse"
    padded = re.sub(r"(?<!\d)(\d):(?=\d\d)", r"0\1:", hours)
    return re.sub(r"\s*,\s*", ",", padded).strip()
