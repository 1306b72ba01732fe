"""Refusals about sharing agreements."""

from services.chassis.errors import Refusal


class NoSuchAgreement(Refusal):
    """No sharing agreement has this identifier."""

    code, status, field = "E_UNKNOWN", 404, "id"

    def __init__(self, agreement_id: object) -> None:
        """Name the agreement that was asked for."""
        super().__init__(f"Aucune convention ne porte l'identifiant {agreement_id}.")


class AreasDoNotFit(Refusal):
    """An agreement opens `_all`, or communes of its coordination."""

    code, status, field = "E_FIELD", 422, "areas"

    def __init__(self, area: str) -> None:
        """Name the first area that does not fit."""
        super().__init__(
            f"« {area} » ne convient pas : donnez « _all » seul, "
            "ou des communes de la coordination."
        )


class TypeIsNotShared(Refusal):
    """An agreement opens only what institutions may send or be delivered."""

    code, status = "E_FIELD", 422

    def __init__(self, field: str, event_type: str, *, known: list[str]) -> None:
        """Name the type that cannot be opened, and those that can."""
        super().__init__(
            f"« {event_type} » ne se partage pas ainsi ; types admis : {', '.join(known)}."
        )
        self.field = field


class InstitutionIsNotParty(Refusal):
    """The institution an agreement opens to signs it."""

    code, status, field = "E_FIELD", 422, "parties"

    def __init__(self, institution: str) -> None:
        """Name the institution that is missing."""
        super().__init__(f"« {institution} » n'est pas parmi les parties ; ajoutez-la.")


class StepNotOpen(Refusal):
    """An agreement moves only along its steps."""

    code, field = "E_STATE", "state"

    def __init__(self, agreement_id: object, *, state: str, to: str) -> None:
        """Say where the agreement stands and where it cannot go."""
        super().__init__(f"La convention {agreement_id} est {state} : elle ne peut devenir {to}.")
