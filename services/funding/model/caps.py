"""Limits beyond a fund's own: rules a coordination turned on, budget lines, schedules, proofs.

Every limit is data: what is checked here is that the data is held to, and each refusal says which
rule, whose, and by how much.
"""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

from contracts.http.funding import LegalNature, TransferAsked, TransferKind
from contracts.http.funding.budget import LineKind
from contracts.http.funding.posts import Sector
from contracts.http.funding.rules import RuleKind
from contracts.http.funding.terms import ActionNature
from services.funding.errors import NotKnown
from services.funding.errors.limits import (
    ConventionLacks,
    LineCeilingReached,
    LineNotAdmitted,
    OwnerShareTooLow,
    ProofExceeded,
    ProofNotRegistered,
)
from services.funding.model.force import in_force, percent, share_of, within
from services.funding.model.ledger import FundTerms, Tally
from services.funding.model.limits import (
    ACTION_AWARDED,
    LINE,
    LINE_PAID,
    NO_FUND,
    PAYEE_YEAR,
    PROOF,
    ClaimedPart,
    LimitedAction,
    Limits,
)
from services.funding.model.months import capped
from services.funding.model.terms import BudgetLineRow, EnforcedRuleRow
from services.funding.model.tranches import receive

Tallies = Mapping[Tally, int]
_LINE_KINDS = {
    LineKind.OPENED_CREDITS: "crédits ouverts",
    LineKind.AP: "autorisation de programme",
    LineKind.AE: "autorisation d'engagement",
}
_PUBLIC = LegalNature.PUBLIC_PERSON


def check(
    act: TransferAsked, cents: int, fund: FundTerms, limits: Limits, tallies: Tallies
) -> None:
    """Refuse an act that a line, a schedule, a proof or a rule in force does not allow.

    Raises:
        Refusal: the first limit that is not kept.
    """
    match act.kind:
        case TransferKind.AWARD:
            _award(act, cents, limits, tallies)
        case TransferKind.COMMIT:
            _on_line(act, limits)
            _commit(act, cents, limits, tallies)
        case TransferKind.PAY:
            _on_line(act, limits)
            _pay(act, cents, limits, tallies)
        case TransferKind.LIQUIDATE:
            _line_of(act, limits)
            _liquidate(act, cents, limits, tallies)
        case TransferKind.RECEIVE if act.reverses is None:
            receive(act, cents, fund, limits, tallies)


def _award(act: TransferAsked, cents: int, limits: Limits, tallies: Tallies) -> None:
    action = limits.actions.get(act.action or "")
    if action is None:
        return
    awarded = {fund: tallies.get((fund, ACTION_AWARDED, action.action), 0) for fund in limits.funds}
    for rule in in_force(RuleKind.FUND_SHARE_MAX, act, limits):
        share = share_of(rule)
        within(
            rule,
            f"{percent(share)} du budget de l'action « {action.action} »",
            most_cents=capped(share, action.budget_cents),
            used_cents=awarded.get(act.fund or "", 0),
            asked_cents=cents,
        )
    public = {name for name, one in limits.funds.items() if one.legal_nature == _PUBLIC}
    for rule in in_force(RuleKind.PUBLIC_SHARE_MAX, act, limits):
        share = share_of(rule)
        if act.fund in public:
            within(
                rule,
                f"{percent(share)} du budget de l'action « {action.action} », tous financeurs "
                "publics ensemble",
                most_cents=capped(share, action.budget_cents),
                used_cents=sum(awarded[name] for name in public),
                asked_cents=cents,
            )
    for rule in in_force(RuleKind.OWNER_SHARE_MIN, act, limits):
        _owner_keeps(rule, act, cents, action, limits, awarded)


def _owner_keeps(
    rule: EnforcedRuleRow,
    act: TransferAsked,
    cents: int,
    action: LimitedAction,
    limits: Limits,
    awarded: Mapping[str, int],
) -> None:
    """Refuse an award that would leave an investment's owner less than its share.

    What the owner keeps is the budget less what all others bring; its share is of the public
    financing, which is its own and that of the other public persons: neither private money nor
    social security's. The least it keeps is rounded up, as its complement is a cap.
    """
    if action.nature != ActionNature.INVESTMENT or action.owner is None:
        return
    others = {
        name: awarded.get(name, 0) + (cents if name == act.fund else 0)
        for name, one in limits.funds.items()
        if one.funder != action.owner
    }
    if act.fund not in others:
        return
    left = action.budget_cents - sum(others.values())
    public = sum(
        held for name, held in others.items() if limits.funds[name].legal_nature == _PUBLIC
    )
    share = share_of(rule, higher=action.lead_competence)
    least = _least(share, public)
    if left < least:
        raise OwnerShareTooLow(
            rule.rule, rule.source, action.action, least_cents=least, left_cents=left
        )


def _least(share: Fraction, others_cents: int) -> int:
    """Return the fewest whole cents that are `share` of themselves and `others_cents` together."""
    return math.ceil(share * others_cents / (1 - share))


def _line_of(act: TransferAsked, limits: Limits) -> BudgetLineRow | None:
    if act.line is None:
        return None
    line = limits.lines.get(act.line)
    if line is None:
        raise NotKnown("La ligne budgétaire", act.line, field="line")
    return line


def _on_line(act: TransferAsked, limits: Limits) -> None:
    """Refuse an act without the line it needs, or on a line that cannot hold it."""
    line = _line_of(act, limits)
    if line is None:
        for rule in in_force(RuleKind.LINE_REQUIRED, act, limits):
            raise LineNotAdmitted(
                rule.rule,
                rule.source,
                "cet acte doit citer une ligne budgétaire ; ajoutez « line »",
            )
        return
    for rule in in_force(RuleKind.LINE_EXCLUDES, act, limits):
        refuse_nature(rule, line)


def refuse_nature(rule: EnforcedRuleRow, line: BudgetLineRow) -> None:
    """Refuse a line whose nature a rule keeps out of its kind.

    Raises:
        LineNotAdmitted: it is one.
    """
    if rule.line_kind not in {None, line.kind}:
        return
    for nature in rule.natures:
        if line.nature.startswith(nature):
            kind = _LINE_KINDS[LineKind(line.kind)]
            raise LineNotAdmitted(
                rule.rule,
                rule.source,
                f"la ligne « {line.line} », {kind}, ne peut porter la nature {line.nature}",
            )


def _commit(act: TransferAsked, cents: int, limits: Limits, tallies: Tallies) -> None:
    line = _line_of(act, limits)
    if line is not None:
        used = tallies.get((NO_FUND, LINE, line.line), 0)
        if used + cents > line.ceiling_cents:
            raise LineCeilingReached(
                line.line,
                f"{_LINE_KINDS[LineKind(line.kind)]}, engagements",
                most_cents=line.ceiling_cents,
                used_cents=used,
                asked_cents=cents,
            )
    known = limits.payees.get(act.payee or "", ())
    if not any(one.sector == Sector.PRIVATE for one in known):
        return
    promised = tallies.get((NO_FUND, PAYEE_YEAR, f"{act.payee}/{act.effective_on.year}"), 0)
    covered = any(
        one.signed_on is not None
        and one.ends_on is not None
        and one.signed_on <= act.effective_on <= one.ends_on
        for one in known
    )
    for rule in in_force(RuleKind.PAYEE_CONVENTION, act, limits):
        above = rule.amount_cents or 0
        if promised + cents > above and not covered:
            raise ConventionLacks(
                rule.rule,
                rule.source,
                act.payee or "",
                above_cents=above,
                promised_cents=promised + cents,
            )


def _pay(act: TransferAsked, cents: int, limits: Limits, tallies: Tallies) -> None:
    line = _line_of(act, limits)
    year = act.effective_on.year
    most = None if line is None else line.payable_in(year)
    if line is None or most is None:
        return
    used = tallies.get((NO_FUND, LINE_PAID, f"{line.line}/{year}"), 0)
    if used + cents > most:
        raise LineCeilingReached(
            line.line,
            f"crédits de paiement {year}",
            most_cents=most,
            used_cents=used,
            asked_cents=cents,
        )


def _liquidate(act: TransferAsked, cents: int, limits: Limits, tallies: Tallies) -> None:
    proof = limits.proofs.get(act.proof or "")
    if proof is None:
        for rule in in_force(RuleKind.PROOF_REGISTERED, act, limits):
            raise ProofNotRegistered(rule.rule, rule.source, act.proof or "")
        return
    liquidated = {fund: tallies.get((fund, PROOF, proof.proof), 0) for fund in limits.funds}
    claimed = limits.claimed.get(proof.proof, ())
    used = financed(liquidated, claimed)
    with_it = {**liquidated, act.fund or "": liquidated.get(act.fund or "", 0) + cents}
    over = financed(with_it, claimed)
    if over > proof.amount_cents and over > used:
        raise ProofExceeded(
            proof.proof,
            amount_cents=proof.amount_cents,
            used_cents=used,
            asked_cents=over - used,
        )


def financed(liquidated: Mapping[str, int], claimed: Sequence[ClaimedPart]) -> int:
    """Return what all funds finance of a proof, in cents.

    A fund finances what it liquidated on the proof or what it is asked to pay back for it,
    whichever is more: a claim and the liquidation that follows it are one. What a fund only
    advances, until the claim pays it back, is not its own.
    """
    asked: dict[str, int] = {}
    advanced: dict[str, int] = {}
    for part in claimed:
        asked[part.fund] = asked.get(part.fund, 0) + part.eligible_cents
        if part.advanced_by is not None:
            before = advanced.get(part.advanced_by, 0)
            advanced[part.advanced_by] = before + part.eligible_cents
    return sum(
        max(0, liquidated.get(fund, 0) - advanced.get(fund, 0), asked.get(fund, 0))
        for fund in {*liquidated, *asked}
    )
