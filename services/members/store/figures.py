"""Rows of what shows how a coordination meets and decides."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

import msgspec

from services.chassis.database import Connection
from services.members.model.rhythm import CameOrNot, EndingMandate, LeadDays, LeadFigures, Rhythm
from services.members.model.sessions import Session
from services.members.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "rhythm_of_committees": Rhythm,
    "ending_mandates": EndingMandate,
    "lead_times": LeadDays,
    "lead_time_figures": LeadFigures,
    "rolls_of_sessions": CameOrNot,
}


async def rhythms(
    connection: Connection,
    coordination: str | None,
    *,
    now: datetime,
    after: tuple[str, str],
    most: int,
) -> list[Rhythm]:
    """Return when committees last met, those after `after`, at most `most`."""
    rows = await connection.fetch(SQL["rhythm_of_committees"], coordination, now, *after, most)
    return [Rhythm(*row) for row in rows]


async def ending_mandates(
    connection: Connection, coordination: str, first: date, last: date, most: int
) -> list[EndingMandate]:
    """Return the mandates that end between two days, the first to end first."""
    rows = await connection.fetch(SQL["ending_mandates"], coordination, first, last, most)
    return [EndingMandate(*row) for row in rows]


async def lead_times(
    connection: Connection, coordination: str, after: UUID, most: int
) -> list[LeadDays]:
    """Return how long opinions above `after` took, at most `most`."""
    rows = await connection.fetch(SQL["lead_times"], coordination, after, most)
    return [LeadDays(*row) for row in rows]


async def lead_figures(connection: Connection, coordination: str) -> LeadFigures:
    """Return how many opinions were adopted in session, and their median."""
    row = await connection.fetchrow(SQL["lead_time_figures"], coordination)
    assert row is not None, "an aggregate has one row"
    return LeadFigures(*row)


async def came(connection: Connection, sessions: Collection[UUID]) -> list[CameOrNot]:
    """Return who was on the roll of some sessions, and who came."""
    rows = await connection.fetch(SQL["rolls_of_sessions"], list(sessions))
    return [CameOrNot(*row) for row in rows]


async def held_before(connection: Connection, session: Session) -> UUID | None:
    """Return the last session of the same body that was held before one."""
    found: UUID | None = await connection.fetchval(
        SQL["held_before"],
        session.coordination,
        session.committee,
        session.starts_at,
        session.session_id,
    )
    return found
