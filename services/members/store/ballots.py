"""Rows of ballots, and what they add up to."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.chassis.database import Connection
from services.members.model.tally import Count
from services.members.model.votes import BallotRow, KnownBallot, ProxyRow, ShownBallot
from services.members.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "ballots_by_id": KnownBallot,
    "proxies_given": ProxyRow,
    "ballots": ShownBallot,
    "own_ballot": BallotRow,
    "vote_counts": Count,
}


async def known(connection: Connection, ballot_ids: Collection[UUID]) -> dict[UUID, KnownBallot]:
    """Return the ballots that some ids already name, of whatever resolution."""
    rows = await connection.fetch(SQL["ballots_by_id"], list(ballot_ids))
    return {row["ballot_id"]: KnownBallot(*row) for row in rows}


async def voted_in_person(
    connection: Connection, resolution_id: UUID, members: Collection[UUID]
) -> set[UUID]:
    """Return those of some members that cast a ballot of their own."""
    rows = await connection.fetch(SQL["voted_in_person"], resolution_id, list(members))
    return {row["member_id"] for row in rows}


async def used_proxies(connection: Connection, resolution_id: UUID) -> set[tuple[UUID, UUID]]:
    """Return who voted for whom: giver and holder."""
    rows = await connection.fetch(SQL["used_proxies"], resolution_id)
    return {(row["giver"], row["holder"]) for row in rows}


async def proxies_given(
    connection: Connection, coordination: str, session_id: UUID, members: Collection[UUID]
) -> dict[UUID, ProxyRow]:
    """Return the proxies that some members gave for a session and that hold, by giver."""
    rows = await connection.fetch(SQL["proxies_given"], coordination, session_id, list(members))
    return {row["giver"]: ProxyRow(*row) for row in rows}


async def add(
    connection: Connection, resolution_id: UUID, rows: Sequence[BallotRow], *, at: datetime
) -> None:
    """Keep ballots at their sequence numbers."""
    await connection.execute(
        SQL["add_ballots"],
        resolution_id,
        [row.seq for row in rows],
        [row.ballot_id for row in rows],
        [row.member_id for row in rows],
        [row.holder_id for row in rows],
        [row.choice for row in rows],
        at,
    )


async def page(
    connection: Connection, resolution_id: UUID, after: int, most: int
) -> list[ShownBallot]:
    """Return the ballots with a sequence number above `after`, at most `most`."""
    rows = await connection.fetch(SQL["ballots"], resolution_id, after, most)
    return [ShownBallot(*row) for row in rows]


async def own(connection: Connection, resolution_id: UUID, member: UUID) -> BallotRow | None:
    """Return the last ballot that a member cast itself."""
    row = await connection.fetchrow(SQL["own_ballot"], resolution_id, member)
    return BallotRow(*row) if row else None


async def counts(connection: Connection, resolution_id: UUID) -> list[Count]:
    """Return the count of each college of a roll, in units."""
    rows = await connection.fetch(SQL["vote_counts"], resolution_id)
    return [Count(*row) for row in rows]
