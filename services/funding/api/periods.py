"""Routes of periods, statements and splits."""

from datetime import date, datetime

from litestar import Controller, get, post
from litestar.params import FromQuery, JSONBody

from contracts.http.funding.periods import (
    AskSplit,
    Period,
    Split,
    Statement,
    WritePeriod,
)
from contracts.http.funding.periods import Periods as PeriodsPage
from services.chassis import ids
from services.funding import reads
from services.funding.api.asking import (
    READ,
    WRITE,
    Cited,
    Here,
    Limit,
    Named,
    TheLane,
    TheService,
    with_zone,
)
from services.funding.commands import periods as commands
from services.funding.reads import periods


class Periods(Controller):
    """What is final in the ledger, what stood on a day, and how an award splits."""

    tags = ("Périodes et relevés",)

    @post("/v1/coordinations/{coordination:str}/periods", opt=WRITE.opt(), status_code=200)
    async def write_period(
        self, service: TheService, coordination: Here, data: JSONBody[WritePeriod]
    ) -> Period:
        """Write a period; the same one again answers the same."""
        async with service.write() as connection:
            await commands.write_period(connection, coordination, data)
            return await periods.period(connection, coordination, data.id)

    @post(
        "/v1/coordinations/{coordination:str}/periods/{period:str}/close",
        opt=WRITE.opt(),
        status_code=200,
    )
    async def close_period(
        self, service: TheService, lane: TheLane, coordination: Here, period: Cited
    ) -> Period:
        """Close a period for ever and return its report; closed again, the same report."""
        await lane.alone(
            coordination,
            lambda connection: commands.close_period(
                connection, coordination, period, now=ids.now(), new_id=ids.new_id
            ),
        )
        async with service.read() as connection:
            return await periods.period(connection, coordination, period)

    @get("/v1/coordinations/{coordination:str}/periods", opt=READ.opt())
    async def periods(
        self, service: TheService, coordination: Here, limit: Limit = 50, cursor: date | None = None
    ) -> PeriodsPage:
        """Return a page of periods, first days first."""
        async with service.read() as connection:
            found, following = await periods.page(
                connection, coordination, after=cursor, most=limit
            )
        return PeriodsPage(items=found, cursor=following)

    @get("/v1/coordinations/{coordination:str}/periods/{period:str}", opt=READ.opt())
    async def period(self, service: TheService, coordination: Here, period: Cited) -> Period:
        """Return a period and, once it is closed, what its closing sealed."""
        async with service.read() as connection:
            return await periods.period(connection, coordination, period)

    @get("/v1/coordinations/{coordination:str}/funds/{fund:str}/statement", opt=READ.opt())
    async def statement(
        self,
        service: TheService,
        coordination: Here,
        fund: Named,
        as_of: FromQuery[date | None] = None,
        known_at: FromQuery[datetime | None] = None,
    ) -> Statement:
        """Return the accounts of a fund by what was effective on a day and known at an instant."""
        async with service.read() as connection:
            return await reads.statement(
                connection, coordination, fund, as_of=as_of, known_at=with_zone(known_at)
            )

    @post("/v1/coordinations/{coordination:str}/awards/split", opt=READ.opt(), status_code=200)
    async def split(
        self, service: TheService, coordination: Here, data: JSONBody[AskSplit]
    ) -> Split:
        """Return each fund's share of an amount for an action, to the cent; nothing is recorded."""
        async with service.read() as connection:
            return await reads.split(connection, coordination, data)
