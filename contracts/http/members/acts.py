"""Bodies of opinions and funders' decisions."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.events.members import AwardShare, ResolutionObject
from contracts.http.members.values import Awards, Sha256, Tally
from contracts.values import (
    Label,
    Slug,
)


class OpinionMode(StrEnum):
    """How the colleges came to an opinion."""

    CONSENSUS = "consensus"
    VOTE = "vote"


class OpinionOutcome(StrEnum):
    """What the colleges made of what they were asked for."""

    ADOPTED = "ADOPTED"
    REJECTED = "REJECTED"


class RemarkKind(StrEnum):
    """How far a member stands from what is adopted."""

    OBJECTION = "OBJECTION"
    RESERVATION = "RESERVATION"


class Remark(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An objection or a reservation as it was worded, and the member that made it."""

    kind: RemarkKind
    member: UUID | None = None
    text: Annotated[str, Meta(min_length=1, max_length=1000)]


Remarks = Annotated[list[Remark], Meta(max_length=100)]


class RecordOpinion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the colleges adopted, or did not, as the secretary recorded it on `adopted_on`.

    The amounts of `awards` are what was adopted: one per action and fund. `objections` and
    `reservations` are how many there were; those that are worded are in `remarks`. A strategic
    committee cites the version of the diagnostic it read.
    """

    id: UUID | None = None
    reference: Label | None = None
    title: Label
    adopted_on: date
    mode: OpinionMode = OpinionMode.CONSENSUS
    objections: Tally = 0
    reservations: Tally = 0
    diagnostic_version: Annotated[int, Meta(ge=1, le=10**6)] | None = None
    awards: Awards = []
    minutes_sha256: Sha256 | None = None
    outcome: OpinionOutcome = OpinionOutcome.ADOPTED
    session: UUID | None = None
    committee: Slug | None = None
    object: ResolutionObject | None = None
    object_reference: Label | None = None
    remarks: Remarks = []


class Opinion(msgspec.Struct, frozen=True, kw_only=True):
    """An opinion and its outcome; `total_cents` is the sum of its awards."""

    id: UUID
    coordination: str
    reference: str | None
    title: str
    adopted_on: date
    mode: OpinionMode
    objections: int
    reservations: int
    diagnostic_version: int | None
    minutes_sha256: str | None
    awards: list[AwardShare]
    total_cents: int
    outcome: OpinionOutcome
    session: UUID | None
    committee: str | None
    object: ResolutionObject | None
    object_reference: str | None
    remarks: list[Remark]


class Opinions(msgspec.Struct, frozen=True, kw_only=True):
    """A page of opinions by id; `cursor` asks for the next one, null at the end."""

    items: list[Opinion]
    cursor: str | None = None


class RecordFunderDecision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a funder's competent body committed of its own money, and since when it binds."""

    id: UUID | None = None
    funder: Slug
    body: Label
    reference: Label
    decided_on: date
    enforceable_since: date
    awards: Annotated[list[AwardShare], Meta(min_length=1, max_length=200)]


class FunderDecision(msgspec.Struct, frozen=True, kw_only=True):
    """A funder's decision; `total_cents` is the sum of its awards."""

    id: UUID
    coordination: str
    funder: str
    body: str
    reference: str
    decided_on: date
    enforceable_since: date
    awards: list[AwardShare]
    total_cents: int


class FunderDecisions(msgspec.Struct, frozen=True, kw_only=True):
    """A page of funders' decisions by id; `cursor` asks for the next one, null at the end."""

    items: list[FunderDecision]
    cursor: str | None = None
