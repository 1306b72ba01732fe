"""Refusals about testimonies, visits and what partners share."""

from services.chassis.errors import Refusal


class ConsentIsMissing(Refusal):
    """Nobody's words are told without their consent."""

    code, status, field = "E_CONSENT", 422, "consent"

    def __init__(self) -> None:
        """Say what to do first."""
        super().__init__(
            "Un témoignage ne se garde qu'avec l'accord de la personne ; demandez-le-lui d'abord."
        )


class TestimonyIsWithdrawn(Refusal):
    """What was withdrawn is gone; the same words do not come back under its id."""

    code, status, field = "E_GONE", 409, "id"

    def __init__(self, name: object) -> None:
        """Name the testimony."""
        super().__init__(
            f"Le témoignage « {name} » a été retiré ; prenez un autre identifiant, avec un "
            "nouvel accord."
        )


class VisitIsOver(Refusal):
    """A visit is made or cancelled once."""

    code, field = "E_STATE", "state"

    def __init__(self, state: str) -> None:
        """Say what became of it."""
        super().__init__(f"Cette visite est {state} ; planifiez-en une autre.")


class NeedIsHeardTwice(Refusal):
    """A need is told once in a report, of all the people it was heard of."""

    code, status, field = "E_TWICE", 422, "needs"

    def __init__(self, problem: str, public: str) -> None:
        """Name the need."""
        super().__init__(
            f"Le besoin « {problem} » de « {public} » est dit deux fois ; gardez un seul nombre."
        )


class SpeaksForAnother(Refusal):
    """A member speaks for its own organisation."""

    code, status, field = "E_ROLE", 403, "organization"

    def __init__(self, organization: str) -> None:
        """Name the organisation."""
        super().__init__(
            f"Vous ne parlez pas pour « {organization} » ; donnez votre propre organisme."
        )


class ContributionIsWithdrawn(Refusal):
    """What a partner withdrew is not versioned any more."""

    code, field = "E_STATE", "id"

    def __init__(self) -> None:
        """Say what to do instead."""
        super().__init__("Ce document a été retiré ; partagez-en un autre.")


class ContributionIsAnothers(Refusal):
    """A document is versioned and withdrawn by who shared it, under the kind it has."""

    code, field = "E_DIFFERS", "id"

    def __init__(self) -> None:
        """Say what to do instead."""
        super().__init__(
            "Ce document est d'un autre organisme ou d'une autre nature ; partagez le vôtre sous "
            "un autre identifiant."
        )


class VersionIsNotNext(Refusal):
    """Versions of a document follow one another."""

    code, field = "E_DIFFERS", "version"

    def __init__(self, known: int, asked: int) -> None:
        """Say which comes next."""
        super().__init__(
            f"La version {asked} ne suit pas la version {known} ; la prochaine est {known + 1}, "
            "et une version partagée ne change plus."
        )
