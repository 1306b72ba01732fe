"""Refusals about frozen versions."""

from uuid import UUID

from services.chassis.errors import Refusal


class NoSuchVersion(Refusal):
    """No version of this coordination has this number."""

    code, status, field = "E_UNKNOWN", 404, "number"

    def __init__(self, number: int) -> None:
        """Name the number that was asked for."""
        super().__init__(
            f"Le diagnostic n'a pas de version {number} ; voyez la liste des versions publiées."
        )


class VersionsAreOutOfOrder(Refusal):
    """A version is compared with an earlier one."""

    code, status, field = "E_FIELD", 422, "since"

    def __init__(self, since: int, number: int) -> None:
        """Name both."""
        super().__init__(
            f"La version {since} n'est pas antérieure à la version {number} ; "
            "donnez dans « since » un numéro plus petit."
        )


class NothingToPublish(Refusal):
    """A diagnostic without a commune says nothing."""

    code, status = "E_EMPTY", 409

    def __init__(self, coordination: str) -> None:
        """Name the coordination."""
        super().__init__(
            f"Aucune commune n'est connue pour « {coordination} » ; fondez la coordination, "
            "ou chargez ses communes, avant de publier."
        )


class VersionDiffers(Refusal):
    """An id names one version and no other."""

    code, status, field = "E_DIFFERS", 409, "id"

    def __init__(self, version_id: UUID, number: int) -> None:
        """Name the id and the version it made."""
        super().__init__(
            f"L'identifiant {version_id} a déjà publié la version {number}, sous un autre titre ; "
            "prenez-en un autre."
        )
