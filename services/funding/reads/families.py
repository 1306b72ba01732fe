"""What the pools of a coordination and of those below are together."""

from datetime import date, datetime

from contracts.http.funding import Pool
from contracts.http.funding.families import CountingFund, FamilyPool, FundCounted
from services.chassis.database import Connection
from services.funding import store
from services.funding.errors import NotKnown
from services.funding.errors.families import FamilyIsTooLarge
from services.funding.model.families import counted_above, family_pool
from services.funding.model.references import FundRow
from services.funding.reads.statements import pool_within
from services.funding.store import families

FAMILY_MAX = 400


async def pool_of_family(
    connection: Connection, coordination: str, *, as_of: date | None, known_at: datetime | None
) -> FamilyPool:
    """Return the pools of a coordination and of those below, at one instant, each euro once.

    Raises:
        FamilyIsTooLarge: more than `FAMILY_MAX` coordinations stand below.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        family = await families.family(connection, coordination, FAMILY_MAX + 1)
        if len(family) > FAMILY_MAX:
            raise FamilyIsTooLarge(coordination, most=FAMILY_MAX)
        slugs = [one.coordination for one in family]
        counted = counted_above(family, await families.counted(connection, slugs))
        pools: dict[str, Pool] = {
            slug: await pool_within(connection, slug, as_of=as_of, known_at=known_at)
            for slug in slugs
        }
    return family_pool(family, pools, counted, as_of=as_of)


async def fund_counted(connection: Connection, coordination: str, fund: str) -> FundCounted:
    """Return which fund above counts a fund's money already, if any.

    Raises:
        NotKnown: the fund was never written.
    """
    if await store.reference(connection, coordination, FundRow, fund) is None:
        raise NotKnown("Le fonds", fund, field="fund")
    row = await families.counted_in(connection, coordination, fund)
    counting = CountingFund(coordination=row.in_coordination, fund=row.in_fund) if row else None
    return FundCounted(fund=fund, counted_in=counting)
