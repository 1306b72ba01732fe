"""The civil day on which agreements begin and end."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def day_of(instant: datetime) -> date:
    """Return the day it is in Paris, where agreements are signed."""
    return instant.astimezone(PARIS).date()
