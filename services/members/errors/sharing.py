"""Refusals about what a sharing agreement says of persons and parties, and about its steps."""

from services.chassis.errors import Refusal


class PartyIsNotThere(Refusal):
    """A role, a contact or a signature is of a party of the agreement."""

    code, status = "E_FIELD", 422

    def __init__(self, field: str, party: str) -> None:
        """Name who is no party, and where."""
        super().__init__(f"« {party} » n'est pas parmi les parties ; ajoutez-la ou retirez-la.")
        self.field = field


class RoleIsMissing(Refusal):
    """Once one party has a role under the RGPD, each has one."""

    code, status, field = "E_FIELD", 422, "party_roles"

    def __init__(self, party: str) -> None:
        """Name the first party without a role."""
        super().__init__(f"« {party} » n'a pas de rôle au sens du RGPD ; donnez-lui le sien.")


class HealthNeedsDpia(Refusal):
    """Health data are not shared before their impact was assessed."""

    code, status, field = "E_DPIA", 422, "dpia_reference"

    def __init__(self, agreement_id: object) -> None:
        """Say what is missing."""
        super().__init__(
            f"La convention {agreement_id} porte sur des données de santé ; "
            "donnez la référence de son analyse d'impact avant la signature."
        )


class DraftIsSigned(Refusal):
    """What a party signed is not written anew."""

    code, field = "E_STATE", "state"

    def __init__(self, agreement_id: object) -> None:
        """Say what to do."""
        super().__init__(
            f"La convention {agreement_id} porte déjà une signature ; rédigez-en une autre."
        )
