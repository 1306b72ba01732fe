"""Refusals about periods and splits."""

from datetime import date

from services.chassis.errors import Refusal
from services.funding.errors.shown import day, euros


class DayClosed(Refusal):
    """Something would change days that a closing made final."""

    code, field = "E_PERIOD", "first_day"

    def __init__(self, first_day: date, closed_through: date) -> None:
        """Say up to when everything is final."""
        super().__init__(
            f"Le grand livre est fermé jusqu'au {day(closed_through)} ; une période qui commence "
            f"le {day(first_day)} ne peut plus s'ouvrir."
        )


class PeriodsOverlap(Refusal):
    """A day belongs to one period."""

    code, field = "E_PERIOD", "first_day"

    def __init__(self, other: str, first_day: date, last_day: date) -> None:
        """Name the period that has the day already."""
        super().__init__(
            f"La période « {other} » va déjà du {day(first_day)} au {day(last_day)} ; choisissez "
            "d'autres jours."
        )


class PeriodNotOver(Refusal):
    """A period is closed when its last day is over, because it is for ever."""

    code, field = "E_PERIOD", "last_day"

    def __init__(self, period: str, last_day: date) -> None:
        """Say when it ends."""
        super().__init__(
            f"La période « {period} » finit le {day(last_day)} ; fermez-la quand ce jour sera "
            "passé : une fermeture est définitive."
        )


class EarlierPeriodOpen(Refusal):
    """Periods close in order."""

    code, field = "E_PERIOD", "period"

    def __init__(self, period: str, earlier: str) -> None:
        """Name the one to close first."""
        super().__init__(f"Fermez d'abord « {earlier} », qui précède « {period} ».")


class PeriodOpen(Refusal):
    """Only what a closing sealed has a final journal."""

    code, field = "E_PERIOD", "until_period"

    def __init__(self, period: str) -> None:
        """Name the period."""
        super().__init__(f"La période « {period} » n'est pas fermée ; fermez-la d'abord.")


class SplitTooLarge(Refusal):
    """An opinion is split within what it gives."""

    code, field = "E_DECISION", "amount_cents"

    def __init__(self, action: str, *, voted_cents: int, asked_cents: int) -> None:
        """Say what the opinion gives and what was asked."""
        super().__init__(
            f"Pour l'action « {action} », l'avis adopté porte sur {euros(voted_cents)} ; "
            f"{euros(asked_cents)} sont demandés : réduisez le montant."
        )


class InstantWithoutZone(Refusal):
    """An instant says its offset, or it names several."""

    code, status, field = "E_FIELD", 400, "known_at"

    def __init__(self) -> None:
        """Show what is needed."""
        super().__init__("L'instant demande son décalage ; écrivez 2026-05-18T12:00:00Z.")
