"""The sums that limits beyond a fund's own read, and what each recorded transfer adds to them."""

from collections.abc import Iterable

from contracts.http.funding import Phase, TransferAsked, TransferKind
from services.funding.model.kinds import place
from services.funding.model.ledger import Movement, Tally
from services.funding.model.limits import (
    ACTION_AWARDED,
    ACTION_LIQUIDATED,
    LINE,
    LINE_PAID,
    NO_FUND,
    PAYEE_YEAR,
    PROOF,
    TRANCHE,
    Limits,
)


def tranche_detail(agreement: str, tranche: str) -> str:
    """Return how the sum received of a tranche is named."""
    return f"{agreement}/{tranche}"


def tallies(acts: Iterable[TransferAsked], limits: Limits) -> set[Tally]:
    """Return every sum that these limits read for `acts`."""
    found: set[Tally] = set()
    for act in acts:
        year = act.effective_on.year
        match act.kind:
            case TransferKind.AWARD:
                found |= {(fund, ACTION_AWARDED, act.action or "") for fund in limits.funds}
            case TransferKind.COMMIT:
                found.add((NO_FUND, PAYEE_YEAR, f"{act.payee}/{year}"))
                found.add((NO_FUND, LINE, act.line or ""))
            case TransferKind.PAY:
                found.add((NO_FUND, LINE_PAID, f"{act.line}/{year}"))
            case TransferKind.LIQUIDATE if act.proof in limits.proofs:
                found |= {(fund, PROOF, act.proof or "") for fund in limits.funds}
            case TransferKind.RECEIVE:
                found |= _of_schedules(act.fund or "", limits)
    return found


def _of_schedules(fund: str, limits: Limits) -> set[Tally]:
    found: set[Tally] = set()
    for one in limits.schedules.get(fund, ()):
        found |= {
            (fund, TRANCHE, tranche_detail(one.agreement, tranche)) for tranche in one.tranches
        }
        if one.action is not None:
            found |= {(each, ACTION_LIQUIDATED, one.action) for each in limits.funds}
    return found


def effects(movement: Movement, hold: Movement | None, limits: Limits) -> list[tuple[Tally, int]]:
    """Return what a recorded transfer adds to each sum; `hold` is the one it resolves."""
    kind, fund, cents = movement.kind, movement.fund, movement.amount_cents
    if movement.phase != Phase.SINGLE:
        return _of_hold(movement, hold)
    line, year, action = movement.line, movement.effective_on.year, movement.action or ""
    match kind:
        case TransferKind.AWARD:
            return [((fund, ACTION_AWARDED, action), cents)]
        case TransferKind.WITHDRAW_AWARD:
            return [((fund, ACTION_AWARDED, action), -cents)]
        case TransferKind.LIQUIDATE:
            found = [((fund, ACTION_LIQUIDATED, action), cents)]
            if movement.proof in limits.proofs:
                found.append(((fund, PROOF, movement.proof or ""), cents))
            return found
        case TransferKind.PAY | TransferKind.CLAW_BACK if line is not None:
            sign = 1 if kind == TransferKind.PAY else -1
            return [((NO_FUND, LINE_PAID, f"{line}/{year}"), sign * cents)]
        case TransferKind.RECEIVE if movement.reverses is None:
            scheduled = {one.agreement for one in limits.schedules.get(fund, ())}
            if movement.agreement in scheduled:
                detail = tranche_detail(movement.agreement or "", movement.tranche or "")
                return [((fund, TRANCHE, detail), cents)]
        case TransferKind.LAPSE | TransferKind.CARRY_OVER:
            return _of_reversal(movement)
    return []


def _of_hold(movement: Movement, hold: Movement | None) -> list[tuple[Tally, int]]:
    """Return what holding, signing or voiding changes of what a payee and a line are promised."""
    of, change = hold or movement, movement.amount_cents
    if movement.phase == Phase.VOID:
        change = -change
    elif hold is not None:
        change -= hold.amount_cents
    if change == 0:
        return []
    found = [((NO_FUND, PAYEE_YEAR, f"{of.payee}/{of.effective_on.year}"), change)]
    if of.line is not None:
        found.append(((NO_FUND, LINE, of.line), change))
    return found


def _of_reversal(movement: Movement) -> list[tuple[Tally, int]]:
    left = place(movement.debit)
    found: list[tuple[Tally, int]] = []
    if left.stage in {"awarded", "committed"}:
        detail = (movement.fund, ACTION_AWARDED, left.action or "")
        found.append((detail, -movement.amount_cents))
    if left.stage == "committed" and movement.line is not None:
        found.append(((NO_FUND, LINE, movement.line), -movement.amount_cents))
    return found
