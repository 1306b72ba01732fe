"""What the funding service can be asked to change. Each command is one transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from contracts.events.members import FunderDecisionRecorded, OpinionAdopted
from contracts.events.roadmap import ActionValidated
from contracts.http.funding import (
    TransferAnswer,
    TransferAsked,
    WriteFund,
    WriteFunder,
    WriteFundingAgreement,
    WritePayee,
)
from services.chassis import outbox
from services.chassis.database import Connection
from services.funding import store
from services.funding.errors import DaysReversed, NotKnown, WrittenDiffers
from services.funding.model import journal, ledger
from services.funding.model.book import Act, Book
from services.funding.model.references import AgreementRow, FunderRow, FundRow, PayeeRow
from services.funding.model.state import Reading

SOURCE = "urn:ctin:service:funding"
FACT_BYTES_MAX = outbox.DATA_BYTES_MAX


async def write_funder(
    connection: Connection, coordination: str, funder: str, asked: WriteFunder
) -> FunderRow:
    """Write a funder; the same one again changes nothing.

    Raises:
        WrittenDiffers: the slug names a funder with another content.
    """
    row = FunderRow(funder, asked.name, asked.level.value, asked.legal_nature.value)
    async with connection.transaction():
        await _write_reference(connection, coordination, row, "Le financeur", funder)
    return row


async def write_fund(
    connection: Connection, coordination: str, fund: str, asked: WriteFund
) -> FundRow:
    """Write a fund of a known funder; the same one again changes nothing.

    Raises:
        NotKnown: the funder was never written.
        DaysReversed: the fund ends before it begins.
        WrittenDiffers: the slug names a fund with another content.
    """
    if asked.valid_until < asked.valid_from:
        raise DaysReversed(asked.valid_from, asked.valid_until)
    row = FundRow(
        fund,
        asked.name,
        asked.funder,
        asked.custody.value,
        asked.mode.value,
        asked.restriction.value,
        asked.valid_from,
        asked.valid_until,
        asked.ceiling_cents,
        asked.prefinancing_limit_cents,
    )
    async with connection.transaction():
        if await store.reference(connection, coordination, FunderRow, asked.funder) is None:
            raise NotKnown("Le financeur", asked.funder, field="funder")
        await _write_reference(connection, coordination, row, "Le fonds", fund)
    return row


async def write_agreement(
    connection: Connection, coordination: str, agreement: str, asked: WriteFundingAgreement
) -> AgreementRow:
    """Write a signed agreement of a known fund; the same one again changes nothing.

    Its action may be validated later: facts and writes come by different ways.

    Raises:
        NotKnown: the fund was never written.
        WrittenDiffers: the id names an agreement with another content.
    """
    row = AgreementRow(
        agreement, asked.fund, asked.amount_cents, asked.signed_on, asked.action, asked.reference
    )
    async with connection.transaction():
        if await store.reference(connection, coordination, FundRow, asked.fund) is None:
            raise NotKnown("Le fonds", asked.fund, field="fund")
        await _write_reference(connection, coordination, row, "La convention", agreement)
    return row


async def write_payee(
    connection: Connection, coordination: str, payee: str, asked: WritePayee
) -> PayeeRow:
    """Write a payee; the same one again changes nothing.

    Raises:
        WrittenDiffers: the slug names a payee with another content.
    """
    row = PayeeRow(payee, asked.name, asked.siren)
    async with connection.transaction():
        await _write_reference(connection, coordination, row, "Le bénéficiaire", payee)
    return row


async def _write_reference(
    connection: Connection, coordination: str, row: store.Reference, what: str, name: str
) -> None:
    if await store.add_reference(connection, coordination, row):
        return
    if await store.reference(connection, coordination, type(row), name) != row:
        raise WrittenDiffers(what, name)


async def open_action(connection: Connection, fact: ActionValidated) -> None:
    """Open an action to earmarks and awards; validated again, its latest budget counts."""
    await store.open_action(connection, fact)


async def keep_opinion(connection: Connection, fact: OpinionAdopted) -> None:
    """Keep an adopted opinion, which awards will cite; told twice, it is kept once."""
    await store.add_opinion(connection, fact)


async def keep_decision(connection: Connection, fact: FunderDecisionRecorded) -> None:
    """Keep a funder's decision, which awards will cite; told twice, it is kept once."""
    await store.add_decision(connection, fact)


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
        Fenced: another process sealed a block meanwhile; nothing is recorded.
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
    return Reading(
        balances=balances,
        recorded=[*cited, *await store.recorded(connection, coordination, wanted.ids)],
        cited=await store.cited(connection, coordination, wanted.cited),
        tallies=await store.tallies(connection, coordination, ledger.tallies(asked, funds)),
        awards=awards,
        known=await store.references(connection, coordination, wanted),
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
