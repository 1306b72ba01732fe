"""Refusals about reported needs and their follow-up."""

from uuid import UUID

from services.chassis.errors import Refusal


class NoSuchNeed(Refusal):
    """No reported need has this id here, or none that the caller may see."""

    code, status, field = "E_UNKNOWN", 404, "signal_id"

    def __init__(self, signal_id: UUID) -> None:
        """Name the need that was asked for."""
        super().__init__(f"Aucun besoin {signal_id} n'est suivi ici ; vérifiez son identifiant.")


class NoSuchPage(Refusal):
    """A cursor is one that a page gave."""

    code, status, field = "E_FIELD", 422, "cursor"

    def __init__(self) -> None:
        """Say where cursors come from."""
        super().__init__("Ce curseur ne vient d'aucune page ; repartez de la première.")


class SeveralNeeds(Refusal):
    """Two institutions use the same id."""

    code, status, field = "E_FIELD", 409, "institution"

    def __init__(self, signal_id: UUID) -> None:
        """Say what tells them apart."""
        super().__init__(
            f"Plusieurs institutions ont un besoin {signal_id} ; précisez « institution »."
        )


class NoSuchOrganization(Refusal):
    """The organisation has no seat in the coordination."""

    code, status, field = "E_UNKNOWN", 422, "organization"

    def __init__(self, organization: str) -> None:
        """Name the organisation that was given."""
        super().__init__(
            f"« {organization} » n'est pas membre de cette coordination ; "
            "donnez l'un de ses organismes."
        )


class NotInCharge(Refusal):
    """An organisation acts for itself alone."""

    code, status, field = "E_ROLE", 403, "organization"

    def __init__(self) -> None:
        """Say who may."""
        super().__init__(
            "Un organisme ne suit que les besoins dont il a la charge ; "
            "demandez à la coordination de vous le confier."
        )


class NeedIsNotTaken(Refusal):
    """A need has an outcome once an organisation answers for it."""

    code, status, field = "E_STATE", 409, "state"

    def __init__(self, signal_id: UUID) -> None:
        """Say what comes first."""
        super().__init__(
            f"Le besoin {signal_id} n'est pris en charge par aucun organisme ; "
            "désignez-en un d'abord."
        )


class NeedIsClosed(Refusal):
    """A need that came to an outcome changes no more."""

    code, status, field = "E_STATE", 409, "state"

    def __init__(self, signal_id: UUID, outcome: str) -> None:
        """Say what it came to."""
        super().__init__(
            f"Le besoin {signal_id} est clos ({outcome}) ; signalez-en un nouveau au besoin."
        )


class ReportIsRefused(Refusal):
    """A report breaks a rule that signals follow too."""

    code, status, field = "E_FIELD", 422, ""

    def __init__(self, field: str, detail: str) -> None:
        """Say it in the words the rule has for an institution."""
        super().__init__(detail)
        self.field = field


class ReportIsElsewhere(ReportIsRefused):
    """The place of a report is not one of this coordination's."""

    code = "E_AREA"


class ReportHasUnknownWord(ReportIsRefused):
    """A word of a report is in none of the closed lists."""

    code = "E_VOCABULARY"


class ReportDiffers(ReportIsRefused):
    """A report of this id and revision says something else, and was kept."""

    code, status = "E_DIFFERS", 409


class ReportIsOld(ReportIsRefused):
    """A later revision of this report was kept, or it was withdrawn."""

    code, status = "E_REVISION", 409
