"""Refusals of acts."""

from uuid import UUID

from contracts.refusals import FieldError
from services.chassis.errors import Refusal
from services.funding.errors.shown import euros


class ActRefused(Refusal):
    """An act the ledger understands and denies; the others of its list go on."""


class NotKnown(ActRefused):
    """Something is cited that this coordination has not."""

    code, status = "E_UNKNOWN", 404

    def __init__(self, what: str, cited: object, *, field: str) -> None:
        """Name what was cited."""
        super().__init__(f"{what} « {cited} » : inconnu ici ; vérifiez, ou créez d'abord.")
        self.field = field


class FieldDiffers(ActRefused):
    """A field is absent, or is not what the contract of its act says."""

    code, status = "E_FIELD", 400

    def __init__(self, error: FieldError) -> None:
        """Repeat what the contract says of the field."""
        super().__init__(error.detail)
        self.field = error.field


class ActLacks(ActRefused):
    """A kind of act is asked for without what it must cite; the code is that of what lacks."""

    status = 422

    def __init__(self, kind: str, field: str, code: str) -> None:
        """Name the act and what it lacks."""
        super().__init__(f"L'acte « {kind} » demande le champ « {field} » ; ajoutez-le.")
        self.field = field
        self.code = code  # type: ignore[misc]  # One sentence, several codes.


class TooManyTransfers(Refusal):
    """A request carries a bounded number of acts."""

    code, status = "E_SIZE", 413

    def __init__(self, count: int, most: int) -> None:
        """Say how many came and how many fit."""
        super().__init__(f"{count} actes reçus, {most} au plus par demande ; coupez la liste.")


class StageTooLow(ActRefused):
    """A stage holds less than what an act takes from it."""

    code, field = "E_FUNDS", "amount_cents"

    def __init__(self, where: str, fund: str, *, held_cents: int, asked_cents: int) -> None:
        """Say which stage of which fund, what is there and what was asked."""
        super().__init__(
            f"Fonds « {fund} », {where} : {euros(held_cents)} s'y trouvent, "
            f"{euros(asked_cents)} sont demandés."
        )


class CeilingReached(ActRefused):
    """A fund's ceiling limits what is ever committed."""

    code, field = "E_CEILING", "amount_cents"

    def __init__(self, fund: str, *, ceiling_cents: int, used_cents: int, asked_cents: int) -> None:
        """Say the ceiling, what it already holds and what was asked."""
        super().__init__(
            f"Plafond d'engagement du fonds « {fund} » : {euros(ceiling_cents)}, dont "
            f"{euros(used_cents)} déjà engagés ; {euros(asked_cents)} sont demandés."
        )


class CapReached(ActRefused):
    """A reimbursement fund receives ahead of what it paid up to its prefinancing limit."""

    code, field = "E_CAP", "amount_cents"

    def __init__(self, fund: str, *, limit_cents: int, ahead_cents: int, asked_cents: int) -> None:
        """Say the limit, how far ahead the fund is and what was asked."""
        super().__init__(
            f"Préfinancement du fonds « {fund} » : limite de {euros(limit_cents)}, "
            f"{euros(ahead_cents)} déjà reçus en avance sur les paiements ; "
            f"{euros(asked_cents)} sont demandés."
        )


class DayNotOpen(ActRefused):
    """An act is effective on a day it cannot be."""

    code, field = "E_PERIOD", "effective_on"


class TransferDiffers(ActRefused):
    """The same id already names another act."""

    code, field = "E_DIFFERS", "id"

    def __init__(self, transfer: UUID, fields: list[str]) -> None:
        """Name the act and the fields that differ."""
        super().__init__(
            f"L'acte {transfer} est déjà enregistré avec un autre contenu "
            f"({', '.join(fields)}) ; prenez un autre identifiant."
        )


class HoldResolved(ActRefused):
    """A hold ends once."""

    code, field = "E_RESOLVED", "pending_id"

    def __init__(self, hold: UUID) -> None:
        """Name the hold."""
        super().__init__(f"La réservation {hold} est déjà signée ou annulée.")


class PurposeNotOpen(ActRefused):
    """Money is earmarked and awarded for a purpose that exists and that its funder accepts."""

    code, field = "E_PURPOSE", "purpose"


class DecisionLacks(ActRefused):
    """An award needs an adopted opinion and its funder's enforceable decision, within both."""

    code, field = "E_DECISION", "funder_decision"


class AgreementLacks(ActRefused):
    """Money becomes available by an agreement of its fund, within its amount."""

    code, field = "E_AGREEMENT", "agreement"


class GroupRefused(ActRefused):
    """Linked acts pass together or not at all."""

    code, field = "E_LINKED", "linked"
