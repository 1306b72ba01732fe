"""Refusals about files as a whole; those about rows are in the report of an import."""

from services.chassis.errors import Refusal


class NoSuchKind(Refusal):
    """A file is of a kind that this service takes."""

    code, status, field = "E_UNKNOWN", 404, "kind"

    def __init__(self, kind: str, known: list[str]) -> None:
        """Say which kinds there are."""
        there = ", ".join(known)
        super().__init__(f"Aucun genre de fichier « {kind} » ; ceux-ci existent : {there}.")


class KindIsNotShared(Refusal):
    """A file about one coordination is given to that coordination."""

    code, status, field = "E_FIELD", 422, "kind"

    def __init__(self, kind: str) -> None:
        """Say where to send it."""
        super().__init__(
            f"Un fichier « {kind} » est celui d'une coordination ; envoyez-le à "
            f"/v1/coordinations/…/imports/{kind}."
        )


class KindIsNational(Refusal):
    """A file about the whole country is no coordination's own."""

    code, status, field = "E_FIELD", 422, "kind"

    def __init__(self, kind: str) -> None:
        """Say where it goes."""
        super().__init__(
            f"Un fichier « {kind} » vaut pour toutes les coordinations ; l'exploitant l'envoie à "
            f"/v1/imports/{kind}."
        )


class CoordinationIsNotKnownYet(Refusal):
    """A coordination that was never founded, or whose founding has not reached this service."""

    code, status, field = "E_UNKNOWN", 404, "coordination"

    def __init__(self, coordination: str) -> None:
        """Name it."""
        super().__init__(
            f"Le diagnostic ne connaît pas la coordination « {coordination} » ; vérifiez son nom, "
            "ou réessayez si elle vient d'être fondée."
        )
