"""Refusals about organisations: who they are, whether two are one, who reaches them."""

from uuid import UUID

from services.chassis.errors import Refusal


class NoSuchOrganization(Refusal):
    """No organisation has this slug."""

    code, status = "E_UNKNOWN", 404

    def __init__(self, organization: str, *, field: str = "organization") -> None:
        """Name the organisation that was asked for."""
        super().__init__(f"Aucun organisme ne s'appelle « {organization} » ; vérifiez son nom.")
        self.field = field


class OrganizationGaveWay(Refusal):
    """An organisation that was merged is changed: the one that is kept should be."""

    code, field = "E_MERGED", "organization"

    def __init__(self, organization: str, kept: str) -> None:
        """Name the one that is kept."""
        super().__init__(f"« {organization} » a été fusionné dans « {kept} » ; modifiez celui-ci.")


class OrganizationIsAnothers(Refusal):
    """An organisation that sits elsewhere too is changed by someone of one coordination."""

    code, status, field = "E_ROLE", 403, "organization"

    def __init__(self, organization: str) -> None:
        """Say who can."""
        super().__init__(
            f"« {organization} » ne siège pas chez vous, ou siège aussi ailleurs ; "
            "demandez cette modification à l'exploitant de la plateforme."
        )


class MergesWithItself(Refusal):
    """An organisation is merged into itself."""

    code, status, field = "E_FIELD", 422, "into"

    def __init__(self, organization: str) -> None:
        """Name it."""
        super().__init__(f"« {organization} » ne se fusionne pas avec lui-même ; nommez l'autre.")


class BothSit(Refusal):
    """Two organisations that sit side by side are merged: one would vote twice."""

    code, field = "E_SEATS", "into"

    def __init__(self, coordination: str) -> None:
        """Name the coordination, and what to do before."""
        super().__init__(
            f"Les deux organismes siègent dans « {coordination} » ; "
            "retirez d'abord l'un des deux, puis fusionnez-les."
        )


class TooManyContacts(Refusal):
    """An organisation is reached through one or two persons, so that it is always the same ones."""

    code, status, field = "E_FIELD", 422, "persons"

    def __init__(self, count: int) -> None:
        """Say how many were given."""
        super().__init__(
            f"{count} personnes sont données ; un organisme a un ou deux points de contact."
        )


class PersonIsNotTheirs(Refusal):
    """A contact is no person of this organisation here."""

    code, status, field = "E_UNKNOWN", 422, "persons"

    def __init__(self, person: UUID) -> None:
        """Name the person by id, never by name."""
        super().__init__(
            f"La personne {person} n'est pas de cet organisme dans cette coordination ; "
            "enregistrez-la d'abord."
        )


class SearchIsEmpty(Refusal):
    """A search holds no letter and no digit."""

    code, status, field = "E_FIELD", 422, "q"

    def __init__(self) -> None:
        """Say what is needed."""
        super().__init__("La recherche ne contient ni lettre ni chiffre ; écrivez un mot du nom.")
