"""How things stand for alerts, and what was raised."""

from datetime import date
from fractions import Fraction
from uuid import UUID

import msgspec

from contracts.http.funding.rules import RuleKind, RuleScope
from services.chassis.database import Connection
from services.funding.model.alerts import (
    GivenProof,
    Warned,
    Watched,
    WatchedAgreement,
    WatchedFund,
    WatchedLine,
    WatchedShare,
)
from services.funding.model.limits import LimitedFund
from services.funding.model.terms import EnforcedRuleRow
from services.funding.store import limits, posts
from services.funding.store.queries import SQL, rows_of


class RaisedRow(msgspec.Struct, frozen=True):
    """Columns of an alert that is not over."""

    key: str
    kind: str
    about: str
    due_on: date | None
    amount_cents: int | None
    raised_on: date


ROWS: dict[str, type[msgspec.Struct]] = {
    "watched_funds": WatchedFund,
    "watched_lines": WatchedLine,
    "watched_shares": WatchedShare,
    "watched_agreements": WatchedAgreement,
    "given_proofs": GivenProof,
    "open_alerts": RaisedRow,
}


async def watched(connection: Connection, coordination: str, *, day: date) -> Watched:
    """Return how things stand now, with the posts and the rules as they are on a day."""
    received = {
        tuple(row["detail"].split("/", 1)): row["amount_cents"]
        for row in await connection.fetch(SQL["tranches_received"], coordination)
    }
    rules = [
        one for one in await limits.enforced_rules(connection, coordination) if one.counts_on(day)
    ]
    months = [one.months for one in rules if one.kind == RuleKind.REPORT_WITHIN]
    funds = await limits.funds_limited(connection, coordination)
    return Watched(
        funds=await rows_of(connection, SQL["watched_funds"], WatchedFund, coordination),
        lines=await rows_of(connection, SQL["watched_lines"], WatchedLine, coordination),
        shares=await rows_of(connection, SQL["watched_shares"], WatchedShare, coordination),
        share_max={one.fund: min(shares) for one in funds if (shares := _shares(rules, one))},
        agreements=await rows_of(
            connection, SQL["watched_agreements"], WatchedAgreement, coordination
        ),
        received=received,
        proofs=await rows_of(connection, SQL["given_proofs"], GivenProof, coordination),
        report_months=min((one for one in months if one is not None), default=None),
        posts=await posts.all_posts(connection, coordination, day=day),
    )


def _shares(rules: list[EnforcedRuleRow], fund: LimitedFund) -> list[Fraction]:
    """Return the shares of actions' budgets that rules leave a fund."""
    scopes = {
        (RuleScope.FUND, fund.fund),
        (RuleScope.PROGRAMME, fund.programme),
        (RuleScope.BODY_KIND, fund.level),
    }
    return [
        Fraction(one.share)
        for one in rules
        if one.kind == RuleKind.FUND_SHARE_MAX
        and one.share is not None
        and (one.scope == RuleScope.COORDINATION or (one.scope, one.scope_id) in scopes)
    ]


async def coordinations(connection: Connection) -> list[str]:
    """Return every coordination that has something to watch."""
    return [row["coordination"] for row in await connection.fetch(SQL["watched_coordinations"])]


async def raised(connection: Connection, coordination: str) -> dict[str, RaisedRow]:
    """Return what was raised and is not over, by key."""
    found = await rows_of(connection, SQL["open_alerts"], RaisedRow, coordination)
    return {one.key: one for one in found}


async def raise_alert(
    connection: Connection, coordination: str, alert: UUID, one: Warned, *, day: date
) -> bool:
    """Raise an alert; return False if it was raised already."""
    key = await connection.fetchval(
        SQL["raise_alert"],
        alert,
        coordination,
        one.key,
        one.kind.value,
        one.about,
        one.due_on,
        one.amount_cents,
        day,
    )
    return key is not None


async def clear_alert(connection: Connection, coordination: str, key: str, *, day: date) -> bool:
    """Clear an alert; return False if it was cleared already."""
    return await connection.fetchval(SQL["clear_alert"], coordination, key, day) is not None
