"""Bodies of members and their seats."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.http.members.values import KindCode, Rna, Siret
from contracts.refusals import FieldError
from contracts.values import (
    College,
    CommuneCode,
    Label,
    Section,
    Slug,
)


class MemberRole(StrEnum):
    """What a member does in the coordination, beside voting in its college."""

    LEAD = "LEAD"
    CO_LEAD = "CO_LEAD"
    CO_FUNDER = "CO_FUNDER"
    ADVISER = "ADVISER"
    OBSERVER = "OBSERVER"


class ConfirmMember(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An organisation that takes its seat in a college; `formerly` is the name it had before.

    Citizens sit in the section CITIZEN of the college DIGITAL_MEDIATION, without a SIRET, under
    the name of their group and never under their own.
    """

    id: UUID | None = None
    organization: Slug
    name: Label
    kind: KindCode
    college: College
    section: Section | None = None
    siret: Siret | None = None
    rna: Rna | None = None
    commune: CommuneCode | None = None
    roles: Annotated[list[MemberRole], Meta(max_length=5)] = []
    effective_on: date
    formerly: Label | None = None


class MemberState(StrEnum):
    """Where a membership stands."""

    CANDIDATE = "CANDIDATE"
    CONFIRMED = "CONFIRMED"
    WITHDRAWN = "WITHDRAWN"
    REFUSED = "REFUSED"


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A seat in a college; `warnings` are doubts kept on the record of its organisation."""

    id: UUID
    coordination: str
    organization: str
    name: str
    kind: str
    college: College
    section: Section | None
    siret: str | None
    roles: list[MemberRole]
    effective_on: date
    formerly: str | None
    state: MemberState
    warnings: list[FieldError]


class Members(msgspec.Struct, frozen=True, kw_only=True):
    """A page of members by organisation; `cursor` asks for the next one, null at the end."""

    items: list[Member]
    cursor: str | None = None
