"""What the limits beyond a fund's own must find loaded.

Everything is read before a batch is decided and changes in memory with each act, so that two acts
of one batch cannot pass the same limit.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from contracts.http.funding import TransferKind
from services.funding.model.terms import BudgetLineRow, EnforcedRuleRow

LINE, LINE_PAID, PROOF, TRANCHE = "line", "line_paid", "proof", "tranche"
PAYEE_YEAR = "payee"
ACTION_AWARDED, ACTION_LIQUIDATED = "action_awarded", "action_liquidated"
NO_FUND = ""
"""The fund of sums that are over all funds."""
ON_A_LINE = frozenset({TransferKind.COMMIT, TransferKind.LIQUIDATE, TransferKind.PAY})
"""The acts that may say which budget line they fall on."""


class LimitedFund(msgspec.Struct, frozen=True):
    """What rules look at in a fund: its programme and who brings it."""

    fund: str
    funder: str
    level: str
    legal_nature: str
    programme: str | None


class LimitedAction(msgspec.Struct, frozen=True):
    """What rules look at in an action."""

    action: str
    budget_cents: int
    nature: str | None
    owner: str | None
    lead_competence: bool


class LimitedPayee(msgspec.Struct, frozen=True):
    """What rules look at in a payee: its sector, and the days of one of its conventions."""

    payee: str
    sector: str | None
    signed_on: date | None
    ends_on: date | None


class ScheduledAgreement(msgspec.Struct, frozen=True):
    """An agreement with its schedule."""

    agreement: str
    fund: str
    amount_cents: int
    action: str | None
    signed_on: date
    ends_on: date | None
    guaranteed: bool
    tranches: list[str]
    tranche_kinds: list[str]
    tranche_cents: list[int]

    def kind_of(self, tranche: str) -> str:
        """Return whether a tranche is an advance, an instalment or the balance."""
        return self.tranche_kinds[self.tranches.index(tranche)]

    def cents_of(self, tranche: str) -> int:
        """Return what a tranche is foreseen to bring."""
        return self.tranche_cents[self.tranches.index(tranche)]


class ClaimedPart(msgspec.Struct, frozen=True):
    """What a claim asks back on a proof."""

    proof: str
    fund: str
    advanced_by: str | None
    eligible_cents: int


class ProofTerms(msgspec.Struct, frozen=True):
    """A registered proof and how much it may finance."""

    proof: str
    amount_cents: int


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the limits on a batch look at, beside sums."""

    rules: Sequence[EnforcedRuleRow] = ()
    funds: Mapping[str, LimitedFund] = {}
    actions: Mapping[str, LimitedAction] = {}
    payees: Mapping[str, Sequence[LimitedPayee]] = {}
    lines: Mapping[str, BudgetLineRow] = {}
    schedules: Mapping[str, Sequence[ScheduledAgreement]] = {}
    """By fund."""
    proofs: Mapping[str, ProofTerms] = {}
    claimed: Mapping[str, Sequence[ClaimedPart]] = {}
    """By proof."""


NONE = Limits()
