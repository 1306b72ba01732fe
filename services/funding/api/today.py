"""The civil day a question without one is about."""

from datetime import date
from zoneinfo import ZoneInfo

from services.chassis import ids

PARIS = ZoneInfo("Europe/Paris")


def today() -> date:
    """Return the day it is in Paris."""
    return ids.now().astimezone(PARIS).date()
