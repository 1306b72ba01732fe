"""Reported needs one by one: who answers for them, and what they came to."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from services.chassis.database import Connection
from services.diagnostics.model.follow_up import (
    FollowedRow,
    NeedKind,
    NeedRow,
    Place,
    ReminderRow,
    Wanted,
)
from services.diagnostics.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "lock_needs": NeedRow,
    "need_records": NeedRow,
    "needs_listed": NeedRow,
    "needs_to_remind": ReminderRow,
    "needs_summed": NeedKind,
    "needs_followed": FollowedRow,
}


async def know_organization(
    connection: Connection, coordination: str, organization: str, name: str
) -> None:
    """Keep an organisation of a coordination."""
    await connection.execute(SQL["know_organization"], coordination, organization, name)


async def rename_organization(
    connection: Connection, coordination: str, organization: str, name: str
) -> None:
    """Change the name of an organisation, where it is kept."""
    await connection.execute(SQL["rename_organization"], coordination, organization, name)


async def hand_over(connection: Connection, coordination: str, *, merged: str, into: str) -> None:
    """Give what one organisation answers for to another, and forget the first."""
    await connection.execute(SQL["hand_over_needs"], coordination, merged, into)
    await connection.execute(SQL["forget_organization"], coordination, merged)


async def organization_name(
    connection: Connection, coordination: str, organization: str
) -> str | None:
    """Return the name of an organisation of a coordination, None when it is none."""
    row = await connection.fetchrow(SQL["organization_name"], coordination, organization)
    return row["name"] if row else None


async def records(
    connection: Connection, coordination: str, signal_id: UUID, institution: str | None
) -> list[NeedRow]:
    """Return the needs of one id, of one institution when it is given."""
    rows = await connection.fetch(SQL["need_records"], coordination, signal_id, institution)
    return [NeedRow(*row) for row in rows]


async def lock(
    connection: Connection, coordination: str, signal_id: UUID, institution: str | None
) -> list[NeedRow]:
    """Return the needs of one id, which nobody else changes before this transaction is over."""
    rows = await connection.fetch(SQL["lock_needs"], coordination, signal_id, institution)
    return [NeedRow(*row) for row in rows]


async def listed(
    connection: Connection,
    coordination: str,
    wanted: Wanted,
    *,
    before: Place | None,
    own: str | None,
    most: int,
) -> list[NeedRow]:
    """Return a page of needs, the latest first; `own` shows those of one organisation alone."""
    rows = await connection.fetch(
        SQL["needs_listed"],
        coordination,
        before.reported_at if before else None,
        before.signal_id if before else None,
        before.institution if before else None,
        wanted.area,
        wanted.state,
        wanted.theme,
        wanted.public,
        own,
        most,
    )
    return [NeedRow(*row) for row in rows]


async def take(
    connection: Connection, coordination: str, row: NeedRow, organization: str, *, now: datetime
) -> None:
    """Write who answers for a need."""
    await connection.execute(
        SQL["take_need"], coordination, row.signal_id, row.institution, organization, now
    )


async def close(
    connection: Connection, coordination: str, row: NeedRow, outcome: str, *, now: datetime
) -> None:
    """Write what a need came to."""
    await connection.execute(
        SQL["close_need"], coordination, row.signal_id, row.institution, outcome, now
    )


async def to_remind(connection: Connection, today: date, most: int) -> list[ReminderRow]:
    """Return needs to recall by a day, held until this transaction is over."""
    rows = await connection.fetch(SQL["needs_to_remind"], today, most)
    return [ReminderRow(*row) for row in rows]


async def put_reminders(
    connection: Connection, recalled: Sequence[ReminderRow], days: Sequence[date | None]
) -> None:
    """Write the day of the next reminder of each."""
    await connection.execute(
        SQL["put_reminders"],
        [one.coordination for one in recalled],
        [one.signal_id for one in recalled],
        [one.institution for one in recalled],
        list(days),
    )


async def summed(
    connection: Connection, coordination: str, period: str | None, *, least: int, rounded_to: int
) -> list[NeedKind]:
    """Return the needs of a coordination by kind: the sum of what is shown of each commune."""
    rows = await connection.fetch(SQL["needs_summed"], coordination, period, least, rounded_to)
    return [NeedKind(*row) for row in rows]


async def followed(
    connection: Connection, coordination: str, commune: str, *, least: int
) -> list[FollowedRow]:
    """Return where the needs of a commune stand, those whose sum is under `least` aside."""
    rows = await connection.fetch(SQL["needs_followed"], coordination, commune, least)
    return [FollowedRow(*row) for row in rows]
