"""The lines of a journal as an auditor reads them, and what it keeps of them."""

from typing import Any

import msgspec


class Differs(Exception):
    """Carries the sentence of a difference to the line that shows it."""


def must(holds: object, otherwise: str) -> None:
    """Go on when something holds.

    Raises:
        Differs: it does not, with the sentence that says so.
    """
    if not holds:
        raise Differs(otherwise)


class Line(msgspec.Struct):
    """What every line says of itself."""

    type: str


class TransferLine(msgspec.Struct, gc=False):
    """What an auditor reads of a transfer; the rest is covered by the hash alone.

    The amount is read as it comes: what is no whole number is named, not turned into one.
    """

    type: str
    block: int
    n: int
    id: str
    kind: str
    phase: str
    fund: str
    debit: str
    credit: str
    amount_cents: Any
    effective_on: str
    pending_id: str | None = None
    reverses: str | None = None
    goes_with: str | None = None


class BlockLine(msgspec.Struct):
    """The seal of the transfers before it."""

    seq: int
    n: int
    prev: str
    hash: str


class CheckpointLine(msgspec.Struct):
    """What the ledger says an account had at the end of a period."""

    period: str
    account: str
    debits_pending: int
    debits_posted: int
    credits_pending: int
    credits_posted: int


class PeriodLine(msgspec.Struct):
    """A closing: its checkpoints stand before it."""

    period: str
    first_day: str
    last_day: str
    block: int
    hash: str
    accounts: int


class Account:
    """What an account holds, and how much of it is reserved."""

    __slots__ = ("code", "contra", "held", "posted")

    def __init__(self, code: str, *, contra: bool = False) -> None:
        """Start from nothing; a contra account may go below it."""
        self.code, self.contra = code, contra
        self.posted = self.held = 0


class Way:
    """A kind of act between two accounts of a fund, found lawful once for all its transfers."""

    __slots__ = ("cites", "credit", "debit", "fund", "kind", "phase")

    def __init__(
        self, fund: str, kind: str, phase: str, *, debit: Account, credit: Account, cites: bool
    ) -> None:
        """Keep where it goes, and whether it must cite another act."""
        self.fund, self.kind, self.phase = fund, kind, phase
        self.debit, self.credit, self.cites = debit, credit, cites


Kept = tuple[Way, int, str, int]
"""What later lines may cite of a transfer: its way, cents, day, and what it released of a hold."""
