"""Record, rectify and erase natural persons."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import asdict

from contracts.events.members.mandates import SeatEnded
from contracts.events.members.persons import PersonErased
from contracts.http.members.persons import ErasedPerson, PersonField, RectifyPerson, WritePerson
from services.chassis import outbox
from services.chassis.database import Connection
from services.members import model, store
from services.members.commands.seats import SOURCE, coordination_of
from services.members.errors import RecordDiffers
from services.members.errors.persons import (
    NoSuchPerson,
    OrganizationIsUnknown,
    PersonIsAnothers,
    PersonIsErased,
)
from services.members.model.days import day_of
from services.members.model.persons import Person, changed_fields
from services.members.store import persons as rows


async def write_person(
    connection: Connection,
    coordination: str,
    asked: WritePerson,
    *,
    person_id: UUID,
    now: datetime,
) -> Person:
    """Record a person; the same one again changes nothing.

    Raises:
        NoSuchCoordination: it was never founded.
        OrganizationIsUnknown: the organisation was never described.
        RecordDiffers: the id names a person with another record, here or elsewhere.
    """
    model.must_be_plain(asked)
    row = Person(
        coordination=coordination,
        person_id=person_id,
        organization=asked.organization,
        name=asked.name,
        email=asked.email,
        phone=asked.phone,
        recorded_at=now,
        erased_at=None,
    )
    async with connection.transaction():
        await coordination_of(connection, coordination)
        await _must_know(connection, asked.organization)
        if await rows.add(connection, row):
            return row
        found = await rows.one(connection, coordination, person_id)
        if found is None or found.erased_at or changed_fields(asked, found):
            raise RecordDiffers("La personne", person_id)
    return found


async def _must_know(connection: Connection, organization: str | None) -> None:
    if organization and await store.organization(connection, organization) is None:
        raise OrganizationIsUnknown(organization)


async def held_person(connection: Connection, coordination: str, person_id: UUID) -> Person:
    """Return a person whose data are there, held until the transaction ends.

    Raises:
        NoSuchPerson: there is none of this id here.
        PersonIsErased: its data were erased.
    """
    found = await rows.one(connection, coordination, person_id, lock=True)
    if found is None:
        raise NoSuchPerson(person_id)
    if found.erased_at:
        raise PersonIsErased(person_id)
    return found


async def rectify_person(
    connection: Connection,
    coordination: str,
    person_id: UUID,
    asked: RectifyPerson,
    *,
    by: str,
    by_itself: bool = False,
    now: datetime,
) -> Person:
    """Bring a person's record to what it must hold, and keep which fields were changed.

    `by_itself` is a person that rectifies its own record: where it belongs is not its to say.

    Raises:
        NoSuchPerson, PersonIsErased: as `held_person`.
        OrganizationIsUnknown: the organisation was never described.
        PersonIsAnothers: a person moves itself to another organisation.
    """
    model.must_be_plain(asked)
    async with connection.transaction():
        found = await held_person(connection, coordination, person_id)
        fields = changed_fields(asked, found)
        if not fields:
            return found
        if by_itself and PersonField.ORGANIZATION in fields:
            raise PersonIsAnothers
        await _must_know(connection, asked.organization)
        row = msgspec.structs.replace(found, **asdict(asked))
        await rows.rectify(connection, row)
        await rows.add_changes(connection, row, fields, by=by, now=now)
    return row


async def erase_person(
    connection: Connection,
    coordination: str,
    person_id: UUID,
    *,
    by: str,
    now: datetime,
    new_id: Callable[[], UUID],
) -> ErasedPerson:
    """Erase a person's data and tell the other services; erased again, nothing changes.

    Its id stays, so that what was decided with it stays readable. Its keys, rights, invitations
    and the history of its record go; what it sits in ends, today being its first day without.

    Raises:
        NoSuchPerson: there is none of this id here.
    """
    async with connection.transaction():
        found = await rows.one(connection, coordination, person_id, lock=True)
        if found is None:
            raise NoSuchPerson(person_id)
        erased_at = found.erased_at or now
        today = day_of(erased_at)
        if found.erased_at is None:
            ended = await rows.erase(connection, coordination, person_id, today=today, now=now)
            await rows.add_changes(connection, found, [PersonField.ALL], by=by, now=now)
            facts = [
                PersonErased(coordination=coordination, person_id=person_id, erased_on=today),
                *(SeatEnded(coordination=coordination, **asdict(one)) for one in ended),
            ]
            await outbox.put(connection, facts, source=SOURCE, now=now, new_id=new_id)
        mandates = await rows.mandates_ended_by(connection, coordination, person_id, today)
    return ErasedPerson(
        id=person_id, coordination=coordination, erased_at=erased_at, ended_mandates=mandates
    )
