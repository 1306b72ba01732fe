"""The named queries of the funding service."""

from typing import TypeVar

import msgspec

from services.chassis import sql
from services.chassis.database import Connection
from services.funding.model.figures import Amount, NamedFund
from services.funding.model.ledger import (
    AgreementTerms,
    AwardTotal,
    Balance,
    Cited,
    DecisionShare,
    FundTerms,
    Movement,
    OpinionShare,
)
from services.funding.model.references import (
    ActionRow,
    AgreementRow,
    FunderRow,
    FundRow,
    PayeeRow,
    PlanRow,
)

SQL = sql.load("services.funding")

R = TypeVar("R", bound=msgspec.Struct)

ROWS: dict[str, type[msgspec.Struct]] = {
    "funder": FunderRow,
    "fund": FundRow,
    "funds": FundRow,
    "agreement": AgreementRow,
    "payee": PayeeRow,
    "lock_balances": Balance,
    "balances": Balance,
    "recorded": Movement,
    "cited": Cited,
    "fund_terms": FundTerms,
    "agreement_terms": AgreementTerms,
    "opinion_shares": OpinionShare,
    "decision_shares": DecisionShare,
    "award_totals": AwardTotal,
    "named_funds": NamedFund,
    "stages": Amount,
    "sums": Amount,
    "actions": ActionRow,
    "plans": PlanRow,
}


async def rows_of(connection: Connection, query: str, kind: type[R], *values: object) -> list[R]:
    """Return the rows of a query as Structs of `kind`, column by column."""
    return [kind(*row) for row in await connection.fetch(query, *values)]
