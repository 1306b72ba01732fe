"""The route of the activity of advisers."""

from typing import Annotated

from litestar import Controller, get
from litestar.params import PathParameter, QueryParameter

from contracts.http.diagnostics.activity import Activity
from contracts.http.diagnostics.versions import Tier
from services.chassis.http import PAGE_MAX, TheService
from services.chassis.policies import Asking
from services.diagnostics.api.asking import READ, leaving_to
from services.diagnostics.model.activity import LABELS
from services.diagnostics.reads import activity as reads

Here = Annotated[str, PathParameter(pattern="^[a-z][a-z0-9-]{1,39}$")]
Limit = Annotated[int, QueryParameter(ge=1, le=PAGE_MAX)]
Cursor = Annotated[str, QueryParameter(pattern="^[0-9]{0,6}$")]


class Advisers(Controller):
    """What advisers did, beside needs and places."""

    tags = ("Activité des médiateurs",)

    @get("/v1/coordinations/{coordination:str}/activity", opt=READ.opt())
    async def activity(
        self,
        request: Asking,
        service: TheService,
        coordination: Here,
        limit: Limit = 100,
        cursor: Cursor = "",
        tier: Tier | None = None,
    ) -> Activity:
        """Return a page of the activity told of the coordination's places, as a tier reads it."""
        start = int(cursor or 0)
        async with service.read() as connection:
            to = await leaving_to(request, service, connection, coordination, tier)
            found = await reads.of_coordination(connection, coordination, to=to)
        more = str(start + limit) if start + limit < len(found) else None
        return Activity(items=found[start : start + limit], labels=dict(LABELS), cursor=more)
