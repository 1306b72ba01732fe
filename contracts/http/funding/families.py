"""Bodies of the pools of a coordination and of those below it."""

from datetime import date

import msgspec

from contracts.http.funding.figures import Stages
from contracts.values import CoordinationSlug, Slug


class CountingFund(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fund of another coordination."""

    coordination: CoordinationSlug
    fund: Slug


class WriteCountedIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The fund of a coordination above that counts a fund's money already; null for none.

    It feeds this fund, or both are records of the same convention.
    """

    counted_in: CountingFund | None


class FundCounted(msgspec.Struct, frozen=True, kw_only=True):
    """A fund, and the one above that counts its money already."""

    fund: str
    counted_in: CountingFund | None


class FamilyLine(msgspec.Struct, frozen=True, kw_only=True):
    """One coordination of a family, `parent` the one right above it in the family.

    `counted_above` is what its funds hold that a fund above counts: it is in no other sum.
    """

    coordination: str
    parent: str | None
    stages: Stages
    reached: Stages
    counted_above: Stages
    received: int
    left: int
    funding_gap: int


class FamilyPool(msgspec.Struct, frozen=True, kw_only=True):
    """The pools of a coordination and of all those below, each euro once, then each pool.

    Money that came down from a fund of the family is counted where it entered it; what became of
    it below is in `counted_above`. `funding_gap` adds the gaps of the actions of each.
    """

    as_of: date | None
    stages: Stages
    reached: Stages
    counted_above: Stages
    received: int
    left: int
    funding_gap: int
    coordinations: list[FamilyLine]
