"""Facts about committees."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.envelope import Fact
from contracts.values import Slug

COMMITTEE_SEATS_MAX = 400


class CommitteeType(StrEnum):
    """What a committee is for."""

    STRATEGIC = "STRATEGIC"
    STEERING = "STEERING"
    TECHNICAL = "TECHNICAL"
    CONSULTATIVE = "CONSULTATIVE"
    PROJECT_GROUP = "PROJECT_GROUP"


class ContinuedSeat(msgspec.Struct, frozen=True, kw_only=True):
    """A seat that goes on under another id; its holder, kind and last day stay."""

    seat_id: UUID
    continues: UUID


class CommitteeTransformed(Fact, frozen=True, kw_only=True):
    """A committee became another one from `effective_on`, inclusive, with its seats."""

    TYPE: ClassVar[str] = "fr.ctin.members.committee_transformed.v1"

    committee: Slug
    became: Slug
    committee_type: CommitteeType
    effective_on: date
    seats: Annotated[list[ContinuedSeat], Meta(max_length=COMMITTEE_SEATS_MAX)] = []

    @property
    def aggregate(self) -> str:
        """The committee that was, in its coordination."""
        return f"{self.coordination}/{self.committee}"
