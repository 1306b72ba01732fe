"""Routes of requests for grants, of the financial synthesis and of needs of engineering."""

from litestar import Controller, get, put
from litestar.params import JSONBody

from contracts.http.funding.requests import (
    ActionNeeds,
    EngineeringNeeds,
    FinancialSynthesis,
    GrantRequest,
    GrantRequests,
    WriteEngineeringNeeds,
    WriteGrantRequest,
)
from services.funding.api.asking import READ, WRITE, Cursor, Here, Limit, Named, TheService
from services.funding.commands import requests as commands
from services.funding.reads import requests as reads

_HERE = "/v1/coordinations/{coordination:str}"


class Requests(Controller):
    """What programmes are asked for, what they grant, and what help is needed to ask."""

    tags = ("Demandes de subvention",)

    @put(f"{_HERE}/grant-requests/{{request_id:str}}", opt=WRITE.opt())
    async def write_request(
        self,
        service: TheService,
        coordination: Here,
        request_id: Named,
        data: JSONBody[WriteGrantRequest],
    ) -> GrantRequest:
        """Write a request for a grant, or what became of it; it only goes forward."""
        async with service.write() as connection:
            row = await commands.write_request(connection, coordination, request_id, data)
        return reads.shown(row)

    @get(f"{_HERE}/grant-requests", opt=READ.opt())
    async def requests(
        self, service: TheService, coordination: Here, limit: Limit = 50, cursor: Cursor = None
    ) -> GrantRequests:
        """Return a page of requests, by name."""
        async with service.read() as connection:
            return await reads.requests(connection, coordination, after=cursor or "", most=limit)

    @get(f"{_HERE}/synthesis", opt=READ.opt())
    async def synthesis(self, service: TheService, coordination: Here) -> FinancialSynthesis:
        """Return the financial synthesis, counted as the national tool of the field counts it."""
        async with service.read() as connection:
            return await reads.synthesis(connection, coordination)

    @put(f"{_HERE}/actions/{{action:str}}/engineering-needs", opt=WRITE.opt())
    async def write_needs(
        self,
        service: TheService,
        coordination: Here,
        action: Named,
        data: JSONBody[WriteEngineeringNeeds],
    ) -> ActionNeeds:
        """Say what help in engineering or tools an action needs, in place of what was said."""
        async with service.write() as connection:
            return await commands.write_needs(connection, coordination, action, data)

    @get(f"{_HERE}/engineering-needs", opt=READ.opt())
    async def needs(
        self, service: TheService, coordination: Here, limit: Limit = 50, cursor: Cursor = None
    ) -> EngineeringNeeds:
        """Return a page of the actions that need help, by slug."""
        async with service.read() as connection:
            return await reads.needs(connection, coordination, after=cursor or "", most=limit)
