"""Natural persons, the names tokens give them, and their invitations."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from contracts.http.members.persons import PersonField

PERSON = "urn:ctin:person:"
"""What begins the subject of a person whose key is registered here."""
RECTIFIED = (
    PersonField.ORGANIZATION,
    PersonField.NAME,
    PersonField.EMAIL,
    PersonField.PHONE,
)


class Person(msgspec.Struct, frozen=True):
    """Columns of a person, in the order of the queries."""

    coordination: str
    person_id: UUID
    organization: str | None
    name: str | None
    email: str | None
    phone: str | None
    recorded_at: datetime
    erased_at: datetime | None


class Change(msgspec.Struct, frozen=True):
    """Columns of a change of a person's record, in the order of the queries."""

    field: str
    changed_by: str
    changed_at: datetime


class Subject(msgspec.Struct, frozen=True):
    """Columns of a name that tokens give a person, in the order of the queries."""

    subject: str
    person_id: UUID
    jwk: str | None
    bound_at: datetime


class GivenRight(msgspec.Struct, frozen=True):
    """Columns of a right of a person, in the order of the query."""

    role: str
    organization: str | None
    origin: str
    granted_at: datetime
    revoked_at: datetime | None


class Mandate(msgspec.Struct, frozen=True):
    """Columns of a person's seat, in the order of the query."""

    id: UUID
    organization: str
    committee: str | None
    rank: str
    kind: str
    valid_from: date
    valid_until: date | None


class EndedMandate(msgspec.Struct, frozen=True):
    """Columns of a seat that an erasure ended, in the order of the query."""

    seat_id: UUID
    member_id: UUID
    committee: str | None
    valid_until: date


class Presence(msgspec.Struct, frozen=True):
    """Columns of a person's presence in a session, in the order of the query."""

    session: UUID
    present_from: datetime
    left_at: datetime | None


class Invitation(msgspec.Struct, frozen=True):
    """Columns of an invitation, in the order of the queries."""

    coordination: str
    invitation_id: UUID
    person_id: UUID
    roles: list[str]
    organization: str | None
    expires_at: datetime
    code_sha256: str
    invited_by: str
    invited_at: datetime
    accepted_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def state(self) -> str | None:
        """In French, how it was closed; None while it is open, over or not."""
        if self.accepted_at:
            return "acceptée"
        return "retirée" if self.withdrawn_at else None


def changed_fields(asked: msgspec.Struct, found: Person) -> list[PersonField]:
    """Return which fields of a record differ from what it must hold."""
    return [one for one in RECTIFIED if getattr(asked, one) != getattr(found, one)]


def subject_of(person_id: UUID) -> str:
    """Return the subject of a person whose key is registered here."""
    return f"{PERSON}{person_id}"
