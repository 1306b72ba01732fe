"""Questions about votes: what is asked, who may vote, who voted how, and what it adds up to."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from uuid import UUID

import msgspec

from contracts.envelope import Event
from contracts.events.members.votes import Choice, RuleBook, VoteResult
from contracts.http.members.votes import Result
from services.chassis.database import Connection
from services.members.errors.votes import NoSuchResolution, NoSuchRuleBook, VoteIsOpen
from services.members.model import tally, votes
from services.members.reads.pages import page
from services.members.store import ballots as ballot_rows
from services.members.store import resolutions as rows
from services.members.store import rule_books as books

FACTS_PAGE = 50
VERSION_MAX = 2**31 - 1


async def rule_book(
    connection: Connection, coordination: str, version: int | None = None
) -> votes.RuleBookRow:
    """Return a version of a coordination's rule book, the last one when none is named.

    Raises:
        NoSuchRuleBook: there is none.
    """
    found = await books.one(connection, coordination, version)
    if found is None:
        raise NoSuchRuleBook(version or 1)
    return found


async def rule_books(
    connection: Connection, coordination: str, *, before: int | None, most: int
) -> tuple[list[votes.RuleBookRow], int | None]:
    """Return a page of rule books, the last one first."""
    rows_ = await books.page(connection, coordination, before or VERSION_MAX, most + 1)
    found, last = page(rows_, most)
    return found, last.version if last else None


async def resolution(connection: Connection, resolution_id: UUID) -> votes.ResolutionRow:
    """Return one resolution.

    Raises:
        NoSuchResolution: there is none of this id.
    """
    found = await rows.one(connection, resolution_id)
    if found is None:
        raise NoSuchResolution(resolution_id)
    return found


async def resolution_home(connection: Connection, resolution_id: UUID) -> str:
    """Return the coordination of a resolution, so that the caller's right can be checked.

    Raises:
        NoSuchResolution: there is none of this id.
    """
    found = await rows.home(connection, resolution_id)
    if found is None:
        raise NoSuchResolution(resolution_id)
    return found


async def resolutions(
    connection: Connection, coordination: str, *, after: UUID, most: int
) -> tuple[list[votes.ResolutionRow], UUID | None]:
    """Return a page of resolutions by id."""
    found, last = page(await rows.page(connection, coordination, after, most + 1), most)
    return found, last.resolution_id if last else None


async def voter(connection: Connection, resolution_id: UUID, member: UUID) -> votes.VoterRow | None:
    """Return a member of a roll, None when it is not on it."""
    return (await rows.voters_named(connection, resolution_id, [member])).get(member)


async def roll(
    connection: Connection, resolution_id: UUID, *, after: UUID, most: int
) -> tuple[list[votes.VoterRow], UUID | None]:
    """Return a page of a roll by member."""
    found, last = page(await rows.voters(connection, resolution_id, after, most + 1), most)
    return found, last.member_id if last else None


async def ballots(
    connection: Connection, resolution_id: UUID, *, after: int, most: int
) -> tuple[list[votes.ShownBallot], int | None]:
    """Return a page of ballots by sequence number."""
    found, last = page(await ballot_rows.page(connection, resolution_id, after, most + 1), most)
    return found, last.seq if last else None


async def standing(connection: Connection, row: votes.ResolutionRow) -> Result:
    """Return what the ballots of an open vote add up to now; of a closed one, its result."""
    if row.result is not None:
        return result(row)
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        now = await resolution(connection, row.resolution_id)
        if now.result is not None:
            return result(now)
        book = await rule_book(connection, now.coordination, now.rule_book)
        counts = await ballot_rows.counts(connection, now.resolution_id)
    document = msgspec.json.decode(book.document, type=RuleBook)
    return _result(now, tally.tally(votes.rule_of(document, call=now.call), counts))


def result(row: votes.ResolutionRow) -> Result:
    """Return what a closed vote decided.

    Raises:
        VoteIsOpen: nothing is decided yet.
    """
    if row.result is None:
        raise VoteIsOpen(row.resolution_id)
    return _result(row, msgspec.json.decode(row.result, type=VoteResult))


def _result(row: votes.ResolutionRow, found: VoteResult) -> Result:
    return Result(
        **{name: getattr(found, name) for name in VoteResult.__struct_fields__},
        resolution=row.resolution_id,
        call=row.call,
        rule_book=row.rule_book,
        rule_book_sha256=row.rule_book_sha256,
        ballots=row.last_seq,
        closed_at=row.closed_at,
        casting_vote=Choice(row.casting_vote) if row.casting_vote else None,
        digest=row.fact_digest,
    )


async def fact_lines(
    read: Callable[[], AbstractAsyncContextManager[Connection]], resolution_id: UUID
) -> AsyncIterator[bytes]:
    """Yield the facts told of a resolution as structured CloudEvents, a page of lines at a time."""
    after = 0
    while True:
        async with read() as connection:
            found = await rows.facts(connection, resolution_id, after, FACTS_PAGE)
        if not found:
            return
        yield b"\n".join(_line(one) for one in found) + b"\n"
        after = found[-1].version


def _line(row: votes.FactRow) -> bytes:
    event = Event(
        id=str(row.event_id),
        source=row.source,
        type=row.type,
        time=row.at,
        data=row.data,
        subject=row.aggregate,
        sequence=str(row.version),
        causationid=row.causation_id,
        correlationid=row.correlation_id,
    )
    return msgspec.json.encode(event.structured())


async def overdue(connection: Connection, most: int) -> list[UUID]:
    """Return votes whose hour is past and that nobody closed yet, the oldest first."""
    return await rows.overdue(connection, most)
