"""Receipts by tranche: within each tranche, and within what may come before the balance."""

from collections.abc import Mapping

from contracts.http.funding import FundMode, TransferAsked, TransferKind
from contracts.http.funding.rules import RuleKind
from contracts.http.funding.terms import TrancheKind
from services.funding.errors import day, euros
from services.funding.errors.limits import TrancheDiffers
from services.funding.model.force import in_force, percent, share_of, within
from services.funding.model.ledger import FundTerms, Tally
from services.funding.model.limits import ACTION_LIQUIDATED, TRANCHE, Limits, ScheduledAgreement
from services.funding.model.months import add_months, capped
from services.funding.model.sums import tranche_detail

Tallies = Mapping[Tally, int]
_AHEAD = frozenset({TrancheKind.ADVANCE, TrancheKind.INSTALMENT})


def scheduled(act: TransferAsked, fund: str, limits: Limits) -> ScheduledAgreement | None:
    """Return the scheduled agreement a receipt comes under; None where no schedule binds it.

    Raises:
        TrancheDiffers: the fund's schedules do not have this tranche, or several do.
    """
    schedules = limits.schedules.get(fund, ())
    if not schedules:
        return None
    if act.agreement is not None:
        found = [one for one in schedules if one.agreement == act.agreement]
        if found and act.tranche not in found[0].tranches:
            raise TrancheDiffers(
                f"L'échéancier de la convention « {act.agreement} » n'a pas de tranche "
                f"« {act.tranche} » ; il a {', '.join(found[0].tranches)}."
            )
        return found[0] if found else None
    found = [one for one in schedules if act.tranche in one.tranches]
    if len(found) != 1:
        names = ", ".join(one.agreement for one in schedules)
        raise TrancheDiffers(
            f"Le fonds « {fund} » reçoit selon les échéanciers de ses conventions ({names}) : la "
            f"tranche « {act.tranche} » est dans {len(found)} d'entre eux ; citez « agreement »."
        )
    return found[0]


def receive(
    act: TransferAsked, cents: int, fund: FundTerms, limits: Limits, tallies: Tallies
) -> None:
    """Refuse a receipt that its schedule, or a rule on what comes ahead, does not allow.

    Raises:
        Refusal: the first limit that is not kept.
    """
    if fund.mode == FundMode.REIMBURSEMENT:
        received = tallies.get((fund.fund, str(TransferKind.RECEIVE), ""), 0)
        ahead = received - tallies.get((fund.fund, str(TransferKind.PAY), ""), 0)
        for rule in in_force(RuleKind.PREFINANCING_MAX, act, limits):
            within(
                rule,
                f"préfinancement du fonds « {fund.fund} »",
                most_cents=rule.amount_cents or 0,
                used_cents=max(0, ahead),
                asked_cents=cents,
            )
    agreement = scheduled(act, fund.fund, limits)
    if agreement is None:
        return
    assert act.tranche is not None, "the table of kinds needs it"
    held = {
        one: tallies.get((fund.fund, TRANCHE, tranche_detail(agreement.agreement, one)), 0)
        for one in agreement.tranches
    }
    foreseen = agreement.cents_of(act.tranche)
    if held[act.tranche] + cents > foreseen:
        raise TrancheDiffers(
            f"Tranche « {act.tranche} » de la convention « {agreement.agreement} » : "
            f"{euros(foreseen)} prévus, dont {euros(held[act.tranche])} déjà reçus ; "
            f"{euros(cents)} sont demandés, soit "
            f"{euros(held[act.tranche] + cents - foreseen)} de trop."
        )
    if agreement.kind_of(act.tranche) in _AHEAD:
        _ahead(act, cents, agreement, held, limits)
    elif agreement.action is not None:
        _balance(act, cents, agreement, held, limits, tallies)


def _ahead(
    act: TransferAsked,
    cents: int,
    agreement: ScheduledAgreement,
    held: Mapping[str, int],
    limits: Limits,
) -> None:
    """Refuse what comes before the balance beyond the share that may."""
    kinds = {one: agreement.kind_of(one) for one in agreement.tranches}
    advances = sum(held[one] for one, kind in kinds.items() if kind == TrancheKind.ADVANCE)
    before = sum(held[one] for one, kind in kinds.items() if kind in _AHEAD)
    if kinds[act.tranche or ""] == TrancheKind.ADVANCE:
        for rule in in_force(RuleKind.ADVANCE_MAX, act, limits):
            share = share_of(rule, higher=agreement.guaranteed)
            within(
                rule,
                f"avance de {percent(share)} de la convention « {agreement.agreement} »",
                most_cents=capped(share, agreement.amount_cents),
                used_cents=advances,
                asked_cents=cents,
            )
    for rule in in_force(RuleKind.INSTALMENTS_MAX, act, limits):
        late = rule.months is not None and act.effective_on > add_months(
            agreement.signed_on, rule.months
        )
        share = share_of(rule, higher=late)
        within(
            rule,
            f"acomptes de {percent(share)} de la convention « {agreement.agreement} », signée "
            f"le {day(agreement.signed_on)}",
            most_cents=capped(share, agreement.amount_cents),
            used_cents=before,
            asked_cents=cents,
        )


def _balance(
    act: TransferAsked,
    cents: int,
    agreement: ScheduledAgreement,
    held: Mapping[str, int],
    limits: Limits,
    tallies: Tallies,
) -> None:
    """Refuse a balance by which a fund would pay more than its share of what was done."""
    done = sum(
        tallies.get((fund, ACTION_LIQUIDATED, agreement.action or ""), 0) for fund in limits.funds
    )
    for rule in in_force(RuleKind.FUND_SHARE_MAX, act, limits):
        share = share_of(rule)
        within(
            rule,
            f"solde, {percent(share)} de ce qui est certifié fait de l'action "
            f"« {agreement.action} » ({euros(done)})",
            most_cents=capped(share, done),
            used_cents=sum(held.values()),
            asked_cents=cents,
        )
