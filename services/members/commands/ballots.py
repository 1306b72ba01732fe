"""Take ballots, many at a time: one transaction numbers, keeps and tells them in order."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from contracts.envelope import Fact
from contracts.events.members.votes import BallotCast, BallotEntry, Choice, ProxyUsed, RuleBook
from services.chassis import outbox
from services.chassis.database import Connection
from services.chassis.errors import Refusal
from services.members.commands.seats import SOURCE
from services.members.errors.votes import NoSuchResolution
from services.members.model import box as boxes
from services.members.model import chain as chains
from services.members.model import votes
from services.members.model.box import AskedBallot, Box, Taken
from services.members.store import ballots as rows
from services.members.store import resolutions, rule_books

_BYTES_BESIDE = 1024


async def cast_ballots(
    connection: Connection,
    resolution_id: UUID,
    asked: Sequence[AskedBallot],
    *,
    new_id: Callable[[], UUID],
) -> list[Taken | Refusal]:
    """Take ballots of one resolution, in order, and answer each; a refused one stops no other.

    What decides is the database's clock once the resolution is held, never a clock of ours: no
    ballot is numbered at or after `closes_at`, nor after the close.

    Raises:
        NoSuchResolution: there is none of this id.
    """
    async with connection.transaction():
        row = await resolutions.one(connection, resolution_id, lock=True)
        if row is None:
            raise NoSuchResolution(resolution_id)
        at = await resolutions.tick(connection, resolution_id)
        box = Box(await _known(connection, row, asked, votes.closed_since(row, at)), at=at)
        answers = _put(box, asked)
        if box.cast:
            await rows.add(connection, resolution_id, box.cast, at=at)
            chain = chains.chain_of(row)
            told = _told(row, box, chain)
            await resolutions.advance(connection, resolution_id, last_seq=box.last_seq, chain=chain)
            await outbox.put(connection, told, source=SOURCE, now=at, new_id=new_id)
    return answers


def _put(box: Box, asked: Iterable[AskedBallot]) -> list[Taken | Refusal]:
    """Put ballots in a box, in order; a refused one stops no other."""
    answers: list[Taken | Refusal] = []
    for one in asked:
        try:
            answers.append(box.put(one))
        except Refusal as refusal:
            answers.append(refusal)
    return answers


async def _known(
    connection: Connection,
    row: votes.ResolutionRow,
    asked: Sequence[AskedBallot],
    closed_at: datetime | None,
) -> boxes.Known:
    """Return what the database holds about these ballots; proxies only when one is used."""
    resolution_id = row.resolution_id
    members = {one.member for one in asked}
    holders = {one.holder for one in asked if one.holder is not None}
    proxies_max, in_person = 0, set[UUID]()
    used, proxies = set[boxes.Pair](), dict[UUID, votes.ProxyRow]()
    if holders:
        book = await rule_books.one(connection, row.coordination, row.rule_book)
        assert book is not None, "a resolution has its rule book"
        proxies_max = msgspec.json.decode(book.document, type=RuleBook).proxies_max_per_holder
        in_person = await rows.voted_in_person(connection, resolution_id, members)
        used = await rows.used_proxies(connection, resolution_id)
        if row.session_id is not None:
            proxies = await rows.proxies_given(
                connection, row.coordination, row.session_id, members | holders
            )
    return boxes.Known(
        resolution=row,
        closed_at=closed_at,
        proxies_max=proxies_max,
        roll=await resolutions.voters_named(connection, resolution_id, members | holders),
        ballots=await rows.known(connection, {one.ballot_id for one in asked}),
        in_person=in_person,
        used=used,
        proxies=proxies,
    )


def _told(row: votes.ResolutionRow, box: Box, chain: chains.Chain) -> list[Fact]:
    """Return the facts that tell of ballots: proxies used for the first time, then the ballots."""
    about: dict[str, Any] = {"coordination": row.coordination, "resolution_id": row.resolution_id}
    told: list[Fact] = [
        chain.tell(
            ProxyUsed(
                **about,
                **chains.unplaced(),
                giver=one.giver,
                holder=one.holder,
                given_on=one.given_on,
            )
        )
        for one in box.proxies
    ]
    entries = chain.entries(_entries(box.cast))
    for part in chains.parts(
        entries, first_bytes_beside=_BYTES_BESIDE, bytes_max=outbox.DATA_BYTES_MAX
    ):
        fact = BallotCast(**about, **chains.unplaced(), cast_at=box.cast[0].cast_at, ballots=part)
        told.append(chain.tell(fact))
    return told


def _entries(cast: Iterable[votes.BallotRow]) -> Iterable[BallotEntry]:
    for one in cast:
        yield BallotEntry(
            seq=one.seq,
            member=one.member_id,
            choice=Choice(one.choice),
            holder=one.holder_id,
            digest=votes.GENESIS,
        )
