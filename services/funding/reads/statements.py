"""What stood on a day, as it was known at an instant; and how an award splits."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from contracts.http.funding import Pool
from contracts.http.funding.periods import AccountLine, AskSplit, Split, SplitShare, Statement
from services.chassis.database import Connection
from services.funding import store
from services.funding.errors import DecisionLacks, NotKnown
from services.funding.errors.periods import SplitTooLarge
from services.funding.model import figures, flows, splits
from services.funding.model.flows import Flow
from services.funding.model.kinds import place
from services.funding.model.ledger import Wanted
from services.funding.model.references import FundRow
from services.funding.store import flows as rows

LAST_DAY = date(9999, 12, 31)


async def pool(
    connection: Connection, coordination: str, *, as_of: date | None, known_at: datetime | None
) -> Pool:
    """Return the pool as it stands, or by what was effective up to a day and known at an instant.

    The budgets of the actions are those validated by the day, as known now.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        return await pool_within(connection, coordination, as_of=as_of, known_at=known_at)


async def pool_within(
    connection: Connection, coordination: str, *, as_of: date | None, known_at: datetime | None
) -> Pool:
    """Return the pool as `pool` does, as of the caller's own transaction."""
    funds = await store.named_funds(connection, coordination)
    if as_of is None and known_at is None:
        stages = await store.stages(connection, coordination)
        sums = await store.sums(connection, coordination)
        gap = await store.gap(connection, coordination)
    else:
        day = as_of or LAST_DAY
        slugs = [one.fund for one in funds]
        done, _ = await _done(connection, coordination, slugs, day, known_at)
        stages, sums = flows.stages(done), flows.kinds(done)
        plans = await rows.agreements_of_plans(connection, coordination, day)
        budgets = await rows.budgets_cents(connection, coordination, day)
        gap = budgets - flows.agreed_cents(done, plans)
    return figures.pool(funds, stages, sums, gap_cents=gap, as_of=as_of)


async def statement(
    connection: Connection,
    coordination: str,
    fund: str,
    *,
    as_of: date | None,
    known_at: datetime | None,
) -> Statement:
    """Return a fund's accounts by what was effective up to a day and known at an instant.

    Raises:
        NotKnown: the fund was never written.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        if await store.reference(connection, coordination, FundRow, fund) is None:
            raise NotKnown("Le fonds", fund, field="fund")
        done, block = await _done(connection, coordination, [fund], as_of or LAST_DAY, known_at)
    lines = []
    for one in flows.balances(done):
        where = place(one.code)
        lines.append(
            AccountLine(
                account=one.code,
                stage=where.stage,
                action=where.action,
                payee=where.payee,
                balance_cents=one.credits_posted - one.debits_posted,
                held_cents=one.debits_pending,
                debits_cents=one.debits_posted,
                credits_cents=one.credits_posted,
            )
        )
    return Statement(fund=fund, as_of=as_of, known_at=known_at, block=block, accounts=lines)


async def _done(
    connection: Connection,
    coordination: str,
    funds: Sequence[str],
    day: date,
    known_at: datetime | None,
) -> tuple[list[Flow], int]:
    """Return what funds did up to a day and the last block that counts.

    What was known at an instant is what the days hold less what came after, or what came before,
    whichever is shorter to read.
    """
    head, _ = await store.head(connection, coordination)
    last = head if known_at is None else await rows.last_block(connection, coordination, known_at)
    if 2 * last < head:
        return await rows.recorded(connection, coordination, funds, (0, last), day), last
    done = await rows.until(connection, coordination, funds, day)
    if last < head:
        later = await rows.recorded(connection, coordination, funds, (last, head), day)
        done = flows.without(done, later)
    return done, last


async def split(connection: Connection, coordination: str, asked: AskSplit) -> Split:
    """Return the share of each fund in an amount, by what an adopted opinion gives from each.

    Raises:
        DecisionLacks: the opinion is not known, or gives this action nothing.
        SplitTooLarge: the amount is more than the opinion gives.
    """
    none = Wanted(*(set[object]() for _ in Wanted.__struct_fields__))  # type: ignore[arg-type]
    wanted = msgspec.structs.replace(none, opinions={asked.opinion})
    known = await store.references(connection, coordination, wanted)
    given = known.opinions.get(asked.opinion)
    if given is None:
        raise DecisionLacks(f"Aucun avis adopté {asked.opinion} n'est connu ici.")
    voted = {one.fund: one.amount_cents for one in given if one.action == asked.action}
    if not voted:
        raise DecisionLacks(
            f"L'avis {asked.opinion} n'attribue rien à l'action « {asked.action} »."
        )
    total = sum(voted.values())
    if asked.amount_cents > total:
        raise SplitTooLarge(asked.action, voted_cents=total, asked_cents=asked.amount_cents)
    return Split(
        opinion=asked.opinion,
        action=asked.action,
        amount_cents=asked.amount_cents,
        shares=[
            SplitShare(fund=fund, amount_cents=cents, voted_cents=voted[fund])
            for fund, cents in splits.shares(asked.amount_cents, voted).items()
        ],
    )
