"""Facts about adviser posts."""

from datetime import date
from typing import Annotated, ClassVar

from msgspec import Meta

from contracts.envelope import Fact
from contracts.values import CentsOrZero, Slug


class _PostFact(Fact, frozen=True, kw_only=True):
    """What every fact about an adviser post tells: which post, and its four parties.

    A party is named by its slug in the coordination; nothing here is about the adviser.
    """

    post: Slug
    programme: Slug
    funder: Slug
    employer: Slug
    host: Slug
    deployer: Slug

    @property
    def aggregate(self) -> str:
        """The post."""
        return f"{self.coordination}/post/{self.post}"


class PostFilled(_PostFact, frozen=True, kw_only=True):
    """An adviser took a post; its funding ends on `ends_on`, inclusive."""

    TYPE: ClassVar[str] = "fr.ctin.funding.post_filled.v1"

    filled_on: date
    ends_on: date


class PostVacated(_PostFact, frozen=True, kw_only=True):
    """A post has no adviser from `vacated_on`; it may be filled again until `return_by`."""

    TYPE: ClassVar[str] = "fr.ctin.funding.post_vacated.v1"

    vacated_on: date
    return_by: date | None = None


class PostTransferred(_PostFact, frozen=True, kw_only=True):
    """A post goes on under other parties, the ones told; the months it used stay used."""

    TYPE: ClassVar[str] = "fr.ctin.funding.post_transferred.v1"

    transferred_on: date
    months_consumed: Annotated[int, Meta(ge=0)]


class PostReturned(_PostFact, frozen=True, kw_only=True):
    """A post went back to its funder for good, with what is to be paid back."""

    TYPE: ClassVar[str] = "fr.ctin.funding.post_returned.v1"

    returned_on: date
    months_consumed: Annotated[int, Meta(ge=0)]
    to_return_cents: CentsOrZero
