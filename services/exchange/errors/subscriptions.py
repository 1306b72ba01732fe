"""Refusals about subscriptions and their feeds."""

from services.chassis.errors import Refusal


class NoSuchSubscription(Refusal):
    """No subscription of this id, or none that the caller may see."""

    code, status, field = "E_UNKNOWN", 404, "id"

    def __init__(self, subscription: object) -> None:
        """Name what was asked for."""
        super().__init__(f"Aucun abonnement {subscription} ici ; vérifiez son identifiant.")


class NotASubscriber(Refusal):
    """An institution subscribes for itself, with its own token."""

    code, status, field = "E_INSTITUTION", 403, "organization"

    def __init__(self) -> None:
        """Say which token it takes."""
        super().__init__("Un abonnement se demande avec le jeton d'une institution admise.")


class NotOpen(Refusal):
    """No agreement in force opens this to the institution."""

    code, status = "E_AGREEMENT", 403

    def __init__(self, field: str, asked: str) -> None:
        """Say what was asked for beyond the agreements."""
        self.field = field
        super().__init__(
            f"Aucune convention de partage en vigueur ne vous ouvre « {asked} » ; "
            "demandez à la coordination où en est la vôtre."
        )


class NotPublished(Refusal):
    """A type that partners are never delivered."""

    code, status, field = "E_TYPE", 422, "types"

    def __init__(self, kind: str) -> None:
        """Name the type."""
        super().__init__(f"« {kind} » n'est pas un type publié aux partenaires.")


class DoesNotFit(Refusal):
    """A field that the channel asked for does not go with, or lacks."""

    code, status = "E_FIELD", 422

    def __init__(self, field: str, detail: str) -> None:
        """Say which and why."""
        self.field = field
        super().__init__(detail)


class SubscriptionDiffers(Refusal):
    """The same key was used for another subscription."""

    code, status, field = "E_DIFFERS", 409, "Idempotency-Key"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "Cette clé d'idempotence a déjà servi à un autre abonnement ; prenez-en une autre."
        )


class TooManySubscriptions(Refusal):
    """An institution has as many subscriptions as it may."""

    code, status, field = "E_LIMIT", 409, ""

    def __init__(self, most: int) -> None:
        """Say how many."""
        super().__init__(f"{most} abonnements au plus par institution ; supprimez-en un.")


class TooManyFollow(Refusal):
    """As many streams are open as this service holds."""

    code, status, field = "E_LIMIT", 503, ""

    def __init__(self, most: int) -> None:
        """Say how many."""
        super().__init__(f"{most} flux sont déjà ouverts ; réessayez dans un instant.")


class IsOver(Refusal):
    """The subscription has expired."""

    code, status, field = "E_EXPIRED", 409, "expires_at"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("Cet abonnement a expiré ; donnez-lui une autre fin ou faites-en un neuf.")


class IsPaused(Refusal):
    """The subscription delivers nothing for now."""

    code, status, field = "E_PAUSED", 409, "status"

    def __init__(self, reason: str | None) -> None:
        """Say why when something else than its owner stopped it."""
        told = f" ({reason})" if reason else ""
        super().__init__(f"Cet abonnement est arrêté{told} ; reprenez-le d'abord.")


class OtherChannel(Refusal):
    """The feed is delivered by another channel."""

    code, status, field = "E_CHANNEL", 409, "channel"

    def __init__(self, channel: str) -> None:
        """Say which."""
        super().__init__(f"Cet abonnement est livré par le canal « {channel} ».")


class NoWebhooks(Refusal):
    """This installation has no key to sign webhooks with."""

    code, status, field = "E_CHANNEL", 409, "channel"

    def __init__(self) -> None:
        """Say who can help."""
        super().__init__(
            "Cette installation n'envoie pas de webhooks : son exploitant doit lui donner une clé "
            "(EXCHANGE_WEBHOOK_KEY_FILE)."
        )
