"""Questions about natural persons and their invitations."""

from uuid import UUID

import msgspec

from services.chassis.database import Connection
from services.members.errors.invitations import NoSuchInvitation
from services.members.errors.persons import NoSuchPerson, PersonIsAnothers
from services.members.model.persons import (
    Change,
    GivenRight,
    Invitation,
    Mandate,
    Person,
    Presence,
    Subject,
)
from services.members.reads.pages import FIRST, page
from services.members.store import invitations as invited
from services.members.store import persons as rows


class Export(msgspec.Struct, frozen=True):
    """Everything that is held about a person."""

    person: Person
    changes: list[Change]
    subjects: list[Subject]
    rights: list[GivenRight]
    invitations: list[Invitation]
    mandates: list[Mandate]
    presences: list[Presence]
    contact_of: list[str]
    relays: list[UUID]


async def person(connection: Connection, coordination: str, person_id: UUID) -> Person:
    """Return one person.

    Raises:
        NoSuchPerson: there is none of this id here.
    """
    found = await rows.one(connection, coordination, person_id)
    if found is None:
        raise NoSuchPerson(person_id)
    return found


async def must_be(
    connection: Connection, coordination: str, person_id: UUID, *, subject: str
) -> None:
    """Refuse a caller that is not the person.

    Raises:
        PersonIsAnothers: it is another one, or nobody that is known here.
    """
    caller = await rows.subject(connection, coordination, subject)
    if caller is None or caller.person_id != person_id:
        raise PersonIsAnothers


async def persons(
    connection: Connection,
    coordination: str,
    *,
    organization: str | None,
    after: UUID | None,
    most: int,
) -> tuple[list[Person], UUID | None]:
    """Return a page of persons by id."""
    found = await rows.some(connection, coordination, organization, after or FIRST, most + 1)
    cut, last = page(found, most)
    return cut, last.person_id if last else None


async def export(connection: Connection, coordination: str, person_id: UUID) -> Export:
    """Return everything that is held about a person.

    Raises:
        NoSuchPerson: there is none of this id here.
    """
    return Export(
        person=await person(connection, coordination, person_id),
        changes=await rows.changes(connection, coordination, person_id),
        subjects=await rows.subjects(connection, coordination, person_id),
        rights=await rows.rights(connection, coordination, person_id),
        invitations=await invited.some(
            connection, coordination, person_id, FIRST, rows.EXPORTED_MAX
        ),
        mandates=await rows.mandates(connection, coordination, person_id),
        presences=await rows.presences(connection, coordination, person_id),
        contact_of=await rows.contacts(connection, coordination, person_id),
        relays=await rows.relays(connection, coordination, person_id),
    )


async def invitation_home(connection: Connection, invitation_id: UUID) -> str:
    """Return the coordination of an invitation, so that the caller's right can be checked.

    Raises:
        NoSuchInvitation: there is none of this id.
    """
    found = await invited.one(connection, invitation_id)
    if found is None:
        raise NoSuchInvitation(invitation_id)
    return found.coordination


async def invitations(
    connection: Connection,
    coordination: str,
    *,
    person_id: UUID | None,
    after: UUID | None,
    most: int,
) -> tuple[list[Invitation], UUID | None]:
    """Return a page of invitations by id."""
    found = await invited.some(connection, coordination, person_id, after or FIRST, most + 1)
    cut, last = page(found, most)
    return cut, last.invitation_id if last else None
