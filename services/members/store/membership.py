"""Rows of memberships and of their history."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.chassis.database import Connection
from services.members.model.seats import (
    Candidate,
    KindThere,
    MemberAct,
    MemberActTold,
    Membership,
)
from services.members.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "membership": Membership,
    "membership_of": Membership,
    "member_act": MemberAct,
    "last_member_act": MemberAct,
    "member_acts": MemberActTold,
    "candidates": Candidate,
    "kinds_there": KindThere,
}


async def hold(connection: Connection, coordination: str) -> bool:
    """Hold the seats of a coordination until the transaction ends; return False if none is."""
    return await connection.fetchval(SQL["hold_coordination"], coordination) is not None


async def one(connection: Connection, member_id: UUID) -> Membership | None:
    """Return one membership."""
    row = await connection.fetchrow(SQL["membership"], member_id)
    return Membership(*row) if row else None


async def of(connection: Connection, coordination: str, organization: str) -> Membership | None:
    """Return the membership of an organisation in a coordination."""
    row = await connection.fetchrow(SQL["membership_of"], coordination, organization)
    return Membership(*row) if row else None


async def add_candidate(connection: Connection, row: Membership) -> bool:
    """Put an organisation in the queue; return False if the id is taken."""
    added = await connection.fetchval(
        SQL["add_candidate"],
        row.coordination,
        row.member_id,
        row.organization,
        row.college,
        row.section,
        row.roles,
        row.units,
        row.state,
        row.effective_on,
    )
    return added is not None


async def change(connection: Connection, row: Membership, *, confirmed_at: datetime | None) -> None:
    """Write where a membership stands."""
    await connection.execute(
        SQL["change_membership"],
        row.member_id,
        row.college,
        row.section,
        row.roles,
        row.units,
        row.state,
        row.effective_on,
        confirmed_at,
    )


async def add_act(connection: Connection, row: MemberAct, *, now: datetime) -> None:
    """Keep what was done with a membership."""
    await connection.execute(SQL["add_member_act"], *msgspec.structs.astuple(row), now)


async def act(connection: Connection, act_id: UUID) -> MemberAct | None:
    """Return one act."""
    row = await connection.fetchrow(SQL["member_act"], act_id)
    return MemberAct(*row) if row else None


async def last_act(connection: Connection, member_id: UUID) -> MemberAct | None:
    """Return the last act of a membership."""
    row = await connection.fetchrow(SQL["last_member_act"], member_id)
    return MemberAct(*row) if row else None


async def acts(
    connection: Connection, member_id: UUID, after: int, most: int
) -> list[MemberActTold]:
    """Return the acts numbered above `after`, at most `most`."""
    rows = await connection.fetch(SQL["member_acts"], member_id, after, most)
    return [MemberActTold(*row) for row in rows]


async def candidates(
    connection: Connection, coordination: str, after: int, most: int
) -> list[Candidate]:
    """Return the queue after a number, at most `most`."""
    rows = await connection.fetch(SQL["candidates"], coordination, after, most)
    return [Candidate(*row) for row in rows]


async def kinds_there(connection: Connection, coordination: str) -> list[KindThere]:
    """Return the kinds of organisations that sit, by college."""
    rows = await connection.fetch(SQL["kinds_there"], coordination)
    return [KindThere(*row) for row in rows]
