"""Every refusal the portal may give, with the sentence the reader will see."""

from services.chassis.errors import Refusal


class NoSuchCoordination(Refusal):
    """No coordination has this slug."""

    code, status, field = "E_UNKNOWN", 404, "slug"

    def __init__(self, slug: str) -> None:
        """Name what was asked for."""
        super().__init__(
            f"Aucune coordination ne s'appelle « {slug} » ; choisissez-la dans la liste d'accueil."
        )


class NoSuchCommune(Refusal):
    """The coordination has no commune with this code."""

    code, status, field = "E_UNKNOWN", 404, "insee"

    def __init__(self, insee: str) -> None:
        """Name the code that was asked for."""
        super().__init__(
            f"Aucune commune de cette coordination n'a le code « {insee} » ; "
            "retrouvez-la sur la carte du diagnostic."
        )


class NoSuchPart(Refusal):
    """No part of a page or file of the portal has this name."""

    code, status = "E_UNKNOWN", 404

    def __init__(self, name: str) -> None:
        """Name what was asked for."""
        super().__init__(f"Rien ne s'appelle « {name} » ici ; rechargez la page.")


class TooManyFollow(Refusal):
    """No more browsers can be kept up to date at once."""

    code, status = "E_BUSY", 503

    def __init__(self, most: int) -> None:
        """Say how many already are."""
        super().__init__(
            f"Le direct est complet ({most} au plus) ; rechargez la page pour la mettre à jour."
        )
