"""Refusals about opinions in session, priorities, definitions and validations."""

from datetime import date, datetime

from services.chassis.errors import Refusal


class DiagnosticIsNotCited(Refusal):
    """A strategic committee cites the version of the diagnostic it decided on."""

    code, status, field = "E_DIAGNOSTIC", 422, "diagnostic_version"

    def __init__(self, committee: str) -> None:
        """Name the committee."""
        super().__init__(
            f"« {committee} » est un comité stratégique : citez la version du diagnostic sur "
            "laquelle il se prononce."
        )


class RejectionAwardsNothing(Refusal):
    """What was rejected gives nothing."""

    code, status, field = "E_FIELD", 422, "awards"

    def __init__(self) -> None:
        """Say what to remove."""
        super().__init__("Un avis rejeté n'attribue rien ; retirez les montants.")


class RemarksAreMore(Refusal):
    """The count of objections or reservations includes those that are worded."""

    code, status = "E_FIELD", 422

    def __init__(self, field: str, worded: int) -> None:
        """Say how many are worded."""
        super().__init__(f"{worded} sont rédigées ; donnez au moins ce nombre, ou rien.")
        self.field = field


class CommitteeIsAnothers(Refusal):
    """An opinion of a session is of the committee that sat."""

    code, status, field = "E_FIELD", 422, "committee"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("La séance est d'un autre comité ; retirez l'un des deux.")


class SessionIsNotHere(Refusal):
    """An opinion cites a session of its own coordination that was opened."""

    code, status, field = "E_UNKNOWN", 422, "session"

    def __init__(self, session_id: object) -> None:
        """Name the session that was asked for."""
        super().__init__(f"Aucune séance ouverte ou tenue ne porte ici l'identifiant {session_id}.")


class NoSuchPrioritisation(Refusal):
    """No prioritisation has this identifier."""

    code, status, field = "E_UNKNOWN", 404, "id"

    def __init__(self, prioritisation_id: object) -> None:
        """Name the prioritisation that was asked for."""
        super().__init__(f"Aucune priorisation ne porte l'identifiant {prioritisation_id}.")


class RankingIsOver(Refusal):
    """Rankings are taken until the close."""

    code, field = "E_STATE", "closes_at"

    def __init__(self, closed_at: datetime) -> None:
        """Say since when it is over."""
        super().__init__(f"La priorisation est close depuis {closed_at.isoformat()}.")


class CloseIsPast(Refusal):
    """A prioritisation closes later than it opens."""

    code, status, field = "E_FIELD", 422, "closes_at"

    def __init__(self) -> None:
        """Say what to change."""
        super().__init__("La clôture est déjà passée ; donnez un instant à venir.")


class RankingDoesNotFit(Refusal):
    """A ranking names the actions of its ballot, each once."""

    code, status, field = "E_FIELD", 422, "actions"

    def __init__(self, action: str, why: str) -> None:
        """Name the action, and what is wrong with it."""
        super().__init__(f"« {action} » {why} ; corrigez le classement.")


class RankingIsAnothers(Refusal):
    """A member ranks for itself; the secretary records any."""

    code, status, field = "E_ROLE", 403, "member"

    def __init__(self) -> None:
        """Say who may."""
        super().__init__("Votre jeton n'engage pas ce membre ; le secrétariat peut l'enregistrer.")


class RankerIsNotOnTheRoll(Refusal):
    """Only confirmed members, or those of the ballot's committee, rank."""

    code, status, field = "E_ROLL", 422, "member"

    def __init__(self, member: object) -> None:
        """Name the member."""
        super().__init__(f"Le membre {member} ne prend pas part à cette priorisation.")


class NoSuchDefinition(Refusal):
    """No definition has this identifier."""

    code, status, field = "E_UNKNOWN", 404, "id"

    def __init__(self, definition_id: object) -> None:
        """Name the definition that was asked for."""
        super().__init__(f"Aucune définition ne porte l'identifiant {definition_id}.")


class OpinionDoesNotAdopt(Refusal):
    """A definition is adopted by an adopted opinion about a definition, of its coordination."""

    code, status, field = "E_DECISION", 422, "opinion"

    def __init__(self, opinion_id: object) -> None:
        """Name the opinion that was given."""
        super().__init__(
            f"L'avis {opinion_id} n'adopte pas cela ici ; donnez un avis adopté sur cet objet."
        )


class DefinitionIsAdopted(Refusal):
    """A definition is adopted once."""

    code, field = "E_STATE", "opinion"

    def __init__(self, version: int, adopted_on: date) -> None:
        """Say since when it is adopted."""
        super().__init__(
            f"La version {version} est adoptée depuis le {adopted_on} ; écrivez-en une autre."
        )


class ValidationIsEarly(Refusal):
    """Another body validates what is already adopted."""

    code, status, field = "E_DAY", 422, "validated_on"

    def __init__(self, adopted_on: date) -> None:
        """Say when the opinion was adopted."""
        super().__init__(f"L'avis est du {adopted_on} ; sa validation ne peut le précéder.")
