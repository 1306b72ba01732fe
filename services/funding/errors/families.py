"""Refusals about coordinations under one another."""

from services.chassis.errors import Refusal


class CountsInItself(Refusal):
    """A fund's money is counted by a fund of another coordination."""

    code, status, field = "E_FIELD", 422, "counted_in.coordination"

    def __init__(self, coordination: str) -> None:
        """Name it."""
        super().__init__(
            f"« {coordination} » est la coordination de ce fonds ; nommez celle, au-dessus, dont "
            "un fonds compte déjà cet argent."
        )


class FamilyIsTooLarge(Refusal):
    """More coordinations stand below than are added up at once."""

    code, status, field = "E_TOO_MANY", 422, "coordination"

    def __init__(self, coordination: str, *, most: int) -> None:
        """Say the limit."""
        super().__init__(
            f"Plus de {most} coordinations sont rattachées à « {coordination} » ; lisez celles "
            "d'un niveau en dessous."
        )
