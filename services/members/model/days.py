"""Civil days of the coordinations' time zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def day_of(instant: datetime) -> date:
    """Return the civil day of an instant."""
    return instant.astimezone(PARIS).date()
