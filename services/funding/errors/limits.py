"""Refusals of acts by rules that a coordination turned on, by budget lines and by proofs."""

from contracts.http.funding import TransferKind
from contracts.refusals import E_FIELD
from services.funding.errors.acts import ActRefused
from services.funding.errors.shown import euros


def _over(*, most_cents: int, used_cents: int, asked_cents: int) -> str:
    """Return the limit, what is used, what is asked and by how much it is too much."""
    return (
        f"{euros(most_cents)} au plus, dont {euros(used_cents)} déjà pris ; "
        f"{euros(asked_cents)} sont demandés, soit "
        f"{euros(used_cents + asked_cents - most_cents)} de trop"
    )


class RuleCapReached(ActRefused):
    """A rule caps what a fund gives, or what is received before the balance."""

    code, field = "E_CAP", "amount_cents"

    def __init__(
        self,
        rule: str,
        source: str,
        what: str,
        *,
        most_cents: int,
        used_cents: int,
        asked_cents: int,
    ) -> None:
        """Say which rule, whose, on what, and by how much it is exceeded."""
        over = _over(most_cents=most_cents, used_cents=used_cents, asked_cents=asked_cents)
        super().__init__(f"Règle « {rule} » ({source}), {what} : {over}.")


class OwnerShareTooLow(ActRefused):
    """A project's owner keeps a minimum share of its public financing."""

    code, field = "E_CAP", "amount_cents"

    def __init__(
        self, rule: str, source: str, action: str, *, least_cents: int, left_cents: int
    ) -> None:
        """Say which rule, whose, what the owner must keep and what would be left to it."""
        super().__init__(
            f"Règle « {rule} » ({source}) : le maître d'ouvrage de l'action « {action} » garde au "
            f"moins {euros(least_cents)} du financement public ; il ne lui en resterait que "
            f"{euros(max(0, left_cents))}, soit {euros(least_cents - left_cents)} de trop demandés."
        )


class LineCeilingReached(ActRefused):
    """A budget line limits what is committed on it, and what is paid in a year."""

    code, field = "E_CEILING", "line"

    def __init__(
        self, line: str, what: str, *, most_cents: int, used_cents: int, asked_cents: int
    ) -> None:
        """Say which line, which of its limits, and by how much it is exceeded."""
        over = _over(most_cents=most_cents, used_cents=used_cents, asked_cents=asked_cents)
        super().__init__(f"Ligne budgétaire « {line} », {what} : {over}.")


class LineNotAdmitted(ActRefused):
    """A rule says which lines acts fall on, and what a kind of line cannot hold."""

    code, field = "E_CEILING", "line"

    def __init__(self, rule: str, source: str, because: str) -> None:
        """Say which rule, whose, and what it does not admit."""
        super().__init__(f"Règle « {rule} » ({source}) : {because}.")


class LineNotTaken(ActRefused):
    """Only commitments, liquidations and payments fall on a line; the others follow their act."""

    code, status, field = E_FIELD, 400, "line"

    def __init__(self, kind: TransferKind) -> None:
        """Name the act."""
        super().__init__(
            f"L'acte « {kind} » ne prend pas de ligne budgétaire ; il suit l'acte qu'il cite."
        )


class ConventionLacks(ActRefused):
    """A private payee above a yearly amount has a convention in force."""

    code, field = "E_AGREEMENT", "payee"

    def __init__(
        self, rule: str, source: str, payee: str, *, above_cents: int, promised_cents: int
    ) -> None:
        """Say which rule, whose, from what amount, and what the payee would have."""
        super().__init__(
            f"Règle « {rule} » ({source}) : au-delà de {euros(above_cents)} dans l'année, "
            f"« {payee} » doit avoir une convention en vigueur ; avec cet acte il aurait "
            f"{euros(promised_cents)}, soit {euros(promised_cents - above_cents)} de plus."
        )


class TrancheDiffers(ActRefused):
    """Money is received by the tranches of its agreement's schedule, within each."""

    code, field = "E_AGREEMENT", "tranche"


class ProofExceeded(ActRefused):
    """All funds together finance a proof for at most its amount."""

    code, field = "E_PROOF", "proof"

    def __init__(self, proof: str, *, amount_cents: int, used_cents: int, asked_cents: int) -> None:
        """Say which proof, its amount, what it finances already and what was asked."""
        over = _over(most_cents=amount_cents, used_cents=used_cents, asked_cents=asked_cents)
        super().__init__(f"Justificatif « {proof} », tous fonds ensemble : {over}.")


class ProofNotRegistered(ActRefused):
    """A rule asks that a liquidation cite a registered proof."""

    code, field = "E_PROOF", "proof"

    def __init__(self, rule: str, source: str, proof: str) -> None:
        """Say which rule, whose, and which proof."""
        super().__init__(
            f"Règle « {rule} » ({source}) : le justificatif « {proof} » n'est pas enregistré ; "
            "enregistrez-le d'abord."
        )
