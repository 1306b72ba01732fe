"""Rows of natural persons: what is known of them, and their erasure."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from services.chassis.database import Connection
from services.members.model import Client
from services.members.model.persons import (
    Change,
    EndedMandate,
    GivenRight,
    Mandate,
    Person,
    Presence,
    Subject,
)
from services.members.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "person": Person,
    "lock_person": Person,
    "persons": Person,
    "person_changes": Change,
    "subject": Subject,
    "subjects_of_person": Subject,
    "person_with_a_key": Client,
    "rights_of_person": GivenRight,
    "mandates_of_person": Mandate,
    "attendances_of_person": Presence,
    "end_mandates": EndedMandate,
}
EXPORTED_MAX = 10_000
ERASED_REASON = "Données de la personne effacées"


async def add(connection: Connection, row: Person) -> bool:
    """Record a person; return False if its id is taken."""
    added = await connection.fetchval(
        SQL["add_person"],
        row.coordination,
        row.person_id,
        row.organization,
        row.name,
        row.email,
        row.phone,
        row.recorded_at,
    )
    return added is not None


async def one(
    connection: Connection, coordination: str, person_id: UUID, *, lock: bool = False
) -> Person | None:
    """Return one person of a coordination, held until the transaction ends when `lock`."""
    query = SQL["lock_person"] if lock else SQL["person"]
    row = await connection.fetchrow(query, coordination, person_id)
    return Person(*row) if row else None


async def some(
    connection: Connection, coordination: str, organization: str | None, after: UUID, most: int
) -> list[Person]:
    """Return the persons with an id above `after`, of one organisation or all, at most `most`."""
    rows = await connection.fetch(SQL["persons"], coordination, organization, after, most)
    return [Person(*row) for row in rows]


async def rectify(connection: Connection, row: Person) -> None:
    """Bring a person's record to `row`."""
    await connection.execute(
        SQL["rectify_person"],
        row.coordination,
        row.person_id,
        row.organization,
        row.name,
        row.email,
        row.phone,
    )


async def add_changes(
    connection: Connection, row: Person, fields: Sequence[str], *, by: str, now: datetime
) -> None:
    """Keep which fields of a record were changed, by whom and when."""
    await connection.execute(
        SQL["add_person_changes"], row.coordination, row.person_id, fields, by, now
    )


async def changes(connection: Connection, coordination: str, person_id: UUID) -> list[Change]:
    """Return what was changed of a person's record, the latest first."""
    rows = await connection.fetch(SQL["person_changes"], coordination, person_id, EXPORTED_MAX)
    return [Change(*row) for row in rows]


async def bind(
    connection: Connection,
    coordination: str,
    subject: str,
    person_id: UUID,
    *,
    jwk: str | None,
    now: datetime,
) -> bool:
    """Say who a person is to those who check tokens; return False if it is another person's."""
    bound = await connection.fetchval(
        SQL["bind_subject"], coordination, subject, person_id, jwk, now
    )
    return bound is not None


async def subject(connection: Connection, coordination: str, name: str) -> Subject | None:
    """Return who a subject is in a coordination."""
    row = await connection.fetchrow(SQL["subject"], coordination, name)
    return Subject(*row) if row else None


async def subjects(connection: Connection, coordination: str, person_id: UUID) -> list[Subject]:
    """Return the names that tokens give a person."""
    rows = await connection.fetch(SQL["subjects_of_person"], coordination, person_id, EXPORTED_MAX)
    return [Subject(*row) for row in rows]


async def with_a_key(connection: Connection, name: str) -> Client | None:
    """Return a person that may sign assertions, as a client without roles of its own."""
    row = await connection.fetchrow(SQL["person_with_a_key"], name)
    return Client(*row) if row else None


async def rights(connection: Connection, coordination: str, person_id: UUID) -> list[GivenRight]:
    """Return the rights that a person was given in a coordination."""
    rows = await connection.fetch(SQL["rights_of_person"], coordination, person_id, EXPORTED_MAX)
    return [GivenRight(*row) for row in rows]


async def mandates(connection: Connection, coordination: str, person_id: UUID) -> list[Mandate]:
    """Return the seats that a person has or had."""
    rows = await connection.fetch(SQL["mandates_of_person"], coordination, person_id, EXPORTED_MAX)
    return [Mandate(*row) for row in rows]


async def contacts(connection: Connection, coordination: str, person_id: UUID) -> list[str]:
    """Return the organisations that are reached through a person."""
    rows = await connection.fetch(SQL["contacts_of_person"], coordination, person_id, EXPORTED_MAX)
    return [row["organization"] for row in rows]


async def relays(connection: Connection, coordination: str, person_id: UUID) -> list[UUID]:
    """Return the relays that a person is."""
    rows = await connection.fetch(SQL["relays_of_person"], coordination, person_id, EXPORTED_MAX)
    return [row["relay_id"] for row in rows]


async def presences(connection: Connection, coordination: str, person_id: UUID) -> list[Presence]:
    """Return when a person was in the room."""
    rows = await connection.fetch(
        SQL["attendances_of_person"], coordination, person_id, EXPORTED_MAX
    )
    return [Presence(*row) for row in rows]


async def erase(
    connection: Connection, coordination: str, person_id: UUID, *, today: date, now: datetime
) -> list[EndedMandate]:
    """Keep the id of a person alone, and return the mandates that so ended.

    Its keys, rights, invitations and contacts go.
    """
    await connection.execute(SQL["forget_person_assertions"], coordination, person_id)
    await connection.execute(SQL["revoke_rights_of_person"], coordination, person_id, now)
    await connection.execute(SQL["forget_subjects"], coordination, person_id)
    await connection.execute(SQL["forget_invitations"], coordination, person_id)
    await connection.execute(SQL["forget_person_changes"], coordination, person_id)
    await connection.execute(SQL["forget_contacts_of_person"], coordination, person_id)
    rows = await connection.fetch(
        SQL["end_mandates"], coordination, person_id, today, ERASED_REASON, now
    )
    await connection.execute(SQL["erase_person"], coordination, person_id, now)
    return [EndedMandate(*row) for row in rows]


async def mandates_ended_by(
    connection: Connection, coordination: str, person_id: UUID, day: date
) -> list[UUID]:
    """Return the seats that an erasure of that day ended."""
    rows = await connection.fetch(SQL["mandates_ended_before"], coordination, person_id, day)
    return [row["seat_id"] for row in rows]
