"""Rows of what organisations were, of those that are one, and of who reaches them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.chassis.database import Connection
from services.members.model import Organization
from services.members.store.queries import SQL


class Change(msgspec.Struct, frozen=True):
    """Columns of a change, in the order of the query."""

    change: int
    subject: str
    reason: str | None
    name: str
    kind: str
    siret: str | None
    rna: str | None
    commune: str | None
    merged_into: str | None
    changed_at: datetime


class Pair(msgspec.Struct, frozen=True):
    """Columns of two organisations that may be one, in the order of the query."""

    organization: str
    name: str
    other: str
    other_name: str
    reason: str


class Home(msgspec.Struct, frozen=True):
    """Where an organisation sits, in the order of the query."""

    coordination: str
    state: str


ROWS: dict[str, type[msgspec.Struct]] = {
    "lock_organization": Organization,
    "organization_known_as": Organization,
    "organization_changes": Change,
    "duplicates": Pair,
    "homes_of_organization": Home,
}


async def lock(connection: Connection, organization: str) -> Organization | None:
    """Return one organisation, held until the transaction ends."""
    row = await connection.fetchrow(SQL["lock_organization"], organization)
    return Organization(*row) if row else None


async def known_as(
    connection: Connection, coordination: str, key: str, siret: str | None
) -> Organization | None:
    """Return the organisation of a compared name that sits here, or has this SIRET."""
    row = await connection.fetchrow(SQL["organization_known_as"], coordination, key, siret)
    return Organization(*row) if row else None


async def keep_change(
    connection: Connection, organization: str, *, subject: str, reason: str | None, now: datetime
) -> None:
    """Keep what a locked organisation is, before it changes."""
    await connection.execute(SQL["keep_change"], organization, subject, reason, now)


async def describe(connection: Connection, row: Organization) -> None:
    """Bring an organisation to `row`, what it was merged into aside."""
    await connection.execute(SQL["describe_organization"], *msgspec.structs.astuple(row)[:-1])


async def changes(connection: Connection, organization: str, after: int, most: int) -> list[Change]:
    """Return what an organisation was, after change `after`, at most `most`."""
    rows = await connection.fetch(SQL["organization_changes"], organization, after, most)
    return [Change(*row) for row in rows]


async def merged(connection: Connection, organization: str) -> list[str]:
    """Return the slugs that an organisation also answers to."""
    rows = await connection.fetch(SQL["merged_slugs"], organization)
    return [row["organization"] for row in rows]


async def homes(connection: Connection, organization: str) -> list[Home]:
    """Return where an organisation sits."""
    rows = await connection.fetch(SQL["homes_of_organization"], organization)
    return [Home(*row) for row in rows]


async def merge(connection: Connection, organization: str, into: str) -> list[str]:
    """Make all of one organisation another's; return the coordinations whose seat moved."""
    rows = await connection.fetch(SQL["move_members"], organization, into)
    await connection.execute(SQL["move_persons"], organization, into)
    await connection.execute(SQL["move_contact_points"], organization, into)
    await connection.execute(SQL["move_rights"], organization, into)
    await connection.execute(SQL["move_clients"], organization, into)
    await connection.execute(SQL["merge_organization"], organization, into)
    return sorted(row["coordination"] for row in rows)


async def duplicates(connection: Connection, after: tuple[str, str], most: int) -> list[Pair]:
    """Return the pairs above `after` that may be one, at most `most`."""
    rows = await connection.fetch(SQL["duplicates"], *after, most)
    return [Pair(*row) for row in rows]


async def put_contacts(
    connection: Connection, coordination: str, organization: str, persons: Sequence[UUID]
) -> None:
    """Say through whom an organisation is reached here."""
    await connection.execute(SQL["clear_contact_points"], coordination, organization)
    await connection.execute(SQL["add_contact_points"], coordination, organization, persons)


async def contacts(connection: Connection, coordination: str, organization: str) -> list[UUID]:
    """Return through whom an organisation is reached here, the first one first."""
    rows = await connection.fetch(SQL["contact_points"], coordination, organization)
    return [row["person_id"] for row in rows]


async def reachable(
    connection: Connection, coordination: str, organization: str, persons: Sequence[UUID]
) -> set[UUID]:
    """Return which of `persons` may be contacts of an organisation here."""
    rows = await connection.fetch(SQL["persons_reachable"], coordination, organization, persons)
    return {row["person_id"] for row in rows}
