"""Refusals about rule books, resolutions and ballots."""

from services.chassis.errors import Refusal


class RuleIsNotSound(Refusal):
    """A rule under which a vote would have no meaning."""

    code, status = "E_RULE", 422

    def __init__(self, field: str, sentence: str) -> None:
        """Say which part of the rule, and why."""
        super().__init__(sentence)
        self.field = field


class NoSuchRuleBook(Refusal):
    """The coordination has no rule book of this version."""

    code, status, field = "E_UNKNOWN", 404, "rule_book"

    def __init__(self, version: object) -> None:
        """Name the version that was asked for."""
        super().__init__(
            f"Aucun règlement de vote de version {version} ; adoptez-en un, ou reprenez le modèle."
        )


class CollegeIsNotInTheRuleBook(Refusal):
    """A member sits in a college that the rule book gives no weight."""

    code, status, field = "E_RULE", 422, "rule_book"

    def __init__(self, college: str) -> None:
        """Name the college."""
        super().__init__(
            f"Le règlement ne donne aucun poids au collège {college}, qui a des membres ; "
            "prenez une version qui le nomme."
        )


class NoSuchResolution(Refusal):
    """No resolution has this identifier."""

    code, status, field = "E_UNKNOWN", 404, "id"

    def __init__(self, resolution_id: object) -> None:
        """Name the resolution that was asked for."""
        super().__init__(f"Aucune résolution ne porte l'identifiant {resolution_id}.")


class NoSuchPlace(Refusal):
    """The session or the committee of a resolution is not one of its coordination's."""

    code, status = "E_UNKNOWN", 404

    def __init__(self, field: str, named: object) -> None:
        """Name what was asked for, in its field."""
        super().__init__(f"« {named} » n'existe pas dans cette coordination ; vérifiez son nom.")
        self.field = field


class SessionIsAnothers(Refusal):
    """A resolution is put to the committee whose session it is."""

    code, status, field = "E_FIELD", 422, "committee"

    def __init__(self, committee: str | None) -> None:
        """Name the committee of the session."""
        super().__init__(
            f"La séance est celle de « {committee or 'tous les collèges'} » ; "
            "laissez « committee » vide ou donnez le même."
        )


class DiagnosticIsNotCited(Refusal):
    """A strategic committee decides on a version of the shared diagnostic."""

    code, status, field = "E_DIAGNOSTIC", 422, "diagnostic_version"

    def __init__(self, committee: str) -> None:
        """Name the committee."""
        super().__init__(
            f"« {committee} » est un comité stratégique : citez la version du diagnostic "
            "sur laquelle il délibère."
        )


class NobodyVotes(Refusal):
    """A resolution needs a member that may vote."""

    code, status, field = "E_ROLL", 422, "coordination"

    def __init__(self) -> None:
        """Say what makes a voter."""
        super().__init__(
            "Aucun membre ne peut voter ce jour : il en faut un confirmé, en fonction, et qui ne "
            "soit pas seulement conseil ou observateur."
        )


class NotOnTheRoll(Refusal):
    """A member that is not on the frozen roll neither votes nor presides."""

    code, status = "E_ROLL", 422

    def __init__(self, field: str, member: object) -> None:
        """Name the member, in its field."""
        super().__init__(f"Le membre {member} n'est pas sur la liste arrêtée à l'ouverture.")
        self.field = field


class MemberIsRecused(Refusal):
    """A recused member neither votes nor carries another's vote."""

    code, field = "E_RECUSED", "member"

    def __init__(self, member: object) -> None:
        """Name the member."""
        super().__init__(
            f"Le membre {member} s'est déporté ou doit se déporter : son bulletin n'est pas reçu."
        )


class VoteIsClosed(Refusal):
    """Nothing is received after the close."""

    code, field = "E_CLOSED", "resolution"

    def __init__(self, closed_at: object) -> None:
        """Say when it was."""
        super().__init__(f"Le vote est clos depuis {closed_at} : rien n'est plus reçu.")


class VoteIsOpen(Refusal):
    """A result is given once the vote is closed."""

    code, field = "E_STATE", "resolution"

    def __init__(self, resolution_id: object) -> None:
        """Name the resolution."""
        super().__init__(
            f"Le vote de la résolution {resolution_id} est ouvert : closez-le d'abord."
        )


class VoteIsNotPublic(Refusal):
    """While no money is at stake, a vote in progress is shown to those who hold it."""

    code, status, field = "E_ROLE", 403, "resolution"

    def __init__(self) -> None:
        """Say when it will be shown."""
        super().__init__("Ce vote est en cours ; son détail sera lisible à la clôture.")


class BallotIsAnothers(Refusal):
    """A member casts its own ballot, or that of a member that gave it a proxy."""

    code, status, field = "E_ROLE", 403, "member"

    def __init__(self, member: object) -> None:
        """Name the member whose ballot it would be."""
        super().__init__(f"Votre jeton n'engage pas le membre {member}.")


class ProxyIsNotGood(Refusal):
    """A ballot by proxy needs one that holds."""

    code, field = "E_PROXY", "holder"

    def __init__(self, sentence: str) -> None:
        """Say why this one does not."""
        super().__init__(sentence)


class BallotDiffers(Refusal):
    """The same identifier already names a ballot with another content."""

    code, field = "E_DIFFERS", "id"

    def __init__(self, ballot_id: object) -> None:
        """Name the ballot."""
        super().__init__(
            f"Le bulletin {ballot_id} existe avec un autre contenu ; prenez un autre identifiant."
        )


class SecondCallIsNotDue(Refusal):
    """A second call follows a first one without quorum, on the same agenda, some days later."""

    code, status = "E_SECOND_CALL", 422

    def __init__(self, field: str, sentence: str) -> None:
        """Say what is missing."""
        super().__init__(sentence)
        self.field = field


class ClosingIsOff(Refusal):
    """A vote closes after it opens, and not years later."""

    code, status, field = "E_FIELD", 422, "closes_at"

    def __init__(self, closes_at: object, *, days_max: int) -> None:
        """Show the instant that was asked for, and until when it may be."""
        super().__init__(
            f"La clôture demandée ({closes_at}) est passée ou trop lointaine ; "
            f"donnez un instant à venir, dans les {days_max} jours."
        )


class TooManyBallots(Refusal):
    """A list of ballots has at least one, and no more than is admitted at once."""

    code, status, field = "E_SIZE", 422, "ballots"

    def __init__(self, count: int, most: int) -> None:
        """Show both counts."""
        super().__init__(f"{count} bulletins sont donnés ; envoyez-en de 1 à {most} à la fois.")


class VoteIsNotRecorded(Refusal):
    """An opinion adopted by vote is made by the close of its resolution, never by hand."""

    code, status, field = "E_FIELD", 422, "mode"

    def __init__(self) -> None:
        """Say where such an opinion comes from."""
        super().__init__(
            "Un avis voté naît de la clôture de sa résolution ; ouvrez-en une, "
            "ou enregistrez un consensus."
        )
