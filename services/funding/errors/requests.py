"""Refusals about requests for grants."""

from services.chassis.errors import Refusal

_STATES = {
    "SUBMITTED": "déposée",
    "ONGOING": "en cours d'instruction",
    "ACCEPTED": "acceptée",
    "REFUSED": "refusée",
}


class RequestIsDecided(Refusal):
    """A request goes forward only, and no further than its decision."""

    code, field = "E_STATE", "state"

    def __init__(self, request: str, state: str) -> None:
        """Say where it is."""
        super().__init__(
            f"La demande « {request} » est {_STATES[state]} et ne revient pas en arrière ; "
            "déposez-en une autre."
        )
