"""Refusals about indicators."""

from services.chassis.errors import Refusal


class NoSuchIndicator(Refusal):
    """Nothing was brought of this indicator on these territories."""

    code, status, field = "E_UNKNOWN", 404, "indicator"

    def __init__(self, indicator: str) -> None:
        """Name it."""
        super().__init__(
            f"Aucun indicateur « {indicator} » sur ce territoire ; voyez le catalogue des "
            "indicateurs, ou importez-le."
        )


class NoSuchVintage(Refusal):
    """The indicator has no such edition here."""

    code, status, field = "E_UNKNOWN", 404, "vintage"

    def __init__(self, vintage: str, known: list[str]) -> None:
        """Name it, and those there are."""
        there = ", ".join(known)
        super().__init__(f"Aucun millésime « {vintage} » ; ceux-ci existent : {there}.")
