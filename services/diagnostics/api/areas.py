"""What is known of communes, and reference data in."""

from typing import Annotated

from litestar import Controller, get, post
from litestar.params import JSONBody, Parameter

from contracts.http.diagnostics import Area, LoadCommunes, Loaded, PartAreas
from contracts.http.diagnostics.versions import Tier
from contracts.values import Role
from services.chassis import ids
from services.chassis.http import PAGE_MAX, TheService
from services.chassis.policies import Asking, Policy
from services.diagnostics import commands, reads
from services.diagnostics.api.asking import READ, leaving_to

LOAD = Policy("charger des données de référence", frozenset({Role.COORDINATOR, Role.OPERATOR}))


class Diagnostic(Controller):
    """The shared diagnostic by commune."""

    tags = ("Diagnostic",)

    @get("/v1/coordinations/{coordination:str}/areas/{insee:str}", opt=READ.opt())
    async def area(
        self,
        request: Asking,
        service: TheService,
        coordination: str,
        insee: str,
        tier: Tier | None = None,
    ) -> Area:
        """Return everything known of a commune, each figure with source, period and status.

        Those of the coordination read all of it; the parties of an agreement in force, exact
        counts that give no small one away; anyone else, rounded ones, open data aside.
        """
        async with service.read() as connection:
            to = await leaving_to(request, service, connection, coordination, tier)
            return await reads.area(connection, coordination, insee, to=to)

    @get("/v1/coordinations/{coordination:str}/wider-areas", opt=READ.opt())
    async def wider_areas(
        self,
        request: Asking,
        service: TheService,
        coordination: str,
        limit: Annotated[int, Parameter(ge=1, le=PAGE_MAX)] = 50,
        cursor: Annotated[str, Parameter(pattern="^[0-9A-Z]{0,9}$", max_length=9)] = "",
        tier: Tier | None = None,
    ) -> PartAreas:
        """Return a page of the EPCI and QPV that something was sent of, by code."""
        async with service.read() as connection:
            to = await leaving_to(request, service, connection, coordination, tier)
            found, more = await reads.wider(
                connection, coordination, after=cursor, most=limit, to=to
            )
        return PartAreas(items=found, cursor=more)

    @get("/v1/coordinations/{coordination:str}/wider-areas/{area_code:str}", opt=READ.opt())
    async def wider_area(
        self,
        request: Asking,
        service: TheService,
        coordination: str,
        area_code: Annotated[str, Parameter(pattern="^[0-9A-Z]{8,9}$", max_length=9)],
        tier: Tier | None = None,
    ) -> PartAreas:
        """Return what was sent of an EPCI, a QPV or an IRIS, by itself."""
        async with service.read() as connection:
            to = await leaving_to(request, service, connection, coordination, tier)
            found = await reads.beyond_communes(connection, coordination, area_code, to=to)
        return PartAreas(items=found)

    @post("/v1/coordinations/{coordination:str}/communes", opt=LOAD.opt(), status_code=200)
    async def load_communes(
        self, service: TheService, coordination: str, data: JSONBody[LoadCommunes]
    ) -> Loaded:
        """Name, count and place communes; the same load again changes nothing."""
        async with service.write() as connection:
            return await commands.load_communes(connection, coordination, data, now=ids.now())
