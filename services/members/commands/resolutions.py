"""Open votes: freeze the roll, recuse who is interested, tell all of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from contracts.envelope import Fact
from contracts.events.members.votes import (
    RecusalDeclared,
    RecusalGround,
    ResolutionObject,
    ResolutionOpened,
    RollContinued,
    RollEntry,
    RuleBook,
)
from contracts.http.members import votes as bodies
from services.chassis import outbox
from services.chassis.database import Connection
from services.members import model, store
from services.members.commands.seats import SOURCE, coordination_of
from services.members.errors import RecordDiffers
from services.members.errors.votes import (
    ClosingIsOff,
    CollegeIsNotInTheRuleBook,
    DiagnosticIsNotCited,
    NobodyVotes,
    NoSuchPlace,
    NoSuchResolution,
    NoSuchRuleBook,
    NotOnTheRoll,
    SecondCallIsNotDue,
    SessionIsAnothers,
    VoteIsClosed,
)
from services.members.model import chain as chains
from services.members.model import votes
from services.members.model.days import day_of
from services.members.store import resolutions as rows
from services.members.store import rule_books, sessions

ROLL_MAX = 20_000
VOTE_DAYS_MAX = 400
STRATEGIC = "STRATEGIC"
FIRST = UUID(int=0)
_BYTES_BESIDE_MIN = 1024


async def open_resolution(
    connection: Connection,
    coordination: str,
    asked: bodies.OpenResolution,
    *,
    resolution_id: UUID,
    new_id: Callable[[], UUID],
) -> votes.ResolutionRow:
    """Open a vote at the database's instant and tell it; again, nothing changes.

    Raises:
        NoSuchCoordination, NoSuchPlace, NoSuchRuleBook, NoSuchResolution: something is named that
            this coordination does not have.
        SessionIsAnothers: the session is another committee's.
        DiagnosticIsNotCited: a strategic committee decides without a version of the diagnostic.
        SecondCallIsNotDue: the first call does not let this one be opened.
        ClosingIsOff: it would close before it opens, or years later.
        NobodyVotes, NotOnTheRoll, CollegeIsNotInTheRuleBook: the roll does not fit.
        RecordDiffers: the id names a resolution with another content.
        ValueRepeats, TextIsNotPlain, HoldsPersonalData: as their names say.
    """
    plain = msgspec.structs.replace(asked, text=" ".join(asked.text.split()))
    model.must_be_plain(plain, "title", "text")
    model.must_award_once(asked.awards)
    model.must_name_once("interested", asked.interested)
    async with connection.transaction():
        await coordination_of(connection, coordination)
        found = await rows.one(connection, resolution_id)
        if found is not None:
            return _known(found, coordination, asked)
        committee = await _committee(connection, coordination, asked)
        book = await rule_books.one(connection, coordination, asked.rule_book)
        if book is None:
            raise NoSuchRuleBook(asked.rule_book or 1)
        at = await rows.clock(connection)
        if asked.closes_at and not at < asked.closes_at <= at + timedelta(days=VOTE_DAYS_MAX):
            raise ClosingIsOff(asked.closes_at.isoformat(), days_max=VOTE_DAYS_MAX)
        row = _row(coordination, resolution_id, asked, committee=committee, book=book, at=at)
        document = msgspec.json.decode(book.document, type=RuleBook)
        if asked.second_call_of is not None:
            await _must_be_due(connection, asked.second_call_of, row, document)
        if await store.opinion(connection, coordination, resolution_id) is not None:
            raise RecordDiffers("L'avis", resolution_id)
        if not await rows.add(connection, row):
            raise RecordDiffers("La résolution", resolution_id)
        day = day_of(at)
        roll = await sessions.roll_of_day(connection, coordination, committee, day)
        await rows.freeze_roll(connection, row, roll, day=day)
        voters = await rows.voters(connection, resolution_id, FIRST, ROLL_MAX)
        _must_vote(voters, row, document)
        chain = chains.Chain()
        told = _told(row, document, voters, chain)
        await rows.advance(connection, resolution_id, last_seq=0, chain=chain)
        await outbox.put(connection, told, source=SOURCE, now=at, new_id=new_id)
    return row


def _row(
    coordination: str,
    resolution_id: UUID,
    asked: bodies.OpenResolution,
    *,
    committee: str | None,
    book: votes.RuleBookRow,
    at: datetime,
) -> votes.ResolutionRow:
    return votes.ResolutionRow(
        coordination=coordination,
        resolution_id=resolution_id,
        session_id=asked.session,
        committee=committee,
        title=asked.title,
        text=asked.text,
        object=asked.object.value,
        rule_book=book.version,
        rule_book_sha256=book.sha256,
        diagnostic_version=asked.diagnostic_version,
        award_actions=[award.action for award in asked.awards],
        award_funds=[award.fund for award in asked.awards],
        award_cents=[award.amount_cents for award in asked.awards],
        interested=asked.interested,
        chair=asked.chair,
        call=1 if asked.second_call_of is None else 2,
        second_call_of=asked.second_call_of,
        opened_at=at,
        closes_at=asked.closes_at,
        clock=at,
        last_seq=0,
        step=0,
        fact_digest=votes.GENESIS,
        entry_digest=votes.GENESIS,
        closed_at=None,
        casting_vote=None,
        result=None,
    )


_ASKED = (
    "session_id",
    "title",
    "text",
    "object",
    "diagnostic_version",
    "award_actions",
    "award_funds",
    "award_cents",
    "interested",
    "chair",
    "second_call_of",
    "closes_at",
)
"""What a resolution keeps as it was asked."""
_AGENDA = (
    "committee",
    "title",
    "text",
    "object",
    "rule_book",
    "diagnostic_version",
    "award_actions",
    "award_funds",
    "award_cents",
    "interested",
)
"""What the second call of a resolution repeats."""


def _known(
    found: votes.ResolutionRow, coordination: str, asked: bodies.OpenResolution
) -> votes.ResolutionRow:
    """Return the resolution that is there, when it is the one that is asked for."""
    book = votes.RuleBookRow(
        found.coordination,
        asked.rule_book or found.rule_book,
        FIRST,
        found.opened_at.date(),
        "",
        found.rule_book_sha256,
    )
    again = _row(
        coordination,
        found.resolution_id,
        asked,
        committee=asked.committee or found.committee,
        book=book,
        at=found.opened_at,
    )
    for name in ("coordination", "committee", "rule_book", *_ASKED):
        if getattr(again, name) != getattr(found, name):
            raise RecordDiffers("La résolution", found.resolution_id, field=name)
    return found


async def _committee(
    connection: Connection, coordination: str, asked: bodies.OpenResolution
) -> str | None:
    """Return the committee a resolution is put to, None standing for the colleges."""
    place = None
    if asked.session is not None:
        place = await rows.session_place(connection, coordination, asked.session)
        if place is None:
            raise NoSuchPlace("session", asked.session)
        if asked.committee not in {None, place.committee}:
            raise SessionIsAnothers(place.committee)
    elif asked.committee is not None:
        place = await rows.committee_place(connection, coordination, asked.committee)
        if place is None:
            raise NoSuchPlace("committee", asked.committee)
    if place is None or place.committee is None:
        return None
    if place.type == STRATEGIC and asked.diagnostic_version is None:
        raise DiagnosticIsNotCited(place.committee)
    return place.committee


async def _must_be_due(
    connection: Connection, first_call: UUID, row: votes.ResolutionRow, book: RuleBook
) -> None:
    """Refuse a second call that the first one, or the rule book, does not allow today."""
    first = await rows.one(connection, first_call, lock=True)
    if first is None or first.coordination != row.coordination:
        raise NoSuchResolution(first_call)
    field = "second_call_of"
    if book.second_call is None:
        raise SecondCallIsNotDue(field, "Ce règlement ne prévoit pas de seconde convocation.")
    if first.call != 1:
        raise SecondCallIsNotDue(field, "Une seconde convocation n'est pas suivie d'une autre.")
    if await rows.second_call(connection, first_call) is not None:
        raise SecondCallIsNotDue(field, "Cette résolution a déjà sa seconde convocation.")
    if first.result is None or msgspec.json.decode(first.result)["quorum"]:
        raise SecondCallIsNotDue(field, "La première convocation n'a pas manqué de quorum.")
    for name in _AGENDA:
        if getattr(first, name) != getattr(row, name):
            raise SecondCallIsNotDue(
                name, "Une seconde convocation garde le même ordre du jour ; reprenez-le."
            )
    assert first.closed_at is not None, "it has a result"
    waited = day_of(row.opened_at) - day_of(first.closed_at)
    if waited.days < book.second_call.days:
        raise SecondCallIsNotDue(
            field,
            f"Il faut {book.second_call.days} jours entre les deux convocations, "
            f"il y en a {waited.days}.",
        )


def _must_vote(voters: list[votes.VoterRow], row: votes.ResolutionRow, book: RuleBook) -> None:
    if not voters:
        raise NobodyVotes
    for voter in voters:
        if voter.college not in book.colleges:
            raise CollegeIsNotInTheRuleBook(voter.college)
    if row.chair is not None and row.chair not in {voter.member_id for voter in voters}:
        raise NotOnTheRoll("chair", row.chair)


def _told(
    row: votes.ResolutionRow, book: RuleBook, voters: list[votes.VoterRow], chain: chains.Chain
) -> list[Fact]:
    """Return the facts that open a vote: the first has the agenda, others the rest of the roll."""
    entries = chain.entries(
        RollEntry(
            member=voter.member_id,
            college=voter.college,
            units=voter.units,
            recusal=RecusalGround(voter.recusal) if voter.recusal else None,
            digest=votes.GENESIS,
        )
        for voter in voters
    )
    opened = ResolutionOpened(
        coordination=row.coordination,
        resolution_id=row.resolution_id,
        **chains.unplaced(),
        title=row.title,
        text_sha256=votes.sha256(row.text),
        object=ResolutionObject(row.object),
        session_id=row.session_id,
        committee=row.committee,
        call=row.call,
        second_call_of=row.second_call_of,
        rule_book_version=row.rule_book,
        rule_book=book,
        rule_book_sha256=row.rule_book_sha256,
        diagnostic_version=row.diagnostic_version,
        awards=row.awards,
        interested=row.interested,
        chair=row.chair,
        opened_at=row.opened_at,
        closes_at=row.closes_at,
        roll_members=len(entries),
        roll=[],
    )
    beside = len(msgspec.json.encode(opened)) + _BYTES_BESIDE_MIN
    first, *others = chains.parts(
        entries, first_bytes_beside=beside, bytes_max=outbox.DATA_BYTES_MAX
    )
    told: list[Fact] = [chain.tell(msgspec.structs.replace(opened, roll=first))]
    told += [
        chain.tell(
            RollContinued(
                coordination=row.coordination,
                resolution_id=row.resolution_id,
                **chains.unplaced(),
                roll=part,
            )
        )
        for part in others
    ]
    return told


async def declare_recusal(
    connection: Connection, resolution_id: UUID, member: UUID, *, new_id: Callable[[], UUID]
) -> votes.VoterRow:
    """Take a member off the roll of an open vote and tell it; again, nothing changes.

    Raises:
        NoSuchResolution: there is none of this id.
        NotOnTheRoll: the member was not on it.
        VoteIsClosed: too late.
    """
    async with connection.transaction():
        row = await rows.one(connection, resolution_id, lock=True)
        if row is None:
            raise NoSuchResolution(resolution_id)
        voter = (await rows.voters_named(connection, resolution_id, [member])).get(member)
        if voter is None:
            raise NotOnTheRoll("member", member)
        if voter.recusal is not None:
            return voter
        at = await rows.tick(connection, resolution_id)
        closed_at = votes.closed_since(row, at)
        if closed_at is not None:
            raise VoteIsClosed(closed_at.isoformat())
        ground = RecusalGround.DECLARED
        await rows.recuse(connection, resolution_id, member, ground.value)
        chain = chains.chain_of(row)
        fact = chain.tell(
            RecusalDeclared(
                coordination=row.coordination,
                resolution_id=resolution_id,
                **chains.unplaced(),
                member=member,
                declared_at=at,
            )
        )
        await rows.advance(connection, resolution_id, last_seq=row.last_seq, chain=chain)
        await outbox.put(connection, [fact], source=SOURCE, now=at, new_id=new_id)
    return msgspec.structs.replace(voter, recusal=ground.value)
