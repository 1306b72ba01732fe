"""Refusals about events that services set aside."""

from services.chassis.errors import Refusal


class NoSuchRedrive(Refusal):
    """No set was frozen under this id."""

    code, status, field = "E_UNKNOWN", 404, "id"

    def __init__(self, redrive_id: object) -> None:
        """Name the id."""
        super().__init__(f"Aucune reprise ne porte l'identifiant {redrive_id} ; vérifiez-le.")


class NothingIsParked(Refusal):
    """Nothing that was set aside is in the group."""

    code, status, field = "E_UNKNOWN", 404, "group"

    def __init__(self) -> None:
        """Say what to look at."""
        super().__init__("Aucun événement mis de côté n'est dans ce groupe ; relisez les groupes.")


class EditsOneEvent(Refusal):
    """A text replaces one event, and is JSON."""

    code, status, field = "E_FIELD", 422, "edited"

    def __init__(self) -> None:
        """Say what goes together."""
        super().__init__(
            "Le verbe « edit » demande un seul événement et, dans « edited », le JSON qui le "
            "remplace ; les autres verbes n'en veulent pas."
        )


class ServiceIsAway(Refusal):
    """The service that set the event aside does not answer now."""

    code, status, field = "E_AWAY", 503, "service"
    retry_after_seconds = 5

    def __init__(self, service: str) -> None:
        """Name the service."""
        super().__init__(
            f"Le service « {service} » ne répond pas ; renvoyez la même demande dans un instant."
        )


class ServiceRefused(Refusal):
    """The service that set the event aside refuses what is asked of it."""

    code, status, field = "E_REFUSED", 422, "events"

    def __init__(self, service: str, detail: str) -> None:
        """Pass on what the service said."""
        super().__init__(f"Le service « {service} » refuse : {detail}.")
