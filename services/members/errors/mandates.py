"""Refusals about the seats of persons."""

from services.chassis.errors import Refusal


class NoSuchSeat(Refusal):
    """No seat has this identifier here."""

    code, status, field = "E_UNKNOWN", 404, "seat"

    def __init__(self, seat_id: object) -> None:
        """Name the seat that was asked for."""
        super().__init__(f"Aucun siège ne porte ici l'identifiant {seat_id} ; vérifiez-le.")


class NoSuchPerson(Refusal):
    """No person of this coordination has this identifier."""

    code, status, field = "E_UNKNOWN", 404, "person"

    def __init__(self, person_id: object) -> None:
        """Name the person that was asked for."""
        super().__init__(
            f"Aucune personne de cette coordination ne porte l'identifiant {person_id} ; "
            "enregistrez-la d'abord."
        )


class MemberIsNotConfirmed(Refusal):
    """Who sits in a committee sits for a confirmed member, and in a college for a living one."""

    code, field = "E_STATE", "member"

    def __init__(self, organization: str, state: str) -> None:
        """Say where the member stands."""
        super().__init__(
            f"« {organization} » est {state} : seul un membre confirmé siège dans une instance, "
            "et un membre retiré ou refusé ne siège pas."
        )


class HolderSitsAlready(Refusal):
    """A member has one holder in a committee, or in its college, on a day."""

    code, field = "E_OVERLAP", "rank"

    def __init__(self, *, first: object, last: object) -> None:
        """Show the days that are taken."""
        super().__init__(
            f"Ce membre a déjà un titulaire ici, du {first} au {last or 'jour où il cessera'} ; "
            "mettez fin à ce mandat ou donnez un rang de suppléant."
        )


class PersonSitsAlready(Refusal):
    """A person sits once in a committee on a day, and once for a member in its college."""

    code, field = "E_OVERLAP", "person"

    def __init__(self, *, first: object, last: object) -> None:
        """Show the days that are taken."""
        super().__init__(
            f"Cette personne siège déjà ici, du {first} au {last or 'jour où elle cessera'} ; "
            "mettez fin à ce mandat ou changez de dates."
        )


class MandateIsOver(Refusal):
    """A mandate that is over is not ended again, nor made longer."""

    code, field = "E_STATE", "valid_until"

    def __init__(self, seat_id: object, last: object) -> None:
        """Show its last day."""
        super().__init__(
            f"Le mandat {seat_id} finit le {last} ; donnez un jour qui ne le dépasse pas."
        )


class NothingToRenew(Refusal):
    """A renewal ends or gives at least one seat."""

    code, status, field = "E_FIELD", 422, "takes"

    def __init__(self) -> None:
        """Say what to give."""
        super().__init__(
            "Ce renouvellement ne change rien ; nommez des sièges à finir ou à donner."
        )


class TooManyMandates(Refusal):
    """One act ends a limited number of mandates."""

    code, status, field = "E_LIMIT", 422, "ends_of"

    def __init__(self, most: int) -> None:
        """Say how many it may end."""
        super().__init__(f"Cet acte finirait plus de {most} mandats ; faites-le en plusieurs fois.")
