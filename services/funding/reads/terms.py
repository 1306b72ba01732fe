"""Questions about lines, rules, claims and help in kind; and how what is written is shown."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from contracts.http.funding.budget import (
    BodyKind,
    BudgetLine,
    BudgetLines,
    LineExecution,
    LineKind,
    LineYear,
    YearCredits,
)
from contracts.http.funding.contributions import (
    InKind,
    InKinds,
    Solicitation,
    SolicitationAnswer,
    Solicitations,
)
from contracts.http.funding.proofs import Claim, ClaimedProof, Claims
from contracts.http.funding.rules import Rule, Rules
from contracts.http.funding.terms import Schedule, Tranche
from services.chassis.database import Connection
from services.funding.model.limits import LINE, LINE_PAID
from services.funding.model.terms import (
    AnswerRow,
    BudgetLineRow,
    ClaimRow,
    EnforcedRuleRow,
    InKindRow,
    ScheduleRow,
    SolicitationRow,
)
from services.funding.store import written as rows

S = TypeVar("S", bound=msgspec.Struct)


def shown(row: msgspec.Struct, kind: type[S], **more: Any) -> S:
    """Return a row as its contract shows it: its first column is its id."""
    values = msgspec.structs.asdict(row)
    values["id"] = values.pop(row.__struct_fields__[0])
    names = {field.name for field in msgspec.structs.fields(kind)}
    return msgspec.convert(
        {**{name: value for name, value in values.items() if name in names}, **more}, kind
    )


def shown_schedule(row: ScheduleRow) -> Schedule:
    """Return a schedule as it is shown."""
    parts = zip(
        row.tranches,
        row.tranche_kinds,
        row.tranche_cents,
        row.tranche_due_on,
        row.tranche_proofs,
        strict=True,
    )
    return Schedule(
        id=row.agreement,
        tranches=[
            msgspec.convert(
                {
                    "tranche": name,
                    "kind": kind,
                    "amount_cents": cents,
                    "due_on": due_on,
                    "proofs": [one for one in proofs.split(",") if one],
                },
                Tranche,
            )
            for name, kind, cents, due_on, proofs in parts
        ],
        ends_on=row.ends_on,
        report_due_on=row.report_due_on,
        guaranteed=row.guaranteed,
    )


def shown_line(row: BudgetLineRow) -> BudgetLine:
    """Return a budget line as it is shown."""
    return BudgetLine(
        id=row.line,
        name=row.name,
        kind=LineKind(row.kind),
        body_kind=BodyKind(row.body_kind),
        nature=row.nature,
        chapter=row.chapter,
        ceiling_cents=row.ceiling_cents,
        years=[
            YearCredits(year=year, payable_cents=cents)
            for year, cents in zip(row.years, row.payable_cents, strict=True)
        ],
    )


def _execution(row: BudgetLineRow, sums: Mapping[tuple[str, str], int]) -> LineExecution:
    committed = sums.get((LINE, row.line), 0)
    paid = {
        int(detail.rpartition("/")[2]): cents
        for (what, detail), cents in sums.items()
        if what == LINE_PAID and detail.rpartition("/")[0] == row.line
    }
    payable = dict(zip(row.years, row.payable_cents, strict=True))
    return LineExecution(
        line=shown_line(row),
        committed_cents=committed,
        left_cents=row.ceiling_cents - committed,
        years=[
            LineYear(year=year, payable_cents=payable.get(year, 0), paid_cents=paid.get(year, 0))
            for year in sorted({*payable, *paid})
        ],
    )


async def lines(connection: Connection, coordination: str, *, after: str, most: int) -> BudgetLines:
    """Return a page of budget lines with what is committed and paid on each."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        found = await rows.page(connection, coordination, BudgetLineRow, after, most + 1)
        page = found[:most]
        sums = await rows.line_sums(connection, coordination, [one.line for one in page])
    return BudgetLines(
        items=[_execution(one, sums) for one in page],
        cursor=page[-1].line if len(found) > most else None,
    )


async def rules(connection: Connection, coordination: str, *, after: str, most: int) -> Rules:
    """Return a page of rules with the days each is enforced."""
    found = await rows.page(connection, coordination, EnforcedRuleRow, after, most + 1)
    return Rules(
        items=[shown(one, Rule) for one in found[:most]],
        cursor=found[most - 1].rule if len(found) > most else None,
    )


def shown_claim(row: ClaimRow) -> Claim:
    """Return a claim as it is shown, with what it adds up to."""
    parts = zip(row.proofs, row.eligible_cents, row.ineligible_cents, strict=True)
    return Claim(
        id=row.claim,
        fund=row.fund,
        claimed_on=row.claimed_on,
        proofs=[
            ClaimedProof(proof=name, eligible_cents=eligible, ineligible_cents=not_so)
            for name, eligible, not_so in parts
        ],
        advanced_by=row.advanced_by,
        reference=row.reference,
        eligible_cents=sum(row.eligible_cents),
        ineligible_cents=sum(row.ineligible_cents),
    )


async def claims(connection: Connection, coordination: str, *, after: str, most: int) -> Claims:
    """Return a page of claims, by id."""
    found = await rows.page(connection, coordination, ClaimRow, after, most + 1)
    return Claims(
        items=[shown_claim(one) for one in found[:most]],
        cursor=found[most - 1].claim if len(found) > most else None,
    )


async def in_kinds(connection: Connection, coordination: str, *, after: str, most: int) -> InKinds:
    """Return a page of contributions in kind, and what all of them are worth."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        found = await rows.page(connection, coordination, InKindRow, after, most + 1)
        total = await rows.in_kind_total(connection, coordination)
    return InKinds(
        items=[shown(one, InKind) for one in found[:most]],
        value_cents_total=total,
        cursor=found[most - 1].contribution if len(found) > most else None,
    )


def shown_answer(row: AnswerRow) -> SolicitationAnswer:
    """Return an answer as it is shown."""
    values = msgspec.structs.asdict(row)
    del values["solicitation"]
    return msgspec.convert({**values, "id": values.pop("answer")}, SolicitationAnswer)


async def solicitations(
    connection: Connection, coordination: str, *, after: str, most: int
) -> Solicitations:
    """Return a page of contributions asked for, each with its answers."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        found = await rows.page(connection, coordination, SolicitationRow, after, most + 1)
        page = found[:most]
        told = await rows.answers(connection, coordination, [one.solicitation for one in page])
    return Solicitations(
        items=[
            shown(
                one,
                Solicitation,
                answers=[
                    shown_answer(each) for each in told if each.solicitation == one.solicitation
                ],
            )
            for one in page
        ],
        cursor=page[-1].solicitation if len(found) > most else None,
    )
