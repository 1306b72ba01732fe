"""Refusals about committees."""

from collections.abc import Sequence

from services.chassis.errors import Refusal


class NoSuchCommittee(Refusal):
    """No committee of this coordination has this slug."""

    code, status, field = "E_UNKNOWN", 404, "committee"

    def __init__(self, committee: str) -> None:
        """Name the committee that was asked for."""
        super().__init__(f"Aucune instance ne s'appelle ici « {committee} » ; vérifiez son nom.")


class CommitteeIsNotActive(Refusal):
    """A committee that was closed or transformed does nothing more."""

    code, field = "E_STATE", "committee"

    def __init__(self, committee: str, state: str) -> None:
        """Say where it stands."""
        super().__init__(f"L'instance « {committee} » est {state} ; choisissez-en une active.")


class CommitteeIsIncomplete(Refusal):
    """A committee lacks someone that its type needs."""

    code, field = "E_COMPOSITION", "kind"

    def __init__(self, committee: str, details: Sequence[str]) -> None:
        """Say who is missing."""
        said = " ; ".join(one.rstrip(".").lower() for one in details)
        super().__init__(f"L'instance « {committee} » n'est pas au complet : {said}.")


class CommitteeIsFull(Refusal):
    """A committee has a limited number of seats."""

    code, field = "E_LIMIT", "committee"

    def __init__(self, committee: str, most: int) -> None:
        """Say how many it may have."""
        super().__init__(f"L'instance « {committee} » a déjà {most} sièges, le plus qu'on admette.")
