"""Facts about members and their seats."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from contracts.envelope import Fact
from contracts.values import (
    College,
    Label,
    Section,
    Slug,
)


class MemberConfirmed(Fact, frozen=True, kw_only=True):
    """A member took its seat in a college; its vote counts from `effective_on`, inclusive."""

    TYPE: ClassVar[str] = "fr.ctin.members.member_confirmed.v1"

    member_id: UUID
    organization: Slug
    name: Label
    college: College
    section: Section | None = None
    effective_on: date

    @property
    def aggregate(self) -> str:
        """The member."""
        return str(self.member_id)
