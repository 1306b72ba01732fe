"""Routes of the pools of a coordination and of those below it."""

from datetime import date, datetime

from litestar import Controller, get, put
from litestar.params import FromQuery, JSONBody

from contracts.http.funding.families import FamilyPool, FundCounted, WriteCountedIn
from services.funding.api.asking import READ, WRITE, Here, Named, TheService, with_zone
from services.funding.commands import families as commands
from services.funding.reads import families as reads


class Families(Controller):
    """Money over coordinations that stand under one another, each euro once."""

    tags = ("Coordinations rattachées",)

    @get("/v1/coordinations/{coordination:str}/family/pool", opt=READ.opt())
    async def pool(
        self,
        service: TheService,
        coordination: Here,
        as_of: FromQuery[date | None] = None,
        known_at: FromQuery[datetime | None] = None,
    ) -> FamilyPool:
        """Return the pools of this coordination and of all those below, each euro once.

        Sums alone are shown of those below, never their funds. `as_of` and `known_at` as for the
        pool; who stands below, and which fund counts, are those of now.
        """
        async with service.read() as connection:
            return await reads.pool_of_family(
                connection, coordination, as_of=as_of, known_at=with_zone(known_at)
            )

    @get("/v1/coordinations/{coordination:str}/funds/{fund:str}/counted-in", opt=READ.opt())
    async def counted_in(self, service: TheService, coordination: Here, fund: Named) -> FundCounted:
        """Return which fund of a coordination above counts this fund's money already."""
        async with service.read() as connection:
            return await reads.fund_counted(connection, coordination, fund)

    @put("/v1/coordinations/{coordination:str}/funds/{fund:str}/counted-in", opt=WRITE.opt())
    async def count_in(
        self,
        service: TheService,
        coordination: Here,
        fund: Named,
        data: JSONBody[WriteCountedIn],
    ) -> FundCounted:
        """Say which fund of a coordination above counts this fund's money already, or none."""
        async with service.write() as connection:
            await commands.count_in(connection, coordination, fund, data)
        return FundCounted(fund=fund, counted_in=data.counted_in)
