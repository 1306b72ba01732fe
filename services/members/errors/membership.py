"""Refusals about the life of a membership."""

from services.chassis.errors import Refusal


class NoSuchMember(Refusal):
    """No member has this identifier here."""

    code, status, field = "E_UNKNOWN", 404, "member"

    def __init__(self, member_id: object) -> None:
        """Name the member that was asked for."""
        super().__init__(f"Aucun membre ne porte ici l'identifiant {member_id} ; vérifiez-le.")


class MembershipStepNotOpen(Refusal):
    """A membership moves only along its steps."""

    code, field = "E_STATE", "state"

    def __init__(self, organization: str, *, state: str, to: str) -> None:
        """Say where the membership stands and where it cannot go."""
        super().__init__(f"« {organization} » est {state} : il ne peut devenir {to}.")


class SeatIsAskedAlready(Refusal):
    """An organisation has one demand in the queue, in one college."""

    code, field = "E_DIFFERS", "organization"

    def __init__(self, organization: str, college: str) -> None:
        """Say where it asked."""
        super().__init__(
            f"« {organization} » demande déjà un siège dans le collège {college} ; "
            "retirez cette demande avant d'en faire une autre."
        )


class ActsForAnother(Refusal):
    """A member acts for its own organisation, nobody else's."""

    code, status, field = "E_ROLE", 403, "organization"

    def __init__(self, organization: str) -> None:
        """Name the organisation it would act for."""
        super().__init__(f"Votre jeton n'engage pas l'organisme « {organization} ».")


class DayIsToCome(Refusal):
    """An act that holds at once is recorded on its day, not before."""

    code, status = "E_FIELD", 422

    def __init__(self, field: str, day: object) -> None:
        """Show the day."""
        super().__init__(f"Le {day} n'est pas encore venu ; enregistrez cet acte ce jour-là.")
        self.field = field
