"""Refusals about persons."""

from services.chassis.errors import Refusal


class NoSuchPerson(Refusal):
    """No person of this coordination has this identifier."""

    code, status, field = "E_UNKNOWN", 404, "person"

    def __init__(self, person_id: object) -> None:
        """Name the person that was asked for, by its identifier."""
        super().__init__(f"Aucune personne ne porte ici l'identifiant {person_id}.")


class PersonIsErased(Refusal):
    """A person whose data were erased is not written about any more."""

    code, field = "E_STATE", "person"

    def __init__(self, person_id: object) -> None:
        """Say what to do instead."""
        super().__init__(
            f"Les données de la personne {person_id} ont été effacées ; créez une autre fiche."
        )


class PersonIsAnothers(Refusal):
    """One's own record is one's own; those of others are the secretariat's."""

    code, status, field = "E_ROLE", 403, "person"

    def __init__(self) -> None:
        """Say who may."""
        super().__init__(
            "Seuls la personne elle-même, la coordination et le secrétariat ouvrent cette fiche."
        )


class OrganizationIsUnknown(Refusal):
    """A person is attached to an organisation that is known."""

    code, status, field = "E_UNKNOWN", 422, "organization"

    def __init__(self, organization: str) -> None:
        """Name the organisation."""
        super().__init__(f"Aucun organisme ne s'appelle « {organization} » ; décrivez-le d'abord.")
