"""Civil days of a coordination, and how a French reader sees them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def day_of(instant: datetime) -> date:
    """Return the civil day of an instant, in Europe/Paris: 23:30Z in winter is tomorrow."""
    assert instant.tzinfo is not None, "an instant without an offset has no day"
    return instant.astimezone(PARIS).date()


def written_day(day: date) -> str:
    """Return a day as a reader writes it: « jeudi 1er octobre 2026 »."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{_DAYS[day.weekday()]} {number} {_MONTHS[day.month - 1]} {day.year}"


def written_hour(instant: datetime) -> str:
    """Return the hour of an instant in Europe/Paris: « 14 h 05 »."""
    there = instant.astimezone(PARIS)
    return f"{there.hour} h {there.minute:02}"


def written(instant: datetime) -> str:
    """Return an instant as a reader writes it: its day, then its hour."""
    return f"{written_day(day_of(instant))} à {written_hour(instant)}"
