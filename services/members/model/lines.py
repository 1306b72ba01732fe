"""A line of a list of members."""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from contracts.http.members import ConfirmMember, KindCode, MemberRole, Siret
from contracts.http.members.values import Rna
from contracts.values import College, CommuneCode, Label, Section, Slug


class MemberLine(msgspec.Struct, frozen=True, kw_only=True):
    """A member as a list tells it; the slug and the day may be left to the reader of the list."""

    organization: Slug | None = None
    name: Label
    kind: KindCode
    college: College
    section: Section | None = None
    siret: Siret | None = None
    rna: Rna | None = None
    commune: CommuneCode | None = None
    roles: Annotated[list[MemberRole], Meta(max_length=5)] = []
    effective_on: date | None = None
    formerly: Label | None = None

    def asked(self, organization: str, *, today: date = date.min) -> ConfirmMember:
        """Return the seat that the line asks for; it begins on `today` where it says no day."""
        told = {**msgspec.structs.asdict(self), "organization": organization}
        told["effective_on"] = self.effective_on or today
        return ConfirmMember(**told)
