"""Rows of attendances, proxies and minutes."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from services.chassis.database import Connection
from services.members.model.minutes import Minutes, Signature
from services.members.model.presence import GivenProxy, Presence
from services.members.model.rows import Opinion
from services.members.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "attendances": Presence,
    "proxies": GivenProxy,
    "minutes": Minutes,
    "minutes_versions": Minutes,
    "signatures": Signature,
    "opinions_of_session": Opinion,
}


async def attendances(connection: Connection, session_id: UUID) -> list[Presence]:
    """Return who was in the room, when."""
    rows = await connection.fetch(SQL["attendances"], session_id)
    return [Presence(*row) for row in rows]


async def put_attendances(
    connection: Connection,
    coordination: str,
    session_id: UUID,
    found: Sequence[Presence],
    *,
    now: datetime,
) -> None:
    """Keep who is in the room; one that is known gets the hour it left."""
    await connection.execute(
        SQL["put_attendances"],
        coordination,
        session_id,
        [one.attendee for one in found],
        [one.present_from for one in found],
        [one.member_id for one in found],
        [one.seat_id for one in found],
        [one.rank for one in found],
        [one.kind for one in found],
        [one.left_at for one in found],
        now,
    )


async def put_proxy(
    connection: Connection,
    coordination: str,
    session_id: UUID,
    given: GivenProxy,
    *,
    now: datetime,
) -> None:
    """Keep a proxy in place of one that was revoked."""
    await connection.execute(
        SQL["put_proxy"], coordination, session_id, given.giver, given.holder, given.given_on, now
    )


async def revoke_proxy(
    connection: Connection, session_id: UUID, giver: UUID, *, now: datetime
) -> None:
    """Keep that a proxy no longer counts."""
    await connection.execute(SQL["revoke_proxy"], session_id, giver, now)


async def proxies(connection: Connection, session_id: UUID) -> list[GivenProxy]:
    """Return the proxies of a session by giver, those that were revoked too."""
    return [GivenProxy(*row) for row in await connection.fetch(SQL["proxies"], session_id)]


async def add_minutes(
    connection: Connection, coordination: str, session_id: UUID, row: Minutes
) -> None:
    """Write a version of the minutes."""
    await connection.execute(
        SQL["add_minutes"],
        coordination,
        session_id,
        row.version,
        row.text,
        row.sha256,
        row.corrects_sha256,
        row.asked_sha256,
        row.reason,
        row.made_at,
    )


async def minutes(
    connection: Connection, session_id: UUID, version: int | None = None
) -> Minutes | None:
    """Return a version of the minutes, the last one when none is asked for."""
    row = await connection.fetchrow(SQL["minutes"], session_id, version)
    return Minutes(*row) if row else None


async def minutes_versions(connection: Connection, session_id: UUID) -> list[Minutes]:
    """Return every version of the minutes, their texts left out."""
    rows = await connection.fetch(SQL["minutes_versions"], session_id)
    return [Minutes(*row) for row in rows]


async def sign(
    connection: Connection, coordination: str, session_id: UUID, signature: Signature
) -> bool:
    """Keep a signature; return False if the subject signed this version."""
    values = msgspec.structs.astuple(signature)
    signed = await connection.fetchval(SQL["sign_minutes"], coordination, session_id, *values)
    return signed is not None


async def signatures(connection: Connection, session_id: UUID) -> list[Signature]:
    """Return who signed each version of the minutes."""
    return [Signature(*row) for row in await connection.fetch(SQL["signatures"], session_id)]


async def opinions_of(connection: Connection, session_id: UUID) -> list[Opinion]:
    """Return what was adopted or rejected in a session, in the order it was recorded."""
    rows = await connection.fetch(SQL["opinions_of_session"], session_id)
    return [Opinion(*row) for row in rows]


async def add_lateness(
    connection: Connection, coordination: str, committee: str, due_on: date, *, now: datetime
) -> bool:
    """Keep that a missed period is told; return False if it was."""
    told = await connection.fetchval(SQL["add_lateness"], coordination, committee, due_on, now)
    return told is not None
