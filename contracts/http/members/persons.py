"""Bodies of persons, the only ones that hold a person's name and contacts, and of their rights."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.values import Label, Slug

Email = Annotated[
    str,
    Meta(pattern="^[^@\\s]{1,64}@[^@\\s]+\\.[^@\\s.]+$", max_length=200, description="An e-mail."),
]
Phone = Annotated[
    str,
    Meta(pattern="^\\+?[0-9][0-9 .()-]{4,28}[0-9]$", description="A telephone number."),
]
ERASED = "personne effacée"
"""What stands for the name of a person whose data were erased."""


class WritePerson(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A natural person of a coordination, and how to reach it."""

    id: UUID | None = None
    organization: Slug | None = None
    name: Label
    email: Email | None = None
    phone: Phone | None = None


class RectifyPerson(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person's record must hold from now on, whole: what is left out is taken away."""

    organization: Slug | None = None
    name: Label
    email: Email | None = None
    phone: Phone | None = None


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A natural person; of an erased one the id alone is left, under a name that says so."""

    id: UUID
    coordination: str
    organization: str | None
    name: str
    email: str | None
    phone: str | None
    recorded_at: datetime
    erased_at: datetime | None


class Persons(msgspec.Struct, frozen=True, kw_only=True):
    """A page of persons by id; `cursor` asks for the next one, null at the end."""

    items: list[Person]
    cursor: str | None = None


class PersonField(StrEnum):
    """What of a person's record was changed; `all` when it was erased."""

    ORGANIZATION = "organization"
    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    ALL = "all"


class PersonChange(msgspec.Struct, frozen=True, kw_only=True):
    """That a field was changed, by whom and when; never what it held."""

    field: PersonField
    changed_by: str
    changed_at: datetime


class PersonName(msgspec.Struct, frozen=True, kw_only=True):
    """A name that tokens give a person, and the thumbprint of its key if it has one here."""

    subject: str
    thumbprint: str | None
    bound_at: datetime


class PersonRight(msgspec.Struct, frozen=True, kw_only=True):
    """A right a person was given, still had or taken since."""

    role: str
    organization: str | None
    origin: str
    granted_at: datetime
    revoked_at: datetime | None


class PersonInvitation(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation a person received."""

    id: UUID
    roles: list[str]
    organization: str | None
    invited_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    withdrawn_at: datetime | None


class PersonMandate(msgspec.Struct, frozen=True, kw_only=True):
    """A seat a person has or had, and the organisation it sits for; both days are included."""

    id: UUID
    organization: str
    committee: str | None
    rank: str
    kind: str
    valid_from: date
    valid_until: date | None


class PersonPresence(msgspec.Struct, frozen=True, kw_only=True):
    """When a person was in the room in a session; without an end, until it was over."""

    session: UUID
    present_from: datetime
    left_at: datetime | None


class PersonExport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything this service holds about a person (RGPD, articles 15 and 20)."""

    person: Person
    changes: list[PersonChange]
    names: list[PersonName]
    rights: list[PersonRight]
    invitations: list[PersonInvitation]
    mandates: list[PersonMandate]
    presences: list[PersonPresence]
    contact_of: list[str]
    relays: list[UUID]


class ErasedPerson(msgspec.Struct, frozen=True, kw_only=True):
    """What an erasure did (RGPD, article 17); what was decided stays, under the bare id."""

    id: UUID
    coordination: str
    erased_at: datetime
    ended_mandates: list[UUID]
