"""Decide acts and record them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from contracts.http.funding import (
    TransferAnswer,
    TransferAsked,
)
from services.chassis import outbox
from services.chassis.database import Connection
from services.funding import store
from services.funding.model import journal, ledger, sums
from services.funding.model.book import Act, Book
from services.funding.model.state import Reading
from services.funding.store import flows, periods
from services.funding.store import limits as limit_rows

SOURCE = "urn:ctin:service:funding"

FACT_BYTES_MAX = outbox.DATA_BYTES_MAX


async def post(
    connection: Connection,
    coordination: str,
    acts: Sequence[Act],
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> list[TransferAnswer]:
    """Decide a batch of acts, record those accepted as one block, and return every answer.

    Only the posting lane calls it: one batch of a ledger at a time.

    Raises:
        Fenced: a block was sealed or a period closed meanwhile; nothing is recorded.
    """
    async with connection.transaction():
        after = await store.head(connection, coordination)
        book = Book(await _read(connection, coordination, acts, lock=True))
        answers = book.decide(acts)
        if book.accepted:
            block = journal.seal(book.accepted, after=after, at=now)
            await _write(connection, coordination, block, book)
            facts = journal.facts(coordination, block, book.accepted, bytes_max=FACT_BYTES_MAX)
            await outbox.put(connection, facts, source=SOURCE, now=now, new_id=new_id)
    return answers


async def try_out(
    connection: Connection, coordination: str, acts: Sequence[Act]
) -> list[TransferAnswer]:
    """Return the answers `post` would give now, and record nothing."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        book = Book(await _read(connection, coordination, acts, lock=False))
    return book.decide(acts)


async def _read(
    connection: Connection, coordination: str, acts: Sequence[Act], *, lock: bool
) -> Reading:
    """Read what a batch stands on: accounts first, held; then the ids, in a later statement."""
    asked = [act for act in acts if isinstance(act, TransferAsked)]
    wanted = ledger.wanted(asked)
    cited = await store.recorded(connection, coordination, wanted.cited)
    awards = await store.award_totals(connection, coordination, wanted.withdrawn_funds)
    codes = ledger.codes(asked, cited, awards)
    balances = await store.balances(connection, coordination, codes, lock=lock)
    funds = wanted.funds | {one.fund for one in cited}
    limits = await limit_rows.limits(connection, coordination, asked, lock=lock)
    sums_read = ledger.tallies(asked, funds) | sums.tallies(asked, limits)
    known = await store.references(connection, coordination, wanted)
    return Reading(
        balances=balances,
        recorded=[*cited, *await store.recorded(connection, coordination, wanted.ids)],
        cited=await store.cited(connection, coordination, wanted.cited),
        tallies=await store.tallies(connection, coordination, sums_read),
        awards=awards,
        closed_through=await periods.closed_through(connection, coordination),
        known=msgspec.structs.replace(known, limits=limits),
    )


async def _write(
    connection: Connection, coordination: str, block: journal.Block, book: Book
) -> None:
    """Write a decided batch; the block goes first, because it is the fence."""
    await store.add_block(connection, coordination, block)
    changes = book.changes()
    codes = {code for one in book.accepted for code in (one.debit, one.credit)}
    account_ids = await store.open_accounts(connection, coordination, codes)
    await store.add_transfers(connection, coordination, block, book.accepted, account_ids)
    await store.move_balances(connection, changes, account_ids)
    await store.move_tallies(connection, coordination, book.tally_changes())
    await flows.move(connection, coordination, book.flows(), account_ids)
