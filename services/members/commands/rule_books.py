"""Adopt the rule books that votes follow."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from contracts.events.members.votes import RuleBookAdopted
from contracts.http.members import votes as bodies
from services.chassis import outbox
from services.chassis.database import Connection
from services.members import model
from services.members.commands.seats import SOURCE, coordination_of
from services.members.errors import RecordDiffers
from services.members.model import tally, votes
from services.members.store import rule_books as rows


async def adopt_rule_book(
    connection: Connection,
    coordination: str,
    asked: bodies.AdoptRuleBook,
    *,
    rule_book_id: UUID,
    now: datetime,
    new_id: Callable[[], UUID],
) -> votes.RuleBookRow:
    """Adopt a rule book under the next version and tell the other services.

    Again, or when it says the same as the last version, nothing changes.

    Raises:
        NoSuchCoordination: it was never founded.
        RuleIsNotSound: votes under it would have no meaning.
        RecordDiffers: the id names a rule book with another content.
    """
    model.must_be_plain(asked)
    book = votes.rule_book_of(asked)
    tally.must_be_sound(votes.rule_of(book))
    if book.second_call is not None:
        tally.must_be_sound(votes.rule_of(book, call=2))
    document = votes.canonical(book)
    async with connection.transaction():
        await coordination_of(connection, coordination)
        version = await rows.latest_version(connection, coordination)
        row = votes.RuleBookRow(
            coordination=coordination,
            version=version + 1,
            rule_book_id=rule_book_id,
            adopted_on=asked.adopted_on,
            document=document,
            sha256=votes.sha256(document),
        )
        known = await rows.by_id(connection, rule_book_id)
        if known is not None:
            same = (coordination, asked.adopted_on, document)
            if (known.coordination, known.adopted_on, known.document) != same:
                raise RecordDiffers("Le règlement", rule_book_id)
            return known
        last = await rows.one(connection, coordination)
        if last is not None and last.document == document:
            return last
        if not await rows.add(connection, row, now=now):
            raise RecordDiffers("Le règlement", rule_book_id)
        fact = RuleBookAdopted(
            coordination=coordination,
            version=row.version,
            adopted_on=row.adopted_on,
            rule_book=book,
            sha256=row.sha256,
        )
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
    return row
