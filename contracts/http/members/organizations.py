"""Bodies of organisations, the same for every coordination."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.http.members.values import KindCode, Rna, Siret
from contracts.refusals import FieldError
from contracts.values import CommuneCode, Label, Slug


class OrganizationKind(StrEnum):
    """Kinds of actors that the national typologies know, or that a founding account names.

    A kind that is not listed is admitted too: the field goes from the family carer to the adviser.
    """

    ACADEMIC = "ACADEMIC"
    ADULT_TRAINING = "ADULT_TRAINING"
    AGENCY_ANCT = "AGENCY_ANCT"
    ASSOCIATION = "ASSOCIATION"
    BANK = "BANK"
    CAF = "CAF"
    CARSAT = "CARSAT"
    CCAS = "CCAS"
    CHAMBER_OF_TRADE = "CHAMBER_OF_TRADE"
    CITIZEN = "CITIZEN"
    COMMUNE = "COMMUNE"
    COMPANY = "COMPANY"
    CPAM = "CPAM"
    DEPARTMENT = "DEPARTMENT"
    DIGITAL_PUBLIC_SPACE = "DIGITAL_PUBLIC_SPACE"
    EPCI = "EPCI"
    FABLAB = "FABLAB"
    FAMILY_CARER = "FAMILY_CARER"
    FRANCE_SERVICES = "FRANCE_SERVICES"
    FRANCE_TRAVAIL = "FRANCE_TRAVAIL"
    HOSPITAL = "HOSPITAL"
    HUB = "HUB"
    LA_POSTE = "LA_POSTE"
    LIBRARY = "LIBRARY"
    LOCAL_MISSION = "LOCAL_MISSION"
    LOCAL_SOCIAL_SPACE = "LOCAL_SOCIAL_SPACE"
    MDPH = "MDPH"
    MERCHANT = "MERCHANT"
    MSA = "MSA"
    MUTUAL_INSURER = "MUTUAL_INSURER"
    PREFECTURE = "PREFECTURE"
    REGION = "REGION"
    SOCIAL_CENTRE = "SOCIAL_CENTRE"
    SOCIAL_ECONOMY = "SOCIAL_ECONOMY"
    STATE = "STATE"
    THIRD_PLACE = "THIRD_PLACE"
    YOUTH_CENTRE = "YOUTH_CENTRE"


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of actor, its French name, and its codes in the national typologies where it has one.

    `college` is where such an actor usually sits; where it sits is the coordination's decision.
    """

    kind: OrganizationKind
    label: str
    college: str
    mednum: list[str]
    data_inclusion: str | None


class Kinds(msgspec.Struct, frozen=True, kw_only=True):
    """Every kind that is mapped."""

    items: list[Kind]


class DescribeOrganization(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an organisation is from now on; what it was is kept, with the reason."""

    name: Label
    kind: KindCode
    siret: Siret | None = None
    rna: Rna | None = None
    commune: CommuneCode | None = None
    formerly: Label | None = None
    reason: Label | None = None


class MergeOrganization(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The organisation that is kept for two that are the same, and why."""

    into: Slug
    reason: Label


class Organization(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation; `merged` are the slugs it also answers to."""

    organization: str
    name: str
    kind: str
    siret: str | None
    rna: str | None
    commune: str | None
    formerly: str | None
    merged: list[str] = []
    warnings: list[FieldError] = []


class Organizations(msgspec.Struct, frozen=True, kw_only=True):
    """A page of organisations by slug; `cursor` asks for the next one, null at the end."""

    items: list[Organization]
    cursor: str | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What an organisation was until `changed_at`, and who changed it; `change` counts from 1."""

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


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """A page of changes, the first one first; `cursor` asks for the next page."""

    items: list[Change]
    cursor: str | None = None


class DuplicateReason(StrEnum):
    """Why two organisations may be one."""

    SIRET = "SIRET"
    SIREN = "SIREN"
    NAME = "NAME"


class Duplicate(msgspec.Struct, frozen=True, kw_only=True):
    """Two organisations that may be one; a person decides."""

    organization: str
    name: str
    other: str
    other_name: str
    reason: DuplicateReason


class Duplicates(msgspec.Struct, frozen=True, kw_only=True):
    """A page of pairs by slugs; `cursor` asks for the next one, null at the end."""

    items: list[Duplicate]
    cursor: str | None = None


class NameContacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The one or two persons through whom an organisation is reached here, the first one first."""

    persons: Annotated[list[UUID], Meta(max_length=50)]


class Contacts(msgspec.Struct, frozen=True, kw_only=True):
    """The persons through whom an organisation is reached in a coordination."""

    coordination: str
    organization: str
    persons: list[UUID]
