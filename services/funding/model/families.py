"""The pools of a coordination and of those below, each euro once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import msgspec

from contracts.http.funding import Pool, Stages
from contracts.http.funding.families import FamilyLine, FamilyPool
from services.funding.model.figures import total


class Kin(msgspec.Struct, frozen=True):
    """A coordination of a family, and those above it from the first of the family down."""

    coordination: str
    above: list[str]


class Counted(msgspec.Struct, frozen=True):
    """A fund whose money a fund of another coordination counts already."""

    coordination: str
    fund: str
    in_coordination: str


class CountedIn(msgspec.Struct, frozen=True):
    """The fund that counts a fund's money already."""

    in_coordination: str
    in_fund: str


def counted_above(family: Sequence[Kin], links: Collection[Counted]) -> set[tuple[str, str]]:
    """Return the funds whose money is counted above them: what a link sideways says is not heard.

    Two links can therefore never leave the same money out of both.
    """
    above = {one.coordination: set(one.above) for one in family}
    return {
        (one.coordination, one.fund)
        for one in links
        if one.in_coordination in above.get(one.coordination, ())
    }


def family_pool(
    family: Sequence[Kin],
    pools: Mapping[str, Pool],
    counted: Collection[tuple[str, str]],
    *,
    as_of: date | None,
) -> FamilyPool:
    """Return what a family's pools are together; `counted` is left out of every sum, and shown."""
    lines = [_line(one, pools[one.coordination], counted) for one in family]
    found = FamilyPool(
        as_of=as_of,
        stages=total(one.stages for one in lines),
        reached=total(one.reached for one in lines),
        counted_above=total(one.counted_above for one in lines),
        received=sum(one.received for one in lines),
        left=sum(one.left for one in lines),
        funding_gap=sum(one.funding_gap for one in lines),
        coordinations=lines,
    )
    whole = total(pool.stages for pool in pools.values())
    assert total((found.stages, found.counted_above)) == whole, "each euro is in one sum"
    return found


def _line(kin: Kin, pool: Pool, counted: Collection[tuple[str, str]]) -> FamilyLine:
    own = [fund for fund in pool.funds if (kin.coordination, fund.id) not in counted]
    others: list[Stages] = [
        fund.stages for fund in pool.funds if (kin.coordination, fund.id) in counted
    ]
    return FamilyLine(
        coordination=kin.coordination,
        parent=kin.above[-1] if kin.above else None,
        stages=total(fund.stages for fund in own),
        reached=total(fund.reached for fund in own),
        counted_above=total(others),
        received=sum(fund.received for fund in own),
        left=sum(fund.left for fund in own),
        funding_gap=pool.funding_gap,
    )
