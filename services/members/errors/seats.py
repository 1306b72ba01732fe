"""Refusals about coordinations, organisations and their seats."""

from services.chassis.errors import Refusal


class NoSuchCoordination(Refusal):
    """No coordination has this slug."""

    code, status, field = "E_UNKNOWN", 404, "coordination"

    def __init__(self, coordination: str) -> None:
        """Name the coordination that was asked for."""
        super().__init__(f"Aucune coordination ne s'appelle « {coordination} » ; vérifiez son nom.")


class OrganizationDiffers(Refusal):
    """An organisation is described once, the same for every coordination."""

    code = "E_DIFFERS"

    def __init__(self, organization: str, *, field: str, known: str | None) -> None:
        """Say what is known of the organisation, in the field that differs."""
        super().__init__(
            f"L'organisme « {organization} » est déjà connu avec « {known or 'rien'} » dans le "
            f"champ « {field} » ; reprenez cette valeur ou prenez un autre identifiant."
        )
        self.field = field


class OrganizationSitsAlready(Refusal):
    """An organisation has one seat, in one college, in a coordination."""

    code, field = "E_DIFFERS", "college"

    def __init__(self, organization: str, college: str) -> None:
        """Say where the organisation sits."""
        super().__init__(
            f"« {organization} » siège déjà dans le collège {college} ; "
            "un organisme n'a qu'un siège par coordination."
        )


class SectionIsElsewhere(Refusal):
    """Citizens sit in the college of digital mediation."""

    code, status, field = "E_FIELD", 422, "section"

    def __init__(self, college: str) -> None:
        """Name the college that was asked for."""
        super().__init__(
            f"La section CITIZEN siège dans le collège DIGITAL_MEDIATION, non dans {college}."
        )


class CitizensHaveNoSiret(Refusal):
    """Citizens are not an establishment."""

    code, status, field = "E_FIELD", 422, "siret"

    def __init__(self) -> None:
        """Say what to remove."""
        super().__init__("La section CITIZEN siège sans SIRET ; retirez-le.")
