"""Facts about the life of a membership, after it was confirmed."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from contracts.envelope import Fact
from contracts.values import College, Slug


class MemberWithdrawn(Fact, frozen=True, kw_only=True):
    """A member left its college; its vote no longer counts from `effective_on`, inclusive."""

    TYPE: ClassVar[str] = "fr.ctin.members.member_withdrawn.v1"

    member_id: UUID
    organization: Slug
    college: College
    effective_on: date

    @property
    def aggregate(self) -> str:
        """The member."""
        return str(self.member_id)
