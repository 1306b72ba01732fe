"""What became of the money, from what the accounts hold and what was done."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

import msgspec

from contracts.http.funding import Custody, FunderLevel, LegalNature, Stages, TransferKind
from contracts.http.funding.budget import BodyKind, LineKind
from contracts.http.funding.euros import (
    ActionExecution,
    CreditsOfYear,
    Execution,
    FourFacts,
    FunderEuros,
    FundEuros,
    FundFacts,
    FundYear,
    LineOfYear,
    MoneyFacts,
    NatureShare,
    Served,
    Whereabouts,
    Year,
)
from services.funding.model.figures import Amount, NamedFund
from services.funding.model.kinds import (
    CASH,
    CLAWBACK_DUE,
    PAYEE,
    PLEDGED,
    REACHED_BY,
    RECEIVABLE,
    STAGES,
)
from services.funding.model.references import FunderRow
from services.funding.model.terms import BudgetLineRow

OUTSIDE = (PLEDGED, RECEIVABLE, CASH, PAYEE, CLAWBACK_DUE)
"""Accounts that are no stage of a commitment: the outside world, and the treasury's."""


class FunderFund(msgspec.Struct, frozen=True):
    """A fund as its funder's statement names it."""

    fund: str
    name: str
    custody: str
    valid_from: date
    valid_until: date


class Held(msgspec.Struct, frozen=True):
    """What one account holds."""

    fund: str
    stage: str
    action: str | None
    payee: str | None
    payee_name: str | None
    cents: int


class Done(msgspec.Struct, frozen=True):
    """What one payee was certified to have done for one action."""

    fund: str
    action: str | None
    payee: str | None
    payee_name: str | None
    cents: int


class FundCents(msgspec.Struct, frozen=True):
    """An amount of one fund."""

    fund: str
    cents: int


class NatureRow(msgspec.Struct, frozen=True):
    """What funders of one nature and level agreed for an action."""

    legal_nature: str
    level: str
    cents: int


class HistoryRow(msgspec.Struct, frozen=True):
    """One act that named an action, at its place in the journal."""

    id: UUID
    kind: str
    phase: str
    fund: str
    payee: str | None
    amount_cents: int
    effective_on: date
    recorded_at: datetime
    reason: str | None
    proof: str | None
    pending_id: UUID | None
    reverses: UUID | None
    block: int
    n: int


class YearLine(BudgetLineRow, frozen=True):
    """A budget line, what was ever committed on it and what was paid on it in one year."""

    committed_cents: int
    paid_cents: int


class ExecutionRow(msgspec.Struct, frozen=True):
    """An action's budget and what was done of it."""

    action: str
    number: int
    title: str
    budget_cents: int
    awarded_cents: int
    committed_cents: int
    liquidated_cents: int


def share(part: int, whole: int) -> str:
    """Return a part of a whole as a fraction, `0` of nothing."""
    return str(Fraction(part, whole)) if whole else "0"


def funder(
    row: FunderRow,
    funds: Sequence[FunderFund],
    held: Sequence[Held],
    done: Sequence[Done],
    pledged: Iterable[FundCents],
) -> FunderEuros:
    """Return what each euro of a funder became; every fund's euros add up to its pledge."""
    promised = {one.fund: one.cents for one in pledged}
    found = [_fund(fund, held, done, promised.get(fund.fund, 0)) for fund in funds]
    by_stage = {stage: sum(one.cents for one in held if one.stage == stage) for stage in STAGES}
    assert sum(promised.values()) == sum(by_stage.values()), "a euro is in one stage only"
    return FunderEuros(
        id=row.funder,
        name=row.name,
        level=FunderLevel(row.level),
        legal_nature=LegalNature(row.legal_nature),
        pledged_cents=sum(promised.values()),
        stages=Stages(**by_stage),
        funds=found,
    )


def _fund(
    fund: FunderFund, held: Sequence[Held], done: Sequence[Done], pledged_cents: int
) -> FundEuros:
    return FundEuros(
        fund=fund.fund,
        name=fund.name,
        custody=Custody(fund.custody),
        pledged_cents=pledged_cents,
        whereabouts=[
            Whereabouts(
                stage=one.stage,
                action=one.action,
                payee=one.payee,
                payee_name=one.payee_name,
                cents=one.cents,
            )
            for one in sorted(held, key=lambda one: STAGES.index(one.stage))
            if one.fund == fund.fund
        ],
        served=[
            Served(action=one.action, payee=one.payee, payee_name=one.payee_name, cents=one.cents)
            for one in done
            if one.fund == fund.fund
        ],
    )


def natures(rows: Sequence[NatureRow]) -> tuple[list[NatureShare], str]:
    """Return each nature's share of what is agreed, and that of public persons together."""
    whole = sum(row.cents for row in rows)
    public = sum(row.cents for row in rows if row.legal_nature == LegalNature.PUBLIC_PERSON)
    shares = [
        NatureShare(
            legal_nature=LegalNature(row.legal_nature),
            level=FunderLevel(row.level),
            agreed_cents=row.cents,
            share=share(row.cents, whole),
        )
        for row in rows
    ]
    return shares, share(public, whole)


def year(
    of: int, funds: Iterable[NamedFund], sums: Iterable[Amount], budget: Iterable[YearLine]
) -> Year:
    """Return what a year brought to each stage, fund by fund, against the credits of each line."""
    on = [_line(one, of) for one in budget]
    done = {(one.fund, one.stage): one.cents for one in sums}
    moved = {fund for fund, _ in done}
    lines = [_year(one, done) for one in funds if one.fund in moved]
    return Year(
        year=of,
        did=Stages(**{stage: sum(getattr(line.did, stage) for line in lines) for stage in STAGES}),
        received=sum(line.received for line in lines),
        taken_back=sum(line.taken_back for line in lines),
        lapsed=sum(line.lapsed for line in lines),
        funds=lines,
        credits=[_credits(kind, on) for kind in LineKind if any(one.kind is kind for one in on)],
        lines=on,
    )


def _line(row: YearLine, of: int) -> LineOfYear:
    payable = row.payable_in(of)
    return LineOfYear(
        line=row.line,
        name=row.name,
        kind=LineKind(row.kind),
        body_kind=BodyKind(row.body_kind),
        nature=row.nature,
        chapter=row.chapter,
        authorised_cents=row.ceiling_cents,
        committed_cents=row.committed_cents,
        payable_cents=payable,
        paid_cents=row.paid_cents,
        left_cents=None if payable is None else payable - row.paid_cents,
    )


def _credits(kind: LineKind, lines: Iterable[LineOfYear]) -> CreditsOfYear:
    own = [one for one in lines if one.kind is kind]
    return CreditsOfYear(
        kind=kind,
        authorised_cents=sum(one.authorised_cents for one in own),
        committed_cents=sum(one.committed_cents for one in own),
        payable_cents=sum(one.payable_cents or 0 for one in own),
        paid_cents=sum(one.paid_cents for one in own),
    )


def _year(fund: NamedFund, done: Mapping[tuple[str, str], int]) -> FundYear:
    def of(kind: TransferKind) -> int:
        return done.get((fund.fund, str(kind)), 0)

    return FundYear(
        fund=fund.fund,
        funder=fund.funder,
        did=Stages(**{stage: of(kind) for stage, kind in REACHED_BY.items()}),
        received=of(TransferKind.RECEIVE),
        taken_back=of(TransferKind.CLAW_BACK),
        lapsed=of(TransferKind.LAPSE),
    )


def money_facts(funds: Iterable[NamedFund], sums: Iterable[Amount]) -> MoneyFacts:
    """Return what was announced, budgeted, disbursed and consumed; none is made from another."""
    done = {(one.fund, one.stage): one.cents for one in sums}
    lines = [
        FundFacts(
            fund=one.fund,
            name=one.name,
            funder=one.funder,
            custody=Custody(one.custody),
            facts=_facts(one, done),
        )
        for one in funds
    ]
    names = FourFacts.__struct_fields__
    together = {name: sum(getattr(line.facts, name) for line in lines) for name in names}
    return MoneyFacts(together=FourFacts(**together), funds=lines)


def _facts(fund: NamedFund, done: Mapping[tuple[str, str], int]) -> FourFacts:
    handed = TransferKind.RECEIVE if fund.custody == Custody.POOLED else TransferKind.PAY
    return FourFacts(
        announced_cents=done.get((fund.fund, str(TransferKind.PLEDGE)), 0),
        budgeted_cents=done.get((fund.fund, str(TransferKind.AGREE)), 0),
        disbursed_cents=done.get((fund.fund, str(handed)), 0),
        consumed_cents=done.get((fund.fund, str(TransferKind.LIQUIDATE)), 0),
    )


def execution(rows: Iterable[ExecutionRow]) -> Execution:
    """Return how far each budget is used."""
    lines = [
        ActionExecution(
            action=row.action,
            number=row.number,
            title=row.title,
            budget_cents=row.budget_cents,
            awarded_cents=row.awarded_cents,
            committed_cents=row.committed_cents,
            liquidated_cents=row.liquidated_cents,
            left_cents=row.budget_cents - row.liquidated_cents,
            rate=share(row.liquidated_cents, row.budget_cents),
        )
        for row in rows
    ]
    return Execution(
        budget_cents=sum(line.budget_cents for line in lines),
        liquidated_cents=sum(line.liquidated_cents for line in lines),
        actions=lines,
    )
