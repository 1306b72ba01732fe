"""Bodies of prioritisation ballots, definitions and validations by other bodies."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.events.members.priorities import RankedAction
from contracts.http.members.sessions import Instant
from contracts.values import College, Label, Slug


class OpenPrioritisation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Action sheets to rank, until `closes_at`: by a committee's members, or by all."""

    id: UUID | None = None
    title: Label
    committee: Slug | None = None
    actions: Annotated[list[Slug], Meta(min_length=2, max_length=100)]
    closes_at: Instant


class Rank(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member's ranking, best first; what is left out shares the places that are left."""

    member: UUID
    actions: Annotated[list[Slug], Meta(min_length=1, max_length=100)]


class Ranking(msgspec.Struct, frozen=True, kw_only=True):
    """A member's last ranking; `times` is how often it gave one."""

    member: UUID
    college: College
    actions: list[str]
    times: int


class PrioritisationState(StrEnum):
    """Whether rankings are still taken."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"


class CollegeScores(msgspec.Struct, frozen=True, kw_only=True):
    """What one college gave each action, as a fraction between 0 and 1."""

    college: College
    weight: str
    rankings: int
    scores: dict[str, str]


class Prioritisation(msgspec.Struct, frozen=True, kw_only=True):
    """A ballot on priorities; its ranks are known once it is closed."""

    id: UUID
    coordination: str
    title: str
    committee: str | None
    actions: list[str]
    closes_at: datetime
    closed_at: datetime | None
    state: PrioritisationState
    rankings: int
    ranks: list[RankedAction]
    colleges: list[CollegeScores]


class PrioritisationSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A ballot on priorities in a list."""

    id: UUID
    title: str
    committee: str | None
    closes_at: datetime
    state: PrioritisationState


class Prioritisations(msgspec.Struct, frozen=True, kw_only=True):
    """A page of ballots on priorities by id; `cursor` asks for the next one, null at the end."""

    items: list[PrioritisationSummary]
    cursor: str | None = None


class WriteDefinition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What digital inclusion means here, in words that can be shared with all."""

    id: UUID | None = None
    text: Annotated[str, Meta(min_length=1, max_length=4000)]


class AdoptDefinition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The opinion by which the colleges adopted the text."""

    opinion: UUID


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """A version of the definition; the adopted one of the highest number is in force."""

    id: UUID
    coordination: str
    version: int
    text: str
    text_sha256: str
    opinion: UUID | None
    adopted_on: date | None
    in_force: bool


class Definitions(msgspec.Struct, frozen=True, kw_only=True):
    """A page of definitions by version; `cursor` asks for the next one, null at the end."""

    items: list[Definition]
    cursor: str | None = None


class RecordValidation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another body, as a council or a board, validated what an opinion adopted."""

    id: UUID | None = None
    opinion: UUID
    body: Label
    reference: Label
    validated_on: date


class Validation(msgspec.Struct, frozen=True, kw_only=True):
    """A validation by another body, as it was recorded."""

    id: UUID
    coordination: str
    opinion: UUID
    body: str
    reference: str
    validated_on: date


class Validations(msgspec.Struct, frozen=True, kw_only=True):
    """A page of validations by id; `cursor` asks for the next one, null at the end."""

    items: list[Validation]
    cursor: str | None = None
