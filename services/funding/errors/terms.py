"""Refusals about schedules, rules, lines and claims."""

from datetime import date

from services.chassis.errors import Refusal
from services.funding.errors.shown import day, euros


class ScheduleDiffers(Refusal):
    """The tranches of a schedule are each there once and add up to its agreement."""

    code, status, field = "E_FIELD", 400, "tranches"

    def __init__(self, agreement: str, *, agreed_cents: int, told_cents: int | None) -> None:
        """Say what was agreed and what the tranches add up to; null where one is there twice."""
        told = "une tranche y est deux fois" if told_cents is None else f"{euros(told_cents)} dits"
        super().__init__(
            f"L'échéancier de la convention « {agreement} » répartit {euros(agreed_cents)}, chaque "
            f"tranche une fois ; {told} ; corrigez-le."
        )


class RuleLacks(Refusal):
    """A rule of a kind is written without what it limits."""

    code, status = "E_FIELD", 400

    def __init__(self, kind: str, field: str) -> None:
        """Name the kind and the field."""
        super().__init__(f"Une règle « {kind} » demande le champ « {field} » ; ajoutez-le.")
        self.field = field


class ShareTooHigh(Refusal):
    """A share is at most the whole, and an owner's minimum leaves something to others."""

    code, status = "E_FIELD", 400

    def __init__(self, field: str) -> None:
        """Name the field."""
        super().__init__(f"La part « {field} » dépasse ce qui peut être partagé ; corrigez-la.")
        self.field = field


class YearTwice(Refusal):
    """A line has one amount of credits per year."""

    code, status, field = "E_FIELD", 400, "years"

    def __init__(self, line: str) -> None:
        """Name the line."""
        super().__init__(f"La ligne « {line} » donne deux fois les crédits d'une année ; corrigez.")


class ProofNotPaid(Refusal):
    """A claim cites expenses certified paid by its day."""

    code, field = "E_PROOF", "proofs"

    def __init__(self, proof: str, on: date) -> None:
        """Name the proof and the day."""
        super().__init__(
            f"Le justificatif « {proof} » n'est pas certifié payé au {day(on)} ; une demande ne "
            "porte que sur des dépenses payées."
        )
