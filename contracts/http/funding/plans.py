"""Bodies of the multi-year plan of posts."""

from enum import StrEnum

import msgspec


class Scenario(StrEnum):
    """What becomes of a post's funding once its convention is over."""

    RENEWED = "renewed"
    PARTIAL = "partial"
    NOT_RENEWED = "not_renewed"


class PlanYear(msgspec.Struct, frozen=True, kw_only=True):
    """What posts bring and cost in a civil year.

    `cliff_cents` is what the funders bring less than the year before; `left_cents` the part of the
    known costs that stays with the employers.
    """

    year: int
    posts_funded: int
    posts_ending: int
    funded_cents: int
    cost_cents: int
    left_cents: int
    cliff_cents: int


class PostsPlan(msgspec.Struct, frozen=True, kw_only=True):
    """The funding of all posts over several years, in one scenario; `share` is that of partial."""

    scenario: Scenario
    share: str | None
    years: list[PlanYear]
