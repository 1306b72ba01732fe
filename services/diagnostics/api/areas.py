"""What is known of communes, and reference data in."""

from typing import Annotated

from litestar import Controller, get, post
from litestar.params import JSONBody, Parameter

from contracts.http.diagnostics import Area, LoadCommunes, Loaded, PartAreas
from contracts.values import Role
from services.chassis import ids
from services.chassis.http import PAGE_MAX, TheService
from services.chassis.policies import Asking, Policy
from services.chassis.service import Service
from services.diagnostics import commands, reads
from services.diagnostics.reads import parts
from services.diagnostics.settings import Settings

READ = Policy("lire le diagnostic", frozenset(Role))
LOAD = Policy("charger des données de référence", frozenset({Role.COORDINATOR, Role.OPERATOR}))
INSIDE = frozenset(
    {
        Role.COORDINATOR,
        Role.SECRETARY,
        Role.ELECTED,
        Role.REFERRER,
        Role.OPERATOR,
        Role.SERVICE,
    }
)
"""Who sees reported needs below the threshold: those of the coordination itself."""


def outside_threshold(request: Asking, service: Service) -> int | None:
    """Return the least sum of needs that a caller is shown, None within the coordination."""
    assert isinstance(service.settings, Settings)
    inside = not INSIDE.isdisjoint(request.user.roles)
    return None if inside else service.settings.needs_threshold


class Diagnostic(Controller):
    """The shared diagnostic by commune."""

    tags = ("Diagnostic",)

    @get("/v1/coordinations/{coordination:str}/areas/{insee:str}", opt=READ.opt())
    async def area(
        self, request: Asking, service: TheService, coordination: str, insee: str
    ) -> Area:
        """Return everything known of a commune, each figure with source, period and status."""
        threshold = outside_threshold(request, service)
        async with service.read() as connection:
            return await reads.area(connection, coordination, insee, threshold=threshold)

    @get("/v1/coordinations/{coordination:str}/wider-areas", opt=READ.opt())
    async def wider_areas(
        self,
        request: Asking,
        service: TheService,
        coordination: str,
        limit: Annotated[int, Parameter(ge=1, le=PAGE_MAX)] = 50,
        cursor: Annotated[str, Parameter(pattern="^[0-9A-Z]{0,9}$", max_length=9)] = "",
    ) -> PartAreas:
        """Return a page of the EPCI and QPV that something was sent of, by code."""
        async with service.read() as connection:
            found, more = await parts.listed(
                connection,
                coordination,
                after=cursor,
                most=limit,
                threshold=outside_threshold(request, service),
            )
        return PartAreas(items=found, cursor=more)

    @get("/v1/coordinations/{coordination:str}/wider-areas/{area_code:str}", opt=READ.opt())
    async def wider_area(
        self,
        request: Asking,
        service: TheService,
        coordination: str,
        area_code: Annotated[str, Parameter(pattern="^[0-9A-Z]{8,9}$", max_length=9)],
    ) -> PartAreas:
        """Return what was sent of an EPCI, a QPV or an IRIS, by itself."""
        async with service.read() as connection:
            found = await parts.one(
                connection,
                coordination,
                area_code,
                threshold=outside_threshold(request, service),
            )
        return PartAreas(items=found)

    @post("/v1/coordinations/{coordination:str}/communes", opt=LOAD.opt(), status_code=200)
    async def load_communes(
        self, service: TheService, coordination: str, data: JSONBody[LoadCommunes]
    ) -> Loaded:
        """Name, count and place communes; the same load again changes nothing."""
        async with service.write() as connection:
            return await commands.load_communes(connection, coordination, data, now=ids.now())
