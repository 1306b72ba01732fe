"""What is known of communes, and reference data in."""

from litestar import Controller, get, post
from litestar.params import JSONBody

from contracts.http.diagnostics import Area, LoadCommunes, Loaded, MapData
from contracts.values import Role
from services.chassis import ids
from services.chassis.http import TheService
from services.chassis.policies import Asking, Policy
from services.diagnostics import commands, reads
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


class Diagnostic(Controller):
    """The shared diagnostic by commune."""

    tags = ("Diagnostic",)

    @get("/v1/coordinations/{coordination:str}/areas/{insee:str}", opt=READ.opt())
    async def area(
        self, request: Asking, service: TheService, coordination: str, insee: str
    ) -> Area:
        """Return everything known of a commune, each figure with source, period and status."""
        assert isinstance(service.settings, Settings)
        inside = not INSIDE.isdisjoint(request.user.roles)
        threshold = None if inside else service.settings.needs_threshold
        async with service.read() as connection:
            return await reads.area(connection, coordination, insee, threshold=threshold)

    @get("/v1/coordinations/{coordination:str}/map", opt=READ.opt())
    async def map(
        self, service: TheService, coordination: str, measure: str | None = None
    ) -> MapData:
        """Return every commune with one measure, where it is and how it reads."""
        async with service.read() as connection:
            return await reads.map_data(connection, coordination, measure)

    @post("/v1/coordinations/{coordination:str}/communes", opt=LOAD.opt(), status_code=200)
    async def load_communes(
        self, service: TheService, coordination: str, data: JSONBody[LoadCommunes]
    ) -> Loaded:
        """Name, count and place communes; the same load again changes nothing."""
        async with service.write() as connection:
            return await commands.load_communes(connection, coordination, data, now=ids.now())
