"""The only file of the funding service that runs SQL."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import TypeVar
from uuid import UUID

import asyncpg
import msgspec

from contracts.events.members import AwardShare, FunderDecisionRecorded, OpinionAdopted
from contracts.events.roadmap import ActionValidated
from services.chassis import sql
from services.chassis.database import Connection
from services.funding.model.figures import Amount, NamedFund
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
Reference = FunderRow | FundRow | AgreementRow | PayeeRow
COLUMNS = (
    "coordination",
    "block",
    "n",
    *(field.name for field in msgspec.structs.fields(Movement)),
)
_MOVEMENT = len(msgspec.structs.fields(Movement))


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
    "stages_as_of": Amount,
    "sums": Amount,
    "sums_as_of": Amount,
    "actions": ActionRow,
    "plans": PlanRow,
}


_REFERENCES: dict[type[msgspec.Struct], tuple[str, str]] = {
    FunderRow: (SQL["add_funder"], SQL["funder"]),
    FundRow: (SQL["add_fund"], SQL["fund"]),
    AgreementRow: (SQL["add_agreement"], SQL["agreement"]),
    PayeeRow: (SQL["add_payee"], SQL["payee"]),
}


class Fenced(Exception):
    """Another writer sealed a block meanwhile: read again and decide again."""


async def _rows(connection: Connection, query: str, kind: type[R], *values: object) -> list[R]:
    return [kind(*row) for row in await connection.fetch(query, *values)]


async def add_reference(connection: Connection, coordination: str, row: Reference) -> bool:
    """Write a funder, a fund, an agreement or a payee; return False if its name is taken."""
    add, _ = _REFERENCES[type(row)]
    done = await connection.execute(add, coordination, *msgspec.structs.astuple(row))
    return done == "INSERT 0 1"


async def reference(
    connection: Connection, coordination: str, kind: type[R], name: str
) -> R | None:
    """Return one funder, fund, agreement or payee."""
    _, read = _REFERENCES[kind]
    row = await connection.fetchrow(read, coordination, name)
    return kind(*row) if row else None


async def funds(connection: Connection, coordination: str, after: str, most: int) -> list[FundRow]:
    """Return the funds with a slug after `after`, at most `most`."""
    return await _rows(connection, SQL["funds"], FundRow, coordination, after, most)


async def open_action(connection: Connection, fact: ActionValidated) -> None:
    """Open an action, or bring it to what was validated last."""
    await connection.execute(
        SQL["open_action"],
        fact.coordination,
        fact.action,
        fact.number,
        fact.title,
        fact.budget_cents,
        fact.decision,
        fact.validated_on,
    )


async def add_opinion(connection: Connection, fact: OpinionAdopted) -> None:
    """Keep an adopted opinion and its shares, once."""
    added = await connection.fetchval(
        SQL["add_opinion"], fact.coordination, fact.opinion_id, fact.title, fact.adopted_on
    )
    if added is not None:
        await connection.execute(
            SQL["add_opinion_awards"], fact.coordination, fact.opinion_id, *_shares(fact.awards)
        )


async def add_decision(connection: Connection, fact: FunderDecisionRecorded) -> None:
    """Keep a funder's decision and its shares, once."""
    added = await connection.fetchval(
        SQL["add_decision"],
        fact.coordination,
        fact.decision_id,
        fact.funder,
        fact.body,
        fact.reference,
        fact.decided_on,
        fact.enforceable_since,
    )
    if added is not None:
        await connection.execute(
            SQL["add_decision_awards"], fact.coordination, fact.decision_id, *_shares(fact.awards)
        )


def _shares(awards: Sequence[AwardShare]) -> tuple[list[str], list[str], list[int]]:
    return (
        [share.action for share in awards],
        [share.fund for share in awards],
        [share.amount_cents for share in awards],
    )


async def head(connection: Connection, coordination: str) -> tuple[int, bytes]:
    """Return number and hash of the last block; zero and 32 zero bytes before the first."""
    row = await connection.fetchrow(SQL["head"], coordination)
    return (row["seq"], row["hash"]) if row else (0, bytes(32))


async def balances(
    connection: Connection, coordination: str, codes: Collection[str], *, lock: bool
) -> list[Balance]:
    """Return the accounts that are open among `codes`, held until the end when `lock`."""
    query = SQL["lock_balances"] if lock else SQL["balances"]
    return await _rows(connection, query, Balance, coordination, list(codes))


async def recorded(
    connection: Connection, coordination: str, transfer_ids: Collection[UUID]
) -> list[Movement]:
    """Return the transfers already recorded under these ids."""
    if not transfer_ids:
        return []
    return await _rows(connection, SQL["recorded"], Movement, coordination, list(transfer_ids))


async def cited(
    connection: Connection, coordination: str, transfer_ids: Collection[UUID]
) -> list[Cited]:
    """Return what became of these transfers."""
    if not transfer_ids:
        return []
    return await _rows(connection, SQL["cited"], Cited, coordination, list(transfer_ids))


async def award_totals(
    connection: Connection, coordination: str, fund_slugs: Collection[str]
) -> list[AwardTotal]:
    """Return what these funds awarded, per action and opinion."""
    if not fund_slugs:
        return []
    return await _rows(connection, SQL["award_totals"], AwardTotal, coordination, list(fund_slugs))


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
        return await _rows(connection, query, kind, coordination, list(asked)) if asked else []

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
    """Append a block's transfers."""
    records = []
    for n, one in enumerate(movements):
        values = list(msgspec.structs.astuple(one))
        values[4], values[5] = account_ids[one.debit], account_ids[one.credit]
        records.append((coordination, block.seq, n, *values))
    await connection.copy_records_to_table("transfers", records=records, columns=COLUMNS)


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


async def named_funds(connection: Connection, coordination: str) -> list[NamedFund]:
    """Return the funds of a coordination with who brings them."""
    return await _rows(connection, SQL["named_funds"], NamedFund, coordination)


async def stages(connection: Connection, coordination: str, as_of: date | None) -> list[Amount]:
    """Return what each stage of each fund holds, now or at the end of a day."""
    if as_of is None:
        return await _rows(connection, SQL["stages"], Amount, coordination)
    return await _rows(connection, SQL["stages_as_of"], Amount, coordination, as_of)


async def sums(connection: Connection, coordination: str, as_of: date | None) -> list[Amount]:
    """Return what each fund did in all, per kind of act, until now or a day."""
    if as_of is None:
        return await _rows(connection, SQL["sums"], Amount, coordination)
    return await _rows(connection, SQL["sums_as_of"], Amount, coordination, as_of)


async def gap(connection: Connection, coordination: str, as_of: date | None) -> int:
    """Return the budgets of the actions less what was agreed for them, in cents."""
    if as_of is None:
        cents: int = await connection.fetchval(SQL["gap"], coordination)
    else:
        cents = await connection.fetchval(SQL["gap_as_of"], coordination, as_of)
    return cents


async def actions(
    connection: Connection, coordination: str, after: str, most: int
) -> list[ActionRow]:
    """Return the actions with a slug after `after`, at most `most`."""
    return await _rows(connection, SQL["actions"], ActionRow, coordination, after, most)


async def plans(
    connection: Connection, coordination: str, action_slugs: Sequence[str]
) -> list[PlanRow]:
    """Return what each fund brings to these actions."""
    return await _rows(connection, SQL["plans"], PlanRow, coordination, list(action_slugs))
