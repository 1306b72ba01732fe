"""Every refusal the diagnostics service may give, with the sentence the reader will see."""

from services.chassis.errors import Refusal


class NoSuchArea(Refusal):
    """The commune is not one of this coordination's."""

    code, status, field = "E_UNKNOWN", 404, "insee"

    def __init__(self, code: str) -> None:
        """Name the commune that was asked for."""
        super().__init__(f"La commune {code} n'est pas de cette coordination ; vérifiez son code.")


class CommuneRepeats(Refusal):
    """A load gives each commune once."""

    code, status, field = "E_FIELD", 422, "commune"

    def __init__(self, code: str) -> None:
        """Name the commune that is given twice."""
        super().__init__(f"La commune {code} est donnée deux fois ; gardez-la une fois.")


class NoSuchMeasure(Refusal):
    """Nothing was ever received here under this measure."""

    code, status, field = "E_UNKNOWN", 404, "measure"

    def __init__(self, measure: str, known: list[str]) -> None:
        """Name the measure that was asked for and those there are."""
        there = ", ".join(known) or "aucune pour l'instant"
        super().__init__(f"Aucune donnée « {measure} » ici ; mesures reçues : {there}.")


class NoSuchPart(Refusal):
    """Nothing was ever received of this EPCI, QPV or IRIS here."""

    code, status, field = "E_UNKNOWN", 404, "area_code"

    def __init__(self, code: str) -> None:
        """Name the area that was asked for."""
        super().__init__(f"Rien n'est connu du territoire {code} ici ; vérifiez son code.")
