"""What became of the money: per funder, per action, per year; each answer is one moment."""

import re
from contextlib import AbstractAsyncContextManager
from datetime import date
from typing import Any

from contracts.http.funding.euros import (
    ActionAct,
    ActionDetail,
    Execution,
    FunderEuros,
    MoneyFacts,
    Year,
)
from services.chassis.database import Connection
from services.funding import store
from services.funding.errors import NotKnown
from services.funding.model import euros, flows
from services.funding.model.references import FunderRow
from services.funding.reads.questions import plans_of
from services.funding.store import euros as rows
from services.funding.store import flows as folded

_CURSOR = re.compile(r"b([0-9]{1,18})_([0-9]{1,9})")


def _moment(connection: Connection) -> AbstractAsyncContextManager[Any]:
    return connection.transaction(isolation="repeatable_read", readonly=True)


async def funder(connection: Connection, coordination: str, slug: str) -> FunderEuros:
    """Return what each euro of a funder became.

    Raises:
        NotKnown: no such funder.
    """
    async with _moment(connection):
        row = await store.reference(connection, coordination, FunderRow, slug)
        if row is None:
            raise NotKnown("Le financeur", slug, field="funder")
        funds = await rows.funds_of(connection, coordination, slug)
        names = [one.fund for one in funds]
        return euros.funder(
            row,
            funds,
            await rows.held(connection, coordination, names),
            await rows.done(connection, coordination, names),
            await rows.pledged(connection, coordination, names),
        )


async def action(connection: Connection, coordination: str, slug: str) -> ActionDetail:
    """Return an action's plan and the share of each nature of funder.

    Raises:
        NotKnown: no such action.
    """
    async with _moment(connection):
        row = await rows.action(connection, coordination, slug)
        if row is None:
            raise NotKnown("L'action", slug, field="action")
        (plan,) = await plans_of(connection, coordination, [row])
        shares, public = euros.natures(await rows.natures(connection, coordination, slug))
    return ActionDetail(plan=plan, natures=shares, public_share=public)


async def history(
    connection: Connection, coordination: str, slug: str, *, after: str, most: int
) -> tuple[list[ActionAct], str | None]:
    """Return a page of an action's acts, oldest first, and where to go on from.

    Raises:
        NotKnown: no such action.
    """
    async with _moment(connection):
        if await rows.action(connection, coordination, slug) is None:
            raise NotKnown("L'action", slug, field="action")
        found = await rows.history(connection, coordination, slug, _place(after), most + 1)
    page = found[:most]
    acts = [
        ActionAct(
            id=row.id,
            kind=row.kind,
            phase=row.phase,
            fund=row.fund,
            payee=row.payee,
            amount_cents=row.amount_cents,
            effective_on=row.effective_on,
            recorded_at=row.recorded_at,
            reason=row.reason,
            proof=row.proof,
            pending_id=row.pending_id,
            reverses=row.reverses,
        )
        for row in page
    ]
    return acts, f"b{page[-1].block}_{page[-1].n}" if len(found) > most else None


def _place(cursor: str) -> tuple[int, int]:
    """Return the place of the journal that a cursor names, before the first where it names none."""
    found = _CURSOR.fullmatch(cursor)
    return (int(found[1]), int(found[2])) if found else (0, -1)


async def year(connection: Connection, coordination: str, of: int) -> Year:
    """Return what a civil year brought to each stage, against the credits of each line."""
    async with _moment(connection):
        funds = await store.named_funds(connection, coordination)
        slugs = [one.fund for one in funds]
        first, last = date(of, 1, 1), date(of, 12, 31)
        sums = await rows.year_sums(connection, coordination, slugs, first, last)
        lines = await rows.lines_of_year(connection, coordination, of)
    return euros.year(of, funds, sums, lines)


async def money_facts(
    connection: Connection, coordination: str, *, as_of: date | None
) -> MoneyFacts:
    """Return what was announced, budgeted, disbursed and consumed, now or up to a day."""
    async with _moment(connection):
        funds = await store.named_funds(connection, coordination)
        if as_of is None:
            sums = await store.sums(connection, coordination)
        else:
            slugs = [one.fund for one in funds]
            sums = flows.kinds(await folded.until(connection, coordination, slugs, as_of))
    return euros.money_facts(funds, sums)


async def execution(connection: Connection, coordination: str) -> Execution:
    """Return how far the budgets of the actions are used."""
    return euros.execution(await rows.execution(connection, coordination))
