"""Routes of indicators: what there is, on which territories, and what it said before."""

from decimal import Decimal
from typing import Annotated

from litestar import Controller, Response, get, post
from litestar.params import JSONBody, PathParameter, QueryParameter

from contracts.events.diagnostics import FigureStatus
from contracts.http.diagnostics import Loaded, LoadIndicator
from contracts.http.diagnostics.indicators import (
    AreaIndicator,
    IndicatorCatalogue,
    IndicatorValues,
    Targets,
)
from contracts.values import Role
from services.chassis import ids
from services.chassis.http import PAGE_MAX, TheService
from services.chassis.policies import Policy
from services.diagnostics import commands
from services.diagnostics.api.areas import LOAD
from services.diagnostics.api.field_files import as_csv
from services.diagnostics.reads import indicators as reads

READ = Policy("lire les indicateurs", frozenset(Role))
Here = Annotated[str, PathParameter(pattern="^[a-z][a-z0-9-]{1,39}$")]
Named = Annotated[str, PathParameter(pattern="^[a-z][a-z0-9_-]{0,59}$")]
AreaCode = Annotated[str, PathParameter(pattern="^[0-9A-Z]{2,9}$")]
Vintage = Annotated[str | None, QueryParameter(min_length=1, max_length=60)]
Least = Annotated[
    str | None, QueryParameter(pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$", max_length=20)
]
Limit = Annotated[int, QueryParameter(ge=1, le=PAGE_MAX)]
SECRET = "s"  # noqa: S105  # What an import reads as secret.
COLUMNS = (
    *("area", "indicator", "value", "label", "unit", "source", "licence", "vintage"),
    "name",
)
Cursor = Annotated[str, QueryParameter(pattern="^[0-9]{0,6}$")]


class Indicators(Controller):
    """Indicators as their producers published them, each with source, vintage and licence."""

    tags = ("Indicateurs",)

    @get("/v1/coordinations/{coordination:str}/indicators", opt=READ.opt())
    async def catalogue(
        self, service: TheService, coordination: Here, limit: Limit = 100, cursor: Cursor = ""
    ) -> IndicatorCatalogue:
        """Return a page of the editions that say something of the coordination's territories."""
        start = int(cursor or 0)
        async with service.read() as connection:
            found = await reads.catalogue(connection, coordination)
        more = str(start + limit) if start + limit < len(found) else None
        return IndicatorCatalogue(items=found[start : start + limit], cursor=more)

    @post("/v1/coordinations/{coordination:str}/indicators", opt=LOAD.opt(), status_code=200)
    async def load_indicator(
        self, service: TheService, coordination: str, data: JSONBody[LoadIndicator]
    ) -> Loaded:
        """Write one edition of an indicator as observed."""
        async with service.write() as connection:
            return await commands.load_indicator(connection, coordination, data, now=ids.now())

    @get("/v1/coordinations/{coordination:str}/indicators.csv", opt=READ.opt())
    async def export(self, service: TheService, coordination: Here) -> Response[bytes]:
        """Return the latest edition of every indicator as a table that may be imported back."""
        async with service.read() as connection:
            found = await reads.every_value(connection, coordination)
        rows = [
            (
                *(one.area, edition.indicator),
                SECRET if one.status is FigureStatus.SECRET else one.value or "",
                *(edition.label, edition.unit, edition.source, edition.licence, edition.vintage),
                one.name,
            )
            for one, edition in found
        ]
        return as_csv(COLUMNS, rows, name=f"indicateurs-{coordination}")

    @get("/v1/coordinations/{coordination:str}/indicators/{indicator:str}", opt=READ.opt())
    async def values(
        self, service: TheService, coordination: Here, indicator: Named, vintage: Vintage = None
    ) -> IndicatorValues:
        """Return one edition on every commune, for inhabitants where it counts, the EPCI beside."""
        async with service.read() as connection:
            return await reads.values(connection, coordination, indicator, vintage)

    @get("/v1/coordinations/{coordination:str}/indicators/{indicator:str}/targets", opt=READ.opt())
    async def targets(
        self,
        service: TheService,
        coordination: Here,
        indicator: Named,
        least: Least = None,
        limit: Limit = 50,
    ) -> Targets:
        """Return the communes and QPV where the latest edition is at `least` or more, by value."""
        bound = None if least is None else Decimal(least)
        async with service.read() as connection:
            return await reads.targets(connection, coordination, indicator, least=bound, most=limit)

    @get(
        "/v1/coordinations/{coordination:str}/indicators/{indicator:str}/areas/{area:str}",
        opt=READ.opt(),
    )
    async def of_area(
        self, service: TheService, coordination: Here, indicator: Named, area: AreaCode
    ) -> AreaIndicator:
        """Return every value ever told of an area, and similar communes beside it."""
        async with service.read() as connection:
            return await reads.of_area(connection, coordination, indicator, area)
