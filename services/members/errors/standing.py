"""Refusals about what a person may do where."""

from services.chassis.errors import Refusal


class NoRightThere(Refusal):
    """A token for a coordination is given to who has rights there."""

    code, status, field = "E_ROLE", 403, "coordination"

    def __init__(self, coordination: str) -> None:
        """Name the coordination."""
        super().__init__(
            f"Vous n'avez pas ces droits dans la coordination « {coordination} » ; "
            "demandez-y une invitation."
        )


class TokenIsDerived(Refusal):
    """A token that was given against another one gives no further one."""

    code, status, field = "E_ROLE", 403, "authorization"

    def __init__(self) -> None:
        """Say which token does."""
        super().__init__(
            "Ce jeton a été donné contre un autre ; redemandez avec celui de votre connexion."
        )


class NoSuchRight(Refusal):
    """A right that was never given cannot be taken."""

    code, status, field = "E_UNKNOWN", 404, "role"

    def __init__(self, subject: str, role: str) -> None:
        """Name the right."""
        super().__init__(f"Le droit « {role} » n'a jamais été donné à « {subject} » ici.")
