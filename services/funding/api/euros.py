"""Routes of what became of the money."""

from datetime import date
from typing import Annotated

from litestar import Controller, get
from litestar.params import FromQuery, PathParameter

from contracts.http.funding.euros import (
    ActionDetail,
    ActionHistory,
    Execution,
    FunderEuros,
    MoneyFacts,
    Year,
)
from services.funding.api.asking import READ, Cursor, Here, Limit, Named, TheService
from services.funding.reads import euros as reads

CivilYear = Annotated[int, PathParameter(ge=1990, le=2099)]


class Euros(Controller):
    """What each funder, action and year made of the money."""

    tags = ("Ce que devient l'argent",)

    @get("/v1/coordinations/{coordination:str}/funders/{funder:str}/euros", opt=READ.opt())
    async def funder(self, service: TheService, coordination: Here, funder: Named) -> FunderEuros:
        """Return what each euro of a funder became; they add up to what it pledged."""
        async with service.read() as connection:
            return await reads.funder(connection, coordination, funder)

    @get("/v1/coordinations/{coordination:str}/actions/{action:str}", opt=READ.opt())
    async def action(self, service: TheService, coordination: Here, action: Named) -> ActionDetail:
        """Return an action's funding plan, its gap, and the share of each nature of funder."""
        async with service.read() as connection:
            return await reads.action(connection, coordination, action)

    @get("/v1/coordinations/{coordination:str}/actions/{action:str}/history", opt=READ.opt())
    async def history(
        self,
        service: TheService,
        coordination: Here,
        action: Named,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> ActionHistory:
        """Return a page of the acts of an action, oldest first."""
        async with service.read() as connection:
            found, following = await reads.history(
                connection, coordination, action, after=cursor or "", most=limit
            )
        return ActionHistory(items=found, cursor=following)

    @get("/v1/coordinations/{coordination:str}/years/{year:int}", opt=READ.opt())
    async def year(self, service: TheService, coordination: Here, year: CivilYear) -> Year:
        """Return what a civil year brought to each stage, by the days acts are effective.

        With it, what each budget line authorises and may pay that year, and what was paid.
        """
        async with service.read() as connection:
            return await reads.year(connection, coordination, year)

    @get("/v1/coordinations/{coordination:str}/money-facts", opt=READ.opt())
    async def money_facts(
        self,
        service: TheService,
        coordination: Here,
        as_of: FromQuery[date | None] = None,
    ) -> MoneyFacts:
        """Return what was announced, budgeted, disbursed and consumed, never one for another."""
        async with service.read() as connection:
            return await reads.money_facts(connection, coordination, as_of=as_of)

    @get("/v1/coordinations/{coordination:str}/execution", opt=READ.opt())
    async def execution(self, service: TheService, coordination: Here) -> Execution:
        """Return how far the budget of each action is used."""
        async with service.read() as connection:
            return await reads.execution(connection, coordination)
