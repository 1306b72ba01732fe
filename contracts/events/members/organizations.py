"""Facts about organisations."""

from datetime import date
from typing import ClassVar

from contracts.envelope import Fact
from contracts.values import Label, Slug


class OrganizationMerged(Fact, frozen=True, kw_only=True):
    """Two organisations were one: what `merged` did here is from now on what `organization` did."""

    TYPE: ClassVar[str] = "fr.ctin.members.organization_merged.v1"

    organization: Slug
    name: Label
    merged: Slug
    merged_on: date

    @property
    def aggregate(self) -> str:
        """The slug that gave way, in one coordination."""
        return f"{self.coordination}/{self.merged}"


class OrganizationRenamed(Fact, frozen=True, kw_only=True):
    """An organisation that sits here has another name; what it did under `formerly` stays its."""

    TYPE: ClassVar[str] = "fr.ctin.members.organization_renamed.v1"

    organization: Slug
    name: Label
    formerly: Label
    renamed_on: date

    @property
    def aggregate(self) -> str:
        """The organisation, in one coordination."""
        return f"{self.coordination}/{self.organization}"
