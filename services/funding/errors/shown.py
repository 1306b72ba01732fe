"""How amounts and days are written in a sentence."""

from datetime import date


def euros(cents: int) -> str:
    """Return an amount as French writes it: `1 234,56 €`, with the spaces that do not break."""
    whole, rest = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    return f"{sign}{whole:,}".replace(",", "\u202f") + f",{rest:02}\u00a0€"


def day(on: date) -> str:
    """Return a day as French writes it: `31/12/2026`."""
    return f"{on:%d/%m/%Y}"
