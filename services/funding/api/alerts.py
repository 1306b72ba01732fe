"""Routes of what to look at, and of the years to come."""

from datetime import date
from fractions import Fraction
from typing import Annotated

from litestar import Controller, get
from litestar.params import FromQuery, QueryParameter

from contracts.http.funding.alerts import Alerts
from contracts.http.funding.plans import PostsPlan, Scenario
from services.funding.api.asking import READ, Here, Limit, TheService
from services.funding.api.today import today
from services.funding.reads import alerts as reads

YEARS_SHOWN_MAX = 20

Place = Annotated[str | None, QueryParameter(pattern="^n[0-9]{1,6}$")]

Share = Annotated[str, QueryParameter(pattern="^(0|[1-9][0-9]{0,5})/[1-9][0-9]{0,5}$")]

Years = Annotated[int, QueryParameter(ge=1, le=YEARS_SHOWN_MAX)]

FirstYear = Annotated[int | None, QueryParameter(ge=2000, le=2100)]


class Watch(Controller):
    """What a coordinator should look at before it is too late."""

    tags = ("Alertes et plan pluriannuel",)

    @get("/v1/coordinations/{coordination:str}/alerts", opt=READ.opt())
    async def alerts(
        self,
        service: TheService,
        coordination: Here,
        limit: Limit = 50,
        cursor: Place = None,
        as_of: FromQuery[date | None] = None,
    ) -> Alerts:
        """Return a page of alerts of today or of a day, the soonest due first."""
        async with service.read() as connection:
            return await reads.alerts(
                connection, coordination, day=as_of or today(), after=cursor or "", most=limit
            )

    @get("/v1/coordinations/{coordination:str}/plan", opt=READ.opt())
    async def plan(
        self,
        service: TheService,
        coordination: Here,
        scenario: FromQuery[Scenario] = Scenario.NOT_RENEWED,
        share: Share = "1/2",
        first_year: FirstYear = None,
        years: Years = 5,
        as_of: FromQuery[date | None] = None,
    ) -> PostsPlan:
        """Return what the posts bring and cost year by year, in a scenario of what follows them.

        `share` is the part of the last instalment that scenario `partial` keeps.
        """
        day = as_of or today()
        async with service.read() as connection:
            return await reads.plan(
                connection,
                coordination,
                day=day,
                scenario=scenario,
                share=min(Fraction(share), Fraction(1)),
                first_year=first_year or day.year,
                years=years,
            )
