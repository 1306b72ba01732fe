"""Rows of the ledger."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from uuid import UUID

import asyncpg
import msgspec

from services.chassis.database import Connection
from services.funding.model.journal import Block, JournalRow
from services.funding.model.kinds import CONTRA, place
from services.funding.model.ledger import (
    AgreementTerms,
    AwardTotal,
    Balance,
    Cited,
    DecisionShare,
    FundTerms,
    Movement,
    OpinionShare,
    References,
    Tally,
    Wanted,
)
from services.funding.store.queries import SQL, R, rows_of

COLUMNS = (
    "coordination",
    "block",
    "n",
    *(field.name for field in msgspec.structs.fields(Movement)),
)

CLOSED = "no_act_in_a_closed_period"
_MOVEMENT = len(msgspec.structs.fields(Movement))


class Fenced(Exception):
    """A block was sealed or a period closed meanwhile: read again and decide again."""


async def head(connection: Connection, coordination: str) -> tuple[int, bytes]:
    """Return number and hash of the last block; zero and 32 zero bytes before the first."""
    row = await connection.fetchrow(SQL["head"], coordination)
    return (row["seq"], row["hash"]) if row else (0, bytes(32))


async def balances(
    connection: Connection, coordination: str, codes: Collection[str], *, lock: bool
) -> list[Balance]:
    """Return the accounts that are open among `codes`, held until the end when `lock`."""
    query = SQL["lock_balances"] if lock else SQL["balances"]
    return await rows_of(connection, query, Balance, coordination, list(codes))


async def recorded(
    connection: Connection, coordination: str, transfer_ids: Collection[UUID]
) -> list[Movement]:
    """Return the transfers already recorded under these ids."""
    if not transfer_ids:
        return []
    return await rows_of(connection, SQL["recorded"], Movement, coordination, list(transfer_ids))


async def cited(
    connection: Connection, coordination: str, transfer_ids: Collection[UUID]
) -> list[Cited]:
    """Return what became of these transfers."""
    if not transfer_ids:
        return []
    return await rows_of(connection, SQL["cited"], Cited, coordination, list(transfer_ids))


async def award_totals(
    connection: Connection, coordination: str, fund_slugs: Collection[str]
) -> list[AwardTotal]:
    """Return what these funds awarded, per action and opinion."""
    if not fund_slugs:
        return []
    return await rows_of(
        connection, SQL["award_totals"], AwardTotal, coordination, list(fund_slugs)
    )


async def tallies(
    connection: Connection, coordination: str, asked: Collection[Tally]
) -> dict[Tally, int]:
    """Return the sums that exist among those asked for."""
    fund_slugs, what, details = [list(part) for part in zip(*asked, strict=True)] or [[], [], []]
    rows = await connection.fetch(SQL["tallies"], coordination, fund_slugs, what, details)
    return {(row["fund"], row["what"], row["detail"]): row["amount_cents"] for row in rows}


async def references(connection: Connection, coordination: str, wanted: Wanted) -> References:
    """Return what a batch cites, as it is known."""

    async def found(query: str, kind: type[R], asked: Collection[object]) -> list[R]:
        return await rows_of(connection, query, kind, coordination, list(asked)) if asked else []

    async def known(query: str, asked: Collection[str]) -> frozenset[str]:
        if not asked:
            return frozenset()
        rows = await connection.fetch(query, coordination, list(asked))
        return frozenset(row[0] for row in rows)

    terms = await found(SQL["fund_terms"], FundTerms, wanted.funds)
    agreed = await found(SQL["agreement_terms"], AgreementTerms, wanted.agreements)
    voted = await found(SQL["opinion_shares"], OpinionShare, wanted.opinions)
    decided = await found(SQL["decision_shares"], DecisionShare, wanted.decisions)
    return References(
        funds={one.fund: one for one in terms},
        agreements={one.agreement: one for one in agreed},
        actions=await known(SQL["known_actions"], wanted.actions),
        payees=await known(SQL["known_payees"], wanted.payees),
        opinions=_by(voted, "opinion"),
        decisions=_by(decided, "decision"),
    )


def _by(rows: Iterable[R], name: str) -> dict[UUID, list[R]]:
    def key(row: R) -> UUID:
        found: UUID = getattr(row, name)
        return found

    return {one: list(of_one) for one, of_one in groupby(sorted(rows, key=key), key=key)}


async def add_block(connection: Connection, coordination: str, block: Block) -> None:
    """Seal a block.

    Raises:
        Fenced: there is a block after the one it was decided on.
    """
    try:
        await connection.execute(SQL["add_block"], coordination, *msgspec.structs.astuple(block))
    except asyncpg.UniqueViolationError as fault:
        raise Fenced from fault


async def open_accounts(
    connection: Connection, coordination: str, codes: Collection[str]
) -> dict[str, int]:
    """Return the ids of these accounts, opened where they were not."""
    asked = list(codes)
    rows = await connection.fetch(SQL["account_ids"], coordination, asked)
    found: dict[str, int] = {row["code"]: row["account_id"] for row in rows}
    places = {code: place(code) for code in asked if code not in found}
    if not places:
        return found
    await connection.execute(
        SQL["add_accounts"],
        coordination,
        list(places),
        [one.fund for one in places.values()],
        [one.stage for one in places.values()],
        [one.action for one in places.values()],
        [one.payee for one in places.values()],
    )
    rows = await connection.fetch(SQL["account_ids"], coordination, list(places))
    opened: dict[str, int] = {row["code"]: row["account_id"] for row in rows}
    contra = [places[code].stage in CONTRA for code in opened]
    await connection.execute(SQL["add_balances"], list(opened.values()), contra)
    return found | opened


async def add_transfers(
    connection: Connection,
    coordination: str,
    block: Block,
    movements: Sequence[Movement],
    account_ids: Mapping[str, int],
) -> None:
    """Append a block's transfers.

    Raises:
        Fenced: a period was closed meanwhile over the day of one of them.
    """
    records = []
    for n, one in enumerate(movements):
        values = list(msgspec.structs.astuple(one))
        values[4], values[5] = account_ids[one.debit], account_ids[one.credit]
        records.append((coordination, block.seq, n, *values))
    try:
        await connection.copy_records_to_table("transfers", records=records, columns=COLUMNS)
    except asyncpg.CheckViolationError as fault:
        if getattr(fault, "constraint_name", None) == CLOSED:
            raise Fenced from fault
        raise


async def move_balances(
    connection: Connection, changes: Sequence[Balance], account_ids: Mapping[str, int]
) -> None:
    """Add differences to the accounts they are of, lowest id first."""
    ordered = sorted(changes, key=lambda one: account_ids[one.code])
    await connection.execute(
        SQL["move_balances"],
        [account_ids[one.code] for one in ordered],
        [one.debits_pending for one in ordered],
        [one.debits_posted for one in ordered],
        [one.credits_pending for one in ordered],
        [one.credits_posted for one in ordered],
    )


async def move_tallies(
    connection: Connection, coordination: str, changes: Mapping[Tally, int]
) -> None:
    """Add differences to the sums they are of."""
    await connection.execute(
        SQL["move_tallies"],
        coordination,
        [fund_slug for fund_slug, _, _ in changes],
        [what for _, what, _ in changes],
        [detail for _, _, detail in changes],
        list(changes.values()),
    )


async def journal(
    connection: Connection, coordination: str, after: tuple[int, int], most: int
) -> list[JournalRow]:
    """Return the transfers recorded after block and place `after`, at most `most`."""
    rows = await connection.fetch(SQL["journal"], coordination, *after, most)
    return [
        JournalRow(
            Movement(*row[:_MOVEMENT]),
            row["n"],
            Block(row["block"], row["count"], row["prev"], row["hash"], row["at"]),
        )
        for row in rows
    ]
