"""Routes of maps: one figure on every commune, for a page or for a map's own tools."""

from typing import Annotated

from litestar import Controller, Response, get
from litestar.params import PathParameter, QueryParameter

from contracts.http.diagnostics import MapData
from contracts.http.diagnostics.maps import CommuneFeatures
from services.chassis.http import TheService
from services.diagnostics.api.areas import READ
from services.diagnostics.reads import maps

Here = Annotated[str, PathParameter(pattern="^[a-z][a-z0-9-]{1,39}$")]
Named = Annotated[str | None, QueryParameter(pattern="^[a-z][a-z0-9_-]{0,59}$")]
Vintage = Annotated[str | None, QueryParameter(min_length=1, max_length=60)]
GEOJSON = "application/geo+json"


class Maps(Controller):
    """The communes of a coordination with one figure."""

    tags = ("Diagnostic",)

    @get("/v1/coordinations/{coordination:str}/map", opt=READ.opt())
    async def map(
        self,
        service: TheService,
        coordination: Here,
        measure: Named = None,
        indicator: Named = None,
        vintage: Vintage = None,
    ) -> MapData:
        """Return every commune with one measure or indicator, where it is and how it reads."""
        async with service.read() as connection:
            return await maps.figure_map(
                connection, coordination, measure=measure, indicator=indicator, vintage=vintage
            )

    @get("/v1/coordinations/{coordination:str}/map.geojson", opt=READ.opt())
    async def geojson(
        self,
        service: TheService,
        coordination: Here,
        measure: Named = None,
        indicator: Named = None,
        vintage: Vintage = None,
    ) -> Response[CommuneFeatures]:
        """Return the same as GeoJSON: a point a commune, with its figure and where it is from."""
        async with service.read() as connection:
            data = await maps.figure_map(
                connection, coordination, measure=measure, indicator=indicator, vintage=vintage
            )
        return Response(maps.features(data), media_type=GEOJSON)
