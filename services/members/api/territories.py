"""Routes of territories, and of coordinations under one another."""

from typing import Annotated

import msgspec
from litestar import Controller, get, put
from litestar.params import JSONBody, Parameter

from contracts.http.members import Coordination, Coordinations, PlaceCoordination, Summary
from contracts.http.members.territories import Commune, CommuneOfCode, Communes, Epci
from services.chassis import ids
from services.chassis.http import TheService
from services.chassis.policies import Asking, must_enter
from services.members import commands
from services.members.api.asking import READ, WRITE, Limit, NameCursor, Slug
from services.members.api.shown import coordination_shown
from services.members.model import territories as rows
from services.members.reads import geography, lineage

CommuneCode = Annotated[str, Parameter(pattern="^([013-9][0-9]|2[AB1-9])[0-9]{3}$")]
Department = Annotated[str | None, Parameter(pattern="^[0-9AB]{2,3}$")]
Siren = Annotated[str, Parameter(pattern="^[0-9]{9}$")]
CodeCursor = Annotated[str, Parameter(pattern="^([0-9AB]{5})?$")]
Search = Annotated[str, Parameter(min_length=1, max_length=100)]


def _commune(row: rows.Commune) -> Commune:
    told = msgspec.structs.asdict(row)
    told.pop("epci_kind")
    return Commune(**told)


class Territories(Controller):
    """Communes and EPCI of the Code officiel géographique."""

    tags = ("Territoires",)

    @get("/v1/territories/communes", opt=READ.opt())
    async def communes(
        self,
        service: TheService,
        q: Search,
        department: Department = None,
        limit: Limit = 50,
        cursor: CodeCursor = "",
    ) -> Communes:
        """Return a page of the communes whose name begins so, accents aside; homonyms are there."""
        async with service.read() as connection:
            found, more = await geography.communes(
                connection, q=q, department=department, after=cursor, most=limit
            )
        return Communes(items=[_commune(row) for row in found], cursor=more)

    @get("/v1/territories/communes/{code:str}", opt=READ.opt())
    async def commune(self, service: TheService, code: CommuneCode) -> CommuneOfCode:
        """Return the commune that answers to a code, be it gone, and what took it over."""
        async with service.read() as connection:
            found = await geography.commune(connection, code)
        is_gone = found.commune.code != code
        return CommuneOfCode(
            **msgspec.structs.asdict(_commune(found.commune)),
            asked=code,
            replaced_on=found.successors[0].replaced_on,
            successors=[one.code for one in found.successors] if is_gone else [],
        )

    @get("/v1/territories/epcis/{siren:str}", opt=READ.opt())
    async def epci(self, service: TheService, siren: Siren) -> Epci:
        """Return an EPCI with its communes by code."""
        async with service.read() as connection:
            found, communes = await geography.epci(connection, siren)
        return Epci(
            siren=found.epci,
            name=found.name,
            kind=found.kind,
            departments=sorted({one.department for one in communes}),
            population=sum(one.population or 0 for one in communes),
            communes=[_commune(one) for one in communes],
        )


class Lineage(Controller):
    """Coordinations under one another, and what they are together."""

    tags = ("Coordinations",)

    @get("/v1/coordinations/{coordination:str}/children", opt=READ.opt())
    async def children(
        self, service: TheService, coordination: Slug, limit: Limit = 50, cursor: NameCursor = ""
    ) -> Coordinations:
        """Return a page of the coordinations right under this one, by slug."""
        async with service.read() as connection:
            found, more = await lineage.children(connection, coordination, after=cursor, most=limit)
        return Coordinations(items=[coordination_shown(row) for row in found], cursor=more)

    @get("/v1/coordinations/{coordination:str}/summary", opt=READ.opt())
    async def summary(self, service: TheService, coordination: Slug) -> Summary:
        """Return what this coordination and those below are together, each thing counted once."""
        async with service.read() as connection:
            return await lineage.summary(connection, coordination)

    @put("/v1/coordinations/{coordination:str}/parent", opt=WRITE.opt())
    async def place(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[PlaceCoordination],
    ) -> Coordination:
        """Put this coordination under another one the caller may enter, or take it out."""
        if data.parent is not None:
            must_enter(request.user, data.parent)
        async with service.write() as connection:
            row = await commands.place_coordination(
                connection, coordination, data, now=ids.now(), new_id=ids.new_id
            )
        return coordination_shown(row)
