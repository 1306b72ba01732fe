"""Rows of what is written once beside the ledger, for rules and alerts to look at."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from contracts.http.funding.rules import WriteEnforcement
from services.chassis.database import Connection
from services.funding.model.terms import (
    ActionTagsRow,
    AnswerRow,
    BudgetLineRow,
    ClaimRow,
    EnforcedRuleRow,
    FundTagsRow,
    InKindRow,
    PayeeConventionRow,
    PayeeTagsRow,
    ProofRow,
    RuleRow,
    ScheduleRow,
    SolicitationRow,
)
from services.funding.store.queries import SQL, R, rows_of

Written = (
    ScheduleRow
    | FundTagsRow
    | ActionTagsRow
    | PayeeTagsRow
    | PayeeConventionRow
    | BudgetLineRow
    | RuleRow
    | ProofRow
    | ClaimRow
    | InKindRow
    | SolicitationRow
)


class LineSum(msgspec.Struct, frozen=True):
    """What is committed on a line, or paid on it in a year."""

    what: str
    detail: str
    amount_cents: int


ROWS: dict[str, type[msgspec.Struct]] = {
    "schedule": ScheduleRow,
    "fund_tag": FundTagsRow,
    "action_tag": ActionTagsRow,
    "payee_tag": PayeeTagsRow,
    "payee_convention": PayeeConventionRow,
    "budget_line": BudgetLineRow,
    "budget_lines": BudgetLineRow,
    "rule": RuleRow,
    "rules_told": EnforcedRuleRow,
    "proof": ProofRow,
    "claim": ClaimRow,
    "claims": ClaimRow,
    "in_kind": InKindRow,
    "in_kinds": InKindRow,
    "solicitation": SolicitationRow,
    "solicitations": SolicitationRow,
    "answers": AnswerRow,
    "line_sums": LineSum,
}
_ADD_AND_READ: dict[type[msgspec.Struct], tuple[str, str]] = {
    ScheduleRow: (SQL["add_schedule"], SQL["schedule"]),
    FundTagsRow: (SQL["add_fund_tag"], SQL["fund_tag"]),
    ActionTagsRow: (SQL["add_action_tag"], SQL["action_tag"]),
    PayeeTagsRow: (SQL["add_payee_tag"], SQL["payee_tag"]),
    PayeeConventionRow: (SQL["add_payee_convention"], SQL["payee_convention"]),
    BudgetLineRow: (SQL["add_budget_line"], SQL["budget_line"]),
    RuleRow: (SQL["add_rule"], SQL["rule"]),
    ProofRow: (SQL["add_proof"], SQL["proof"]),
    ClaimRow: (SQL["add_claim"], SQL["claim"]),
    InKindRow: (SQL["add_in_kind"], SQL["in_kind"]),
    SolicitationRow: (SQL["add_solicitation"], SQL["solicitation"]),
}
_PAGES: dict[type[msgspec.Struct], str] = {
    BudgetLineRow: SQL["budget_lines"],
    EnforcedRuleRow: SQL["rules_told"],
    ClaimRow: SQL["claims"],
    InKindRow: SQL["in_kinds"],
    SolicitationRow: SQL["solicitations"],
}


async def add(connection: Connection, coordination: str, row: Written) -> bool:
    """Write a row; return False if its name is taken."""
    query, _ = _ADD_AND_READ[type(row)]
    done = await connection.execute(query, coordination, *msgspec.structs.astuple(row))
    return done == "INSERT 0 1"


async def one(connection: Connection, coordination: str, kind: type[R], name: str) -> R | None:
    """Return a row by its name."""
    _, query = _ADD_AND_READ[kind]
    row = await connection.fetchrow(query, coordination, name)
    return kind(*row) if row else None


async def page(
    connection: Connection, coordination: str, kind: type[R], after: str, most: int
) -> list[R]:
    """Return the rows of a kind with a name after `after`, at most `most`."""
    return await rows_of(connection, _PAGES[kind], kind, coordination, after, most)


async def hold_rule(connection: Connection, coordination: str, rule: str) -> bool:
    """Hold a rule until the end; return False if there is none."""
    return await connection.fetchval(SQL["hold_rule"], coordination, rule) is not None


async def add_enforcement(
    connection: Connection, coordination: str, rule: str, days: WriteEnforcement, *, at: datetime
) -> None:
    """Say from when to when a rule counts; the same said again changes nothing."""
    await connection.execute(
        SQL["add_enforcement"], coordination, rule, days.enforced_from, days.enforced_until, at
    )


async def add_answer(connection: Connection, coordination: str, row: AnswerRow) -> bool:
    """Write an answer; return False if its id is taken."""
    done = await connection.execute(SQL["add_answer"], coordination, *msgspec.structs.astuple(row))
    return done == "INSERT 0 1"


async def answers(
    connection: Connection, coordination: str, names: Sequence[str]
) -> list[AnswerRow]:
    """Return what was answered to these contributions asked for, the latest last."""
    return await rows_of(connection, SQL["answers"], AnswerRow, coordination, list(names))


async def in_kind_total(connection: Connection, coordination: str) -> int:
    """Return what contributions in kind are worth together, in cents."""
    cents: int = await connection.fetchval(SQL["in_kind_total"], coordination)
    return cents


async def line_sums(
    connection: Connection, coordination: str, lines: Sequence[str]
) -> dict[tuple[str, str], int]:
    """Return what is committed on these lines and paid on them by year, by what and detail."""
    found = await rows_of(connection, SQL["line_sums"], LineSum, coordination, list(lines))
    return {(one.what, one.detail): one.amount_cents for one in found}
