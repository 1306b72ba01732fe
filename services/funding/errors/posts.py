"""Refusals about adviser posts, their programmes and their allocations."""

from datetime import date

from services.chassis.errors import Refusal
from services.funding.errors.shown import day, euros

_STATES = {"VACANT": "vacant", "FILLED": "occupé", "RETURNED": "rendu"}
_EVENTS = {
    "filled": "une prise de poste",
    "vacated": "un départ",
    "returned": "une restitution",
    "transferred": "un transfert",
    "payment": "un versement",
    "bonus": "une bonification",
    "credit_note": "un avoir",
}


class PostEventLacks(Refusal):
    """An event of a post comes without what it must tell."""

    code, status = "E_FIELD", 400

    def __init__(self, kind: str, field: str) -> None:
        """Name the event and what it lacks."""
        super().__init__(f"L'événement « {kind} » demande le champ « {field} » ; ajoutez-le.")
        self.field = field


class PostStateForbids(Refusal):
    """A post in this state cannot have this happen to it."""

    code, field = "E_STATE", "kind"

    def __init__(self, post: str, state: str, since: date, kind: str) -> None:
        """Say the state of the post and what it does not admit."""
        super().__init__(
            f"Le poste « {post} » est {_STATES[state]} depuis le {day(since)} ; "
            f"{_EVENTS[kind]} n'y est pas possible."
        )


class PostDayNotOpen(Refusal):
    """An event of a post comes on a day it cannot: out of order, too late, or out of its months."""

    code, field = "E_PERIOD", "effective_on"

    def __init__(
        self,
        post: str,
        on: date,
        *,
        since: date,
        until: date | None = None,
        vacancy_months_max: int | None = None,
    ) -> None:
        """Say the day and the days that are open."""
        if vacancy_months_max is not None and until is not None:
            said = (
                f"il est vacant depuis le {day(since)} et son programme admet "
                f"{vacancy_months_max} mois de vacance, jusqu'au {day(until)} ; rendez-le"
            )
        elif until is not None:
            said = f"ses jours vont du {day(since)} au {day(until)}"
        else:
            said = f"son dernier événement est du {day(since)}"
        super().__init__(f"Poste « {post} », événement du {day(on)} : {said}.")


class PostAmountTooHigh(Refusal):
    """A post is paid, credited or given a bonus within what its programme grants."""

    code, field = "E_CAP", "amount_cents"

    def __init__(self, post: str, what: str, *, most_cents: int, asked_cents: int | None) -> None:
        """Say what for, the most that may be, and what was asked."""
        asked = "" if asked_cents is None else f" ; {euros(asked_cents)} sont demandés"
        super().__init__(
            f"Poste « {post} », {what} : son programme en admet encore {euros(most_cents)}{asked}."
        )


class BonusGranted(Refusal):
    """A post is given its bonus once."""

    code, field = "E_CAP", "kind"

    def __init__(self, post: str) -> None:
        """Name the post."""
        super().__init__(
            f"Le poste « {post} » a déjà sa bonification, accordée une fois par poste."
        )


class RateNotKnown(Refusal):
    """A programme has no rate for employers of a sector."""

    code, status, field = "E_UNKNOWN", 404, "employer_kind"

    def __init__(self, programme: str, sector: str) -> None:
        """Name the programme and the sector."""
        super().__init__(
            f"Le programme « {programme} » n'a pas de barème pour un employeur {sector} ; vérifiez."
        )


class RateNotWhole(Refusal):
    """The months of a rate divide into as many equal parts as it has instalments."""

    code, status, field = "E_FIELD", 400, "rates"

    def __init__(self, sector: str, months: int, count: int) -> None:
        """Say the months and the instalments."""
        super().__init__(
            f"Barème {sector} : {months} mois ne se partagent pas en {count} parts égales, ou il "
            "est donné deux fois, ou il a plus de bonifications que de versements ; corrigez-le."
        )


class EnvelopeExceeded(Refusal):
    """The allocations of a programme stay within its posts and its envelope."""

    code, field = "E_CEILING", "amount_cents"

    def __init__(self, programme: str, *, most: str, used: str, asked: str) -> None:
        """Say the limit, what is allocated already and what was asked."""
        super().__init__(
            f"Programme « {programme} » : {most} au plus, dont {used} déjà répartis ; "
            f"{asked} sont demandés."
        )


class AllocationIsFull(Refusal):
    """An allocation opens no more posts than it holds."""

    code, field = "E_CEILING", "allocation"

    def __init__(self, allocation: str, posts: int) -> None:
        """Say the allocation and how many posts it holds."""
        super().__init__(
            f"L'allocation « {allocation} » porte sur {posts} postes, tous ouverts déjà ; "
            "citez-en une autre."
        )
