"""Refusals about what is done on the ground."""

from services.chassis.errors import Refusal


class CommuneIsElsewhere(Refusal):
    """A commune of another territory."""

    code, status = "E_FIELD", 422

    def __init__(self, field: str, commune: str) -> None:
        """Name the commune."""
        super().__init__(
            f"La commune {commune} n'est pas de cette coordination ; donnez l'une des siennes."
        )
        self.field = field


class CommuneIsLed(Refusal):
    """One member leads in a commune on a day."""

    code, field = "E_OVERLAP", "communes"

    def __init__(self, commune: str, *, since: object) -> None:
        """Name the commune, and since when it is led."""
        super().__init__(
            f"La commune {commune} a déjà un chef de file depuis le {since} ; "
            "changez de dates ou retirez-la de la liste."
        )


class VisitNeedsCommune(Refusal):
    """A visit is made somewhere."""

    code, status, field = "E_FIELD", 422, "commune"

    def __init__(self) -> None:
        """Say what to add."""
        super().__init__("Une visite nomme sa commune ; ajoutez-la.")


class OrganizationIsUnknown(Refusal):
    """No coordination knows this organisation."""

    code, status, field = "E_UNKNOWN", 404, "organization"

    def __init__(self, organization: str) -> None:
        """Name the organisation."""
        super().__init__(f"Aucun organisme ne s'appelle « {organization} » ; vérifiez son nom.")
