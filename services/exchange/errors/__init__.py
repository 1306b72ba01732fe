"""Every refusal the exchange service may give, with the sentence the reader will see."""

from services.chassis.errors import Refusal


class NoSuchSignal(Refusal):
    """No receipt of this signal, or none that the caller may see."""

    code, status, field = "E_UNKNOWN", 404, "signal_id"

    def __init__(self, signal_id: object) -> None:
        """Name the signal that was asked for."""
        super().__init__(f"Aucun signal {signal_id} n'a été reçu ici ; vérifiez son identifiant.")


class NoSuchPartner(Refusal):
    """No institution of this name was admitted."""

    code, status, field = "E_UNKNOWN", 404, "institution"

    def __init__(self, institution: str) -> None:
        """Name the institution that was asked for."""
        super().__init__(f"Aucun partenaire ne s'appelle « {institution} » ici.")


class NotAnInstitution(Refusal):
    """Signals are sent by an institution's system, with its own token."""

    code, status, field = "E_INSTITUTION", 403, "organization"

    def __init__(self) -> None:
        """Say which token it takes."""
        super().__init__(
            "Un signal s'envoie avec le jeton d'une institution admise à l'échange ; "
            "demandez le vôtre à la coordination."
        )


class WrongContent(Refusal):
    """The body is none of the forms in which events are taken."""

    code, status, field = "E_ENVELOPE", 415, "content-type"

    def __init__(self, content: str) -> None:
        """Say what came and what is taken."""
        super().__init__(
            f"Le type « {content} » n'est pas admis ; envoyez application/cloudevents+json, "
            "application/cloudevents-batch+json ou application/x-ndjson."
        )


class TooMany(Refusal):
    """A request holds a bounded number of events."""

    code, status, field = "E_SIZE", 413, "items"

    def __init__(self, found: int, most: int) -> None:
        """Say how many came and how many are taken."""
        super().__init__(f"{found} événements reçus ; {most} au plus par demande.")


class TooFast(Refusal):
    """An institution sends more signals than it may for now; nothing of the request is kept."""

    code, status, field = "E_QUOTA", 429, "items"

    def __init__(self, asked: int, left: int, seconds: int) -> None:
        """Say how many came, how many may come now, and when all of them may."""
        super().__init__(
            f"{asked} signaux envoyés ; votre quota en admet {left} pour l'instant. Renvoyez la "
            f"même demande dans {seconds} s."
        )
        self.retry_after_seconds = seconds


class KeyTaken(Refusal):
    """An idempotency key stands for one request: this one asks something else."""

    code, status, field = "E_DIFFERS", 409, "idempotency-key"

    def __init__(self, key: str) -> None:
        """Name the key."""
        super().__init__(
            f"La clé « {key} » a déjà servi pour un autre contenu ; prenez-en une nouvelle."
        )
