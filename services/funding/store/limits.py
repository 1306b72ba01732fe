"""What limits on a batch look at, read only for the kinds of act that have such limits."""

from collections.abc import Collection, Iterable, Sequence
from itertools import groupby

import msgspec

from contracts.http.funding import TransferAsked, TransferKind
from services.chassis.database import Connection
from services.funding.model.limits import (
    NONE,
    ClaimedPart,
    LimitedAction,
    LimitedFund,
    LimitedPayee,
    Limits,
    ProofTerms,
    ScheduledAgreement,
)
from services.funding.model.terms import BudgetLineRow, EnforcedRuleRow
from services.funding.store.queries import SQL, R, rows_of


class ProofSum(msgspec.Struct, frozen=True):
    """What a fund liquidated on a proof."""

    fund: str
    proof: str
    amount_cents: int


ROWS: dict[str, type[msgspec.Struct]] = {
    "enforced_rules": EnforcedRuleRow,
    "limited_funds": LimitedFund,
    "limited_actions": LimitedAction,
    "limited_payees": LimitedPayee,
    "limiting_lines": BudgetLineRow,
    "scheduled_agreements": ScheduledAgreement,
    "lock_proofs": ProofTerms,
    "registered_proofs": ProofTerms,
    "claimed_parts": ClaimedPart,
    "proof_sums": ProofSum,
}
_LIMITED = frozenset(
    {
        TransferKind.AWARD,
        TransferKind.COMMIT,
        TransferKind.LIQUIDATE,
        TransferKind.PAY,
        TransferKind.RECEIVE,
    }
)


async def limits(
    connection: Connection, coordination: str, acts: Iterable[TransferAsked], *, lock: bool
) -> Limits:
    """Return what the limits on these acts look at; proofs are held until the end when `lock`."""
    asked = [act for act in acts if act.kind in _LIMITED]
    if not asked:
        return NONE

    async def found(query: str, kind: type[R], names: Collection[str | None]) -> list[R]:
        wanted = sorted(name for name in names if name is not None)
        return await rows_of(connection, query, kind, coordination, wanted) if wanted else []

    def of(name: str, *kinds: TransferKind) -> set[str | None]:
        return {getattr(act, name) for act in asked if act.kind in kinds}

    schedules = await found(
        SQL["scheduled_agreements"], ScheduledAgreement, of("fund", TransferKind.RECEIVE)
    )
    lines = await found(
        SQL["limiting_lines"],
        BudgetLineRow,
        of("line", TransferKind.COMMIT, TransferKind.LIQUIDATE, TransferKind.PAY),
    )
    proofs = await found(
        SQL["lock_proofs"] if lock else SQL["registered_proofs"],
        ProofTerms,
        of("proof", TransferKind.LIQUIDATE),
    )
    claimed = await found(SQL["claimed_parts"], ClaimedPart, {one.proof for one in proofs})
    rules = await enforced_rules(connection, coordination)
    if not (rules or schedules or lines or proofs):
        return NONE
    actions = await found(SQL["limited_actions"], LimitedAction, of("action", TransferKind.AWARD))
    payees = await found(SQL["limited_payees"], LimitedPayee, of("payee", TransferKind.COMMIT))
    funds = await funds_limited(connection, coordination)
    return Limits(
        rules=rules,
        funds={one.fund: one for one in funds},
        actions={one.action: one for one in actions},
        payees=_by(payees, "payee"),
        lines={one.line: one for one in lines},
        schedules=_by(schedules, "fund"),
        proofs={one.proof: one for one in proofs},
        claimed=_by(claimed, "proof"),
    )


def _by(rows: Iterable[R], name: str) -> dict[str, Sequence[R]]:
    def key(row: R) -> str:
        found: str = getattr(row, name)
        return found

    return {one: list(of_one) for one, of_one in groupby(sorted(rows, key=key), key=key)}


async def enforced_rules(connection: Connection, coordination: str) -> list[EnforcedRuleRow]:
    """Return the rules a coordination turned on at some time."""
    return await rows_of(connection, SQL["enforced_rules"], EnforcedRuleRow, coordination)


async def funds_limited(connection: Connection, coordination: str) -> list[LimitedFund]:
    """Return what rules look at in the funds of a coordination."""
    return await rows_of(connection, SQL["limited_funds"], LimitedFund, coordination)


async def hold_proofs(
    connection: Connection, coordination: str, names: Sequence[str]
) -> dict[str, ProofTerms]:
    """Return these registered proofs, held until the end."""
    found = await rows_of(connection, SQL["lock_proofs"], ProofTerms, coordination, list(names))
    return {one.proof: one for one in found}


async def financing(
    connection: Connection, coordination: str, names: Sequence[str]
) -> tuple[dict[str, dict[str, int]], dict[str, Sequence[ClaimedPart]]]:
    """Return what each fund liquidated on these proofs, and what claims ask back on them."""
    sums: dict[str, dict[str, int]] = {}
    for one in await rows_of(connection, SQL["proof_sums"], ProofSum, coordination, list(names)):
        sums.setdefault(one.proof, {})[one.fund] = one.amount_cents
    parts = await rows_of(connection, SQL["claimed_parts"], ClaimedPart, coordination, list(names))
    return sums, _by(parts, "proof")
