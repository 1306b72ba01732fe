"""Rows of resolutions, of their rolls and of the facts told of them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from services.chassis.database import Connection
from services.members.model.chain import Chain
from services.members.model.presence import RollEntry
from services.members.model.votes import FactRow, PlaceRow, ResolutionRow, VoterRow
from services.members.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "session_place": PlaceRow,
    "committee_place": PlaceRow,
    "resolution": ResolutionRow,
    "lock_resolution": ResolutionRow,
    "resolutions": ResolutionRow,
    "voters": VoterRow,
    "voters_named": VoterRow,
    "vote_facts": FactRow,
}


async def clock(connection: Connection) -> datetime:
    """Return the database's instant."""
    at: datetime = await connection.fetchval(SQL["vote_clock"])
    return at


async def session_place(
    connection: Connection, coordination: str, session_id: UUID
) -> PlaceRow | None:
    """Return the committee that meets in a session."""
    row = await connection.fetchrow(SQL["session_place"], coordination, session_id)
    return PlaceRow(*row) if row else None


async def committee_place(
    connection: Connection, coordination: str, committee: str
) -> PlaceRow | None:
    """Return a committee with its kind."""
    row = await connection.fetchrow(SQL["committee_place"], coordination, committee)
    return PlaceRow(*row) if row else None


async def add(connection: Connection, row: ResolutionRow) -> bool:
    """Open a vote; return False if its id, or the first call it follows, is taken."""
    added = await connection.fetchval(
        SQL["add_resolution"],
        row.coordination,
        row.resolution_id,
        row.session_id,
        row.committee,
        row.title,
        row.text,
        row.object,
        row.rule_book,
        row.diagnostic_version,
        row.award_actions,
        row.award_funds,
        row.award_cents,
        row.interested,
        row.chair,
        row.call,
        row.second_call_of,
        row.opened_at,
        row.closes_at,
        row.fact_digest,
    )
    return added is not None


async def freeze_roll(
    connection: Connection, row: ResolutionRow, roll: Sequence[RollEntry], *, day: date
) -> None:
    """Freeze who may vote on a resolution, and who of them must leave."""
    await connection.execute(
        SQL["freeze_roll"],
        row.coordination,
        row.resolution_id,
        day,
        row.committee,
        row.interested,
        [one.member_id for one in roll],
        [one.organization for one in roll],
        [one.college for one in roll],
        [one.units for one in roll],
    )


async def voters(
    connection: Connection, resolution_id: UUID, after: UUID, most: int
) -> list[VoterRow]:
    """Return the members of a roll with an id above `after`, at most `most`."""
    rows = await connection.fetch(SQL["voters"], resolution_id, after, most)
    return [VoterRow(*row) for row in rows]


async def voters_named(
    connection: Connection, resolution_id: UUID, members: Collection[UUID]
) -> dict[UUID, VoterRow]:
    """Return those of some members that are on a roll, by id."""
    rows = await connection.fetch(SQL["voters_named"], resolution_id, list(members))
    return {row["member_id"]: VoterRow(*row) for row in rows}


async def one(
    connection: Connection, resolution_id: UUID, *, lock: bool = False
) -> ResolutionRow | None:
    """Return one resolution, held until the transaction ends when `lock`."""
    query = SQL["lock_resolution"] if lock else SQL["resolution"]
    row = await connection.fetchrow(query, resolution_id)
    return ResolutionRow(*row) if row else None


async def home(connection: Connection, resolution_id: UUID) -> str | None:
    """Return the coordination of a resolution."""
    found: str | None = await connection.fetchval(SQL["resolution_home"], resolution_id)
    return found


async def page(
    connection: Connection, coordination: str, after: UUID, most: int
) -> list[ResolutionRow]:
    """Return the resolutions with an id above `after`, at most `most`."""
    rows = await connection.fetch(SQL["resolutions"], coordination, after, most)
    return [ResolutionRow(*row) for row in rows]


async def second_call(connection: Connection, first_call: UUID) -> UUID | None:
    """Return the resolution that is the second call of another, if there is one."""
    found: UUID | None = await connection.fetchval(SQL["second_call"], first_call)
    return found


async def overdue(connection: Connection, most: int) -> list[UUID]:
    """Return votes whose hour is past and that are not closed, the oldest first."""
    rows = await connection.fetch(SQL["overdue_votes"], most)
    return [row["resolution_id"] for row in rows]


async def tick(connection: Connection, resolution_id: UUID) -> datetime:
    """Return the instant of a held vote, never before the one it gave last."""
    at: datetime = await connection.fetchval(SQL["tick_vote"], resolution_id)
    return at


async def advance(
    connection: Connection, resolution_id: UUID, *, last_seq: int, chain: Chain
) -> None:
    """Keep where a held vote stands."""
    await connection.execute(
        SQL["advance_vote"], resolution_id, last_seq, chain.step, chain.fact, chain.entry
    )


async def close(
    connection: Connection,
    resolution_id: UUID,
    *,
    closed_at: datetime,
    casting_vote: str | None,
    result: str,
    chain: Chain,
) -> None:
    """Keep what a held vote decided."""
    await connection.execute(
        SQL["close_vote"],
        resolution_id,
        closed_at,
        casting_vote,
        result,
        chain.step,
        chain.fact,
    )


async def recuse(connection: Connection, resolution_id: UUID, member: UUID, ground: str) -> bool:
    """Take a member off a roll; return False if it left already."""
    found = await connection.fetchval(SQL["recuse_voter"], resolution_id, member, ground)
    return found is not None


async def facts(
    connection: Connection, resolution_id: UUID, after: int, most: int
) -> list[FactRow]:
    """Return the facts told of a resolution above version `after`, at most `most`."""
    rows = await connection.fetch(SQL["vote_facts"], str(resolution_id), after, most)
    return [FactRow(*row) for row in rows]
