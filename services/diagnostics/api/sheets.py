"""The sheet of a commune: read, printed, or opened in a spreadsheet."""

from typing import Literal

from litestar import Controller, Response, get

from contracts.http.diagnostics.sheets import CommuneSheet
from contracts.http.diagnostics.versions import Tier
from services.chassis import ids
from services.chassis.http import TheService
from services.chassis.policies import Asking
from services.diagnostics.api.asking import READ, Insee, leaving_to
from services.diagnostics.model import sheets
from services.diagnostics.reads import sheets as reads

HTML, CSV = "text/html", "text/csv"
ALONE = "default-src 'none'; style-src 'unsafe-inline'"
"""A printed page loads nothing."""


class Sheets(Controller):
    """All that is known of a commune on one page, by tier."""

    tags = ("Fiches communes",)

    @get("/v1/coordinations/{coordination:str}/areas/{insee:str}/sheet", opt=READ.opt())
    async def sheet(
        self,
        request: Asking,
        service: TheService,
        coordination: str,
        insee: Insee,
        tier: Tier | None = None,
    ) -> CommuneSheet:
        """Return the sheet of a commune: figures, per inhabitant, beside similar communes."""
        async with service.read() as connection:
            to = await leaving_to(request, service, connection, coordination, tier)
            return await reads.sheet(connection, coordination, insee, to=to, now=ids.now())

    @get(
        "/v1/coordinations/{coordination:str}/areas/{insee:str}/sheet/file",
        opt=READ.opt(),
        media_type=HTML,
    )
    async def file(
        self,
        request: Asking,
        service: TheService,
        coordination: str,
        insee: Insee,
        *,
        form: Literal["html", "csv"] = "html",
        tier: Tier | None = None,
    ) -> Response[str]:
        """Return the sheet as a page to print, or as a table."""
        async with service.read() as connection:
            to = await leaving_to(request, service, connection, coordination, tier)
            found = await reads.sheet(connection, coordination, insee, to=to, now=ids.now())
        if form == "html":
            return Response(
                sheets.as_html(found),
                media_type=HTML,
                headers={"Content-Security-Policy": ALONE},
            )
        name = f'attachment; filename="fiche-{insee}.csv"'
        return Response(sheets.as_csv(found), media_type=CSV, headers={"Content-Disposition": name})
