"""Routes of what is offered against what is needed, and of where nothing is near."""

import csv
from io import StringIO
from typing import Annotated, Literal

import msgspec
from litestar import Controller, get
from litestar.params import QueryParameter
from litestar.response import Response

from contracts.http.diagnostics.supply import Supply, WhiteZone, WhiteZones
from services.chassis.http import TheService
from services.chassis.policies import Asking
from services.diagnostics.api.asking import leaving_to
from services.diagnostics.api.places import READ, Here, Limit, Within
from services.diagnostics.model.supply import by_department
from services.diagnostics.reads import supply as reads

After = Annotated[str, QueryParameter(pattern="^([0-9][0-9AB][0-9]{3})?$", max_length=5)]
Department = Annotated[
    str | None, QueryParameter(name="departement", pattern="^[0-9][0-9AB]0?[0-9]?$")
]
COLUMNS = {
    "code_commune": "commune",
    "commune": "name",
    "population": "population",
    "departement": "department",
    "lieux": "places",
    "lieu_le_plus_proche_km": "nearest_km",
    "zone_blanche": "is_white",
}
FRENCH = {True: "oui", False: "non", None: ""}


def _csv(zones: list[WhiteZone]) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in zones:
        told = msgspec.structs.asdict(one)
        told["is_white"] = FRENCH[one.is_white]
        writer.writerow(told[field] for field in COLUMNS.values())
    return text.getvalue()


class Matching(Controller):
    """What is offered against what is needed, and where nothing is near."""

    tags = ("Lieux",)

    @get("/v1/coordinations/{coordination:str}/supply", opt=READ.opt())
    async def supply(
        self,
        request: Asking,
        service: TheService,
        coordination: Here,
        within_km: Within = 10.0,
        limit: Limit = 50,
        cursor: After = "",
    ) -> Supply:
        """Return a page of communes: services offered, needs reported, themes left unanswered."""
        async with service.read() as connection:
            to = await leaving_to(request, service, connection, coordination, None)
            items, more = await reads.supply(
                connection,
                coordination,
                within_km=within_km,
                to=to,
                after=cursor,
                most=limit,
            )
        return Supply(within_km=within_km, items=items, cursor=more)

    @get("/v1/coordinations/{coordination:str}/white-zones", opt=READ.opt())
    async def white_zones(
        self,
        service: TheService,
        coordination: Here,
        within_km: Within = 10.0,
        department: Department = None,
        limit: Limit = 50,
        cursor: After = "",
    ) -> WhiteZones:
        """Return the communes without a place, and which have none within reach.

        Places of other coordinations are not known here: a commune at the edge may be less far.
        """
        async with service.read() as connection:
            zones = await reads.white_zones(
                connection, coordination, within_km=within_km, department=department
            )
        without = [one for one in zones if one.places == 0 and one.commune > cursor]
        page = without[:limit]
        return WhiteZones(
            within_km=within_km,
            departments=by_department(zones),
            items=page,
            cursor=page[-1].commune if len(without) > limit else None,
        )

    @get("/v1/coordinations/{coordination:str}/white-zones/export", opt=READ.opt())
    async def white_zones_file(
        self,
        service: TheService,
        coordination: Here,
        within_km: Within = 10.0,
        department: Department = None,
        format: Literal["csv"] = "csv",  # noqa: A002  # Its name in the address.
    ) -> Response[str]:
        """Return every commune with its places and how far the nearest is, as a file."""
        async with service.read() as connection:
            zones = await reads.white_zones(
                connection, coordination, within_km=within_km, department=department
            )
        name = f"zones-blanches-{coordination}.{format}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(_csv(zones), media_type="text/csv", headers=headers)
