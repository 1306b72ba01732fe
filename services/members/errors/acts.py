"""Refusals about opinions and funders' decisions."""

from services.chassis.errors import Refusal


class DecisionIsAnothers(Refusal):
    """A funder records its own decisions, nobody else's."""

    code, status, field = "E_ROLE", 403, "funder"

    def __init__(self, funder: str) -> None:
        """Name the funder whose decision it would be."""
        super().__init__(f"Votre jeton n'engage pas le financeur « {funder} ».")
