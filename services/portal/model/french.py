"""Numbers, amounts, days and instants as a French reader writes them.

Thousands and the currency are set off by a narrow no-break space (U+202F) and a no-break space
(U+00A0), as the Imprimerie nationale and `Intl.NumberFormat("fr-FR")` do.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

NARROW, NO_BREAK, MINUS = "\u202f", "\u00a0", "\u2212"
PARIS = ZoneInfo("Europe/Paris")
CENTS = 100
MONTHS = (
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


def number(value: int) -> str:
    """Return a whole number with its thousands set apart."""
    sign = MINUS if value < 0 else ""
    return sign + f"{abs(value):,}".replace(",", NARROW)


def money(cents: int) -> str:
    """Return an amount in euros, to the cent."""
    euros, rest = divmod(abs(cents), CENTS)
    sign = MINUS if cents < 0 else ""
    return f"{sign}{number(euros)},{rest:02d}{NO_BREAK}€"


def day(value: date) -> str:
    """Return a day, as in `1er mars 2026`."""
    first = "1er" if value.day == 1 else str(value.day)
    return f"{first}{NO_BREAK}{MONTHS[value.month - 1]}{NO_BREAK}{value.year}"


def clock(value: datetime) -> str:
    """Return the hour and minute of an instant in Paris, as in `09:05`."""
    return f"{value.astimezone(PARIS):%H:%M}"


def instant(value: datetime) -> str:
    """Return the day and the minute of an instant in Paris."""
    return f"{day(value.astimezone(PARIS).date())} à{NO_BREAK}{clock(value)}"


def plural(count: int, one: str, many: str) -> str:
    """Return `count` with its noun; in French zero and one are singular."""
    return f"{number(count)}{NO_BREAK}{one if abs(count) <= 1 else many}"


def period(value: str) -> str:
    """Return the period of a count in words: `2021`, `2021-S1` or `2021-06`."""
    year, _, part = value.partition("-")
    if part.startswith("S"):
        return f"{'1er' if part == 'S1' else '2e'}{NO_BREAK}semestre{NO_BREAK}{year}"
    if part.isdigit() and 1 <= int(part) <= len(MONTHS):
        return f"{MONTHS[int(part) - 1]}{NO_BREAK}{year}"
    return value
