"""Rows of what is done on the ground."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from services.chassis.database import Connection
from services.members.model.field import (
    Contact,
    Endorsement,
    Lead,
    Relay,
    Responsibility,
    TerritorialRole,
)
from services.members.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "responsibilities": Responsibility,
    "lead": Lead,
    "leads": Lead,
    "leads_among": Lead,
    "endorsement": Endorsement,
    "endorsements": Endorsement,
    "relay": Relay,
    "relays": Relay,
    "contact": Contact,
    "talks": Contact,
    "territorial_role": TerritorialRole,
    "territorial_roles": TerritorialRole,
}


async def put_responsibilities(
    connection: Connection, coordination: str, rows: Sequence[Responsibility]
) -> None:
    """Replace the matrix of a coordination."""
    await connection.execute(SQL["forget_responsibilities"], coordination)
    values = [msgspec.structs.astuple(row) for row in rows]
    await connection.executemany(SQL["add_responsibility"], values)


async def responsibilities(
    connection: Connection, coordination: str, after: str, most: int
) -> list[Responsibility]:
    """Return the lines of the matrix with a slug above `after`, at most `most`."""
    rows = await connection.fetch(SQL["responsibilities"], coordination, after, most)
    return [Responsibility(*row) for row in rows]


async def members_here(
    connection: Connection, coordination: str, member_ids: Iterable[UUID]
) -> set[UUID]:
    """Return which of some members are of a coordination."""
    rows = await connection.fetch(SQL["members_here"], coordination, list(member_ids))
    return {row["member_id"] for row in rows}


async def add_lead(connection: Connection, row: Lead) -> bool:
    """Keep that a member leads in some communes; return False if the id is taken."""
    values = msgspec.structs.astuple(row)
    return await connection.fetchval(SQL["add_lead"], *values) is not None


async def lead(connection: Connection, lead_id: UUID) -> Lead | None:
    """Return one lead."""
    row = await connection.fetchrow(SQL["lead"], lead_id)
    return Lead(*row) if row else None


async def leads(
    connection: Connection,
    coordination: str,
    commune: str | None,
    on: date | None,
    after: UUID,
    most: int,
) -> list[Lead]:
    """Return the leads with an id above `after`, at most `most`."""
    rows = await connection.fetch(SQL["leads"], coordination, commune, on, after, most)
    return [Lead(*row) for row in rows]


async def leads_among(
    connection: Connection, coordination: str, communes: Sequence[str]
) -> list[Lead]:
    """Return the leads of any of some communes."""
    rows = await connection.fetch(SQL["leads_among"], coordination, communes)
    return [Lead(*row) for row in rows]


async def add_endorsement(connection: Connection, row: Endorsement, now: datetime) -> bool:
    """Keep that a support was given; return False if the id is taken."""
    values = msgspec.structs.astuple(row)
    return await connection.fetchval(SQL["add_endorsement"], *values, now) is not None


async def endorsement(connection: Connection, endorsement_id: UUID) -> Endorsement | None:
    """Return one support."""
    row = await connection.fetchrow(SQL["endorsement"], endorsement_id)
    return Endorsement(*row) if row else None


async def endorsements(
    connection: Connection, coordination: str, after: UUID, most: int
) -> list[Endorsement]:
    """Return the supports with an id above `after`, at most `most`."""
    rows = await connection.fetch(SQL["endorsements"], coordination, after, most)
    return [Endorsement(*row) for row in rows]


async def add_relay(connection: Connection, row: Relay, now: datetime) -> bool:
    """Keep who carries the subject in some communes; return False if the id is taken."""
    values = msgspec.structs.astuple(row)
    return await connection.fetchval(SQL["add_relay"], *values, now) is not None


async def relay(connection: Connection, relay_id: UUID) -> Relay | None:
    """Return one relay."""
    row = await connection.fetchrow(SQL["relay"], relay_id)
    return Relay(*row) if row else None


async def relays(
    connection: Connection, coordination: str, commune: str | None, after: UUID, most: int
) -> list[Relay]:
    """Return the relays with an id above `after`, at most `most`."""
    rows = await connection.fetch(SQL["relays"], coordination, commune, after, most)
    return [Relay(*row) for row in rows]


async def add_contact(connection: Connection, row: Contact, now: datetime) -> bool:
    """Keep what was said; return False if the id is taken."""
    values = msgspec.structs.astuple(row)
    return await connection.fetchval(SQL["add_contact"], *values, now) is not None


async def contact(connection: Connection, contact_id: UUID) -> Contact | None:
    """Return one contact."""
    row = await connection.fetchrow(SQL["contact"], contact_id)
    return Contact(*row) if row else None


async def contacts(
    connection: Connection,
    coordination: str,
    commune: str | None,
    channel: str | None,
    after: UUID,
    most: int,
) -> list[Contact]:
    """Return the contacts with an id above `after`, at most `most`."""
    rows = await connection.fetch(SQL["talks"], coordination, commune, channel, after, most)
    return [Contact(*row) for row in rows]


async def visited(connection: Connection, coordination: str, since: date | None) -> list[str]:
    """Return the communes that were visited, since a day or ever."""
    rows = await connection.fetch(SQL["visited_communes"], coordination, since)
    return [row["commune"] for row in rows]


async def add_territorial_role(connection: Connection, row: TerritorialRole) -> bool:
    """Keep how the carrying body intervenes; return False if that day has a role."""
    values = msgspec.structs.astuple(row)
    return await connection.fetchval(SQL["add_territorial_role"], *values) is not None


async def territorial_role(
    connection: Connection, coordination: str, since: date
) -> TerritorialRole | None:
    """Return the role taken on a day."""
    row = await connection.fetchrow(SQL["territorial_role"], coordination, since)
    return TerritorialRole(*row) if row else None


async def territorial_roles(
    connection: Connection, coordination: str, after: date | None, most: int
) -> list[TerritorialRole]:
    """Return the roles that began after a day, at most `most`."""
    rows = await connection.fetch(SQL["territorial_roles"], coordination, after, most)
    return [TerritorialRole(*row) for row in rows]
