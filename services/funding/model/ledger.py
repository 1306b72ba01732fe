"""What the ledger records, what an act stands on, and what a batch of acts must find loaded."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from operator import attrgetter
from uuid import UUID, uuid5

import msgspec

from contracts.http.funding import Phase, TransferAsked, TransferKind
from services.funding.model.kinds import (
    CASH,
    CLAWBACK_DUE,
    KINDS,
    PAYEE,
    RECOVER,
    account,
    template_parts,
)
from services.funding.model.limits import NONE, Limits

Tally = tuple[str, str, str]
"""A sum that limits and figures need: fund, what is summed, and for which agreement or award."""
ENGAGED = "engaged"
"""The tally of what a fund holds or has committed, less what was voided or taken back."""
ACCOMPANIED = frozenset({TransferKind.PAY, TransferKind.CLAW_BACK})
"""Acts that have a side in the treasury."""
AWARDED = "awarded"
"""The tally of what a fund awarded under an opinion, less what was withdrawn."""


class Movement(msgspec.Struct, frozen=True):
    """A transfer as recorded, in the order of the queries; accounts by their code."""

    id: UUID
    kind: str
    phase: str
    fund: str
    debit: str
    credit: str
    amount_cents: int
    effective_on: date
    agreement: str | None = None
    purpose: str | None = None
    action: str | None = None
    payee: str | None = None
    opinion: UUID | None = None
    funder_decision: UUID | None = None
    tranche: str | None = None
    proof: str | None = None
    reason: str | None = None
    pending_id: UUID | None = None
    reverses: UUID | None = None
    line: str | None = None
    goes_with: UUID | None = None


CITES = (
    "agreement",
    "purpose",
    "action",
    "payee",
    "opinion",
    "funder_decision",
    "tranche",
    "proof",
    "reason",
    "pending_id",
    "reverses",
    "line",
)
"""Fields an act and its record have in common, beyond fund, amount and day."""
cites = attrgetter(*CITES)
"""Return them, in order, of an act or of a record."""


class Cited(msgspec.Struct, frozen=True):
    """What became of a recorded transfer: whether its hold ended, and how much was reversed."""

    id: UUID
    resolved: bool
    reversed_cents: int


class Balance(msgspec.Struct, frozen=True):
    """An account's four sums, in cents; what it holds is credits less debits, holds included."""

    code: str
    debits_pending: int = 0
    debits_posted: int = 0
    credits_pending: int = 0
    credits_posted: int = 0

    @property
    def free_cents(self) -> int:
        """What may still leave: what is posted less what is held."""
        return self.credits_posted - self.debits_posted - self.debits_pending

    def debited(self, pending: int, posted: int) -> "Balance":
        """Return it after so much more, or less, left it."""
        return Balance(
            self.code,
            self.debits_pending + pending,
            self.debits_posted + posted,
            self.credits_pending,
            self.credits_posted,
        )

    def credited(self, pending: int, posted: int) -> "Balance":
        """Return it after so much more, or less, entered it."""
        return Balance(
            self.code,
            self.debits_pending,
            self.debits_posted,
            self.credits_pending + pending,
            self.credits_posted + posted,
        )


class FundTerms(msgspec.Struct, frozen=True):
    """A fund's own rules; `actions` are those its agreements name."""

    fund: str
    name: str
    funder: str
    custody: str
    mode: str
    restriction: str
    valid_from: date
    valid_until: date
    ceiling_cents: int | None
    prefinancing_limit_cents: int | None
    actions: list[str]


class AgreementTerms(msgspec.Struct, frozen=True):
    """What an agreement opens."""

    agreement: str
    fund: str
    amount_cents: int
    signed_on: date


class OpinionShare(msgspec.Struct, frozen=True):
    """One award of an adopted opinion; an opinion without awards has one row of zero."""

    opinion: UUID
    adopted_on: date
    action: str
    fund: str
    amount_cents: int


class DecisionShare(msgspec.Struct, frozen=True):
    """One award of a funder's decision."""

    decision: UUID
    funder: str
    enforceable_since: date
    action: str
    fund: str
    amount_cents: int


class AwardTotal(msgspec.Struct, frozen=True):
    """What a fund awarded under an opinion, less what was withdrawn; `detail` names the award."""

    fund: str
    detail: str
    amount_cents: int


class References(msgspec.Struct, frozen=True, kw_only=True):
    """What the acts of a batch cite, as it is known."""

    funds: Mapping[str, FundTerms] = {}
    agreements: Mapping[str, AgreementTerms] = {}
    actions: Collection[str] = ()
    payees: Collection[str] = ()
    opinions: Mapping[UUID, list[OpinionShare]] = {}
    decisions: Mapping[UUID, list[DecisionShare]] = {}
    limits: Limits = NONE


class Wanted(msgspec.Struct, frozen=True):
    """The keys under which a batch's acts find what they cite."""

    ids: set[UUID]
    cited: set[UUID]
    funds: set[str]
    agreements: set[str]
    actions: set[str]
    payees: set[str]
    opinions: set[UUID]
    decisions: set[UUID]
    withdrawn_funds: set[str]


def companion_id(transfer: UUID) -> UUID:
    """Return the id of the treasury's side of a transfer."""
    return uuid5(transfer, "treasury")


def award_detail(action: str, opinion: UUID) -> str:
    """Return how the tally of an award under an opinion is named."""
    return f"{action}/{opinion}"


def wanted(acts: Iterable[TransferAsked]) -> Wanted:
    """Return what must be read before `acts` can be decided."""
    kept = list(acts)
    found = Wanted(
        ids={act.id for act in kept},
        cited={one for act in kept for one in (act.pending_id, act.reverses) if one},
        funds={act.fund for act in kept if act.fund},
        agreements={act.agreement for act in kept if act.agreement},
        actions={one for act in kept for one in (act.purpose, act.action) if one},
        payees={act.payee for act in kept if act.payee},
        opinions={act.opinion for act in kept if act.opinion},
        decisions={act.funder_decision for act in kept if act.funder_decision},
        withdrawn_funds={
            act.fund for act in kept if act.kind is TransferKind.WITHDRAW_AWARD and act.fund
        },
    )
    found.ids.update(companion_id(act.id) for act in kept if act.kind in ACCOMPANIED)
    return found


def codes(
    acts: Iterable[TransferAsked], cited: Iterable[Movement], awards: Iterable[AwardTotal]
) -> set[str]:
    """Return every account that `acts` may touch."""
    found: set[str] = set()
    for movement in cited:
        found.update((movement.debit, movement.credit))
    for award in awards:
        found.add(f"{award.fund}:awarded:{award.detail.partition('/')[0]}")
    alike = {(act.kind, act.fund, act.purpose, act.action, act.payee): act for act in acts}
    for act in alike.values():
        if act.fund is None:
            continue
        rule = KINDS[act.kind]
        for template in (rule.debit, rule.credit):
            if template and None not in (
                getattr(act, name) for name in template_parts(template)[1]
            ):
                found.add(account(act.fund, template, act))
        if act.kind is TransferKind.AWARD:
            found.add(f"{act.fund}:available")
        elif act.kind in {TransferKind.PAY, TransferKind.CLAW_BACK, TransferKind.RECEIVE}:
            found.update(f"{act.fund}:{stage}" for stage in (CASH, PAYEE, CLAWBACK_DUE))
    return found


def tallies(acts: Iterable[TransferAsked], funds: Iterable[str]) -> set[Tally]:
    """Return every sum that a limit on `acts` reads; `funds` are theirs and their holds'."""
    found: set[Tally] = set()
    for fund in funds:
        for what in (ENGAGED, TransferKind.AGREE, TransferKind.RECEIVE, TransferKind.PAY):
            found.add((fund, str(what), ""))
    for act in acts:
        if act.fund is None:
            continue
        if act.kind is TransferKind.AGREE and act.agreement:
            found.add((act.fund, str(TransferKind.AGREE), act.agreement))
        elif act.kind is TransferKind.AWARD and act.action and act.opinion:
            found.add((act.fund, AWARDED, award_detail(act.action, act.opinion)))
    return found


def effects(movement: Movement, hold: Movement | None) -> list[tuple[Tally, int]]:
    """Return what a recorded transfer adds to each tally; `hold` is the one it resolves."""
    kind, fund, cents = movement.kind, movement.fund, movement.amount_cents
    if movement.phase == Phase.HOLD:
        return [((fund, ENGAGED, ""), cents)]
    if movement.phase == Phase.VOID:
        return [((fund, ENGAGED, ""), -cents)]
    if kind == TransferKind.RECEIVE and movement.reverses:
        return [((fund, RECOVER, ""), cents)]
    found = [((fund, kind, ""), cents)]
    if hold is not None:
        found.append(((fund, kind, hold.action or ""), cents))
        if hold.amount_cents > cents:
            found.append(((fund, ENGAGED, ""), cents - hold.amount_cents))
    elif kind == TransferKind.AGREE and movement.agreement:
        found.append(((fund, kind, movement.agreement), cents))
    elif kind in {TransferKind.AWARD, TransferKind.WITHDRAW_AWARD}:
        assert movement.action is not None, "an award names its action"
        assert movement.opinion is not None, "an award names its opinion"
        sign = 1 if kind == TransferKind.AWARD else -1
        detail = award_detail(movement.action, movement.opinion)
        found.append(((fund, AWARDED, detail), sign * cents))
    elif movement.reverses and movement.debit.split(":")[1] == "committed":
        found.append(((fund, ENGAGED, ""), -cents))
    return found
