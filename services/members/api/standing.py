"""Routes by which a caller learns who it is and where it may go, and rights are taken back."""

from typing import Annotated

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import JSONBody, Parameter

from contracts.http.members.standing import (
    AskOwnToken,
    HeldRole,
    KeptRight,
    KeptRights,
    Me,
    Place,
    TakeRight,
)
from contracts.http.tokens import TokenGiven
from contracts.values import Role
from services.chassis import ids
from services.chassis.database import Connection
from services.chassis.http import TheService
from services.chassis.policies import Asking
from services.chassis.tokens import Caller
from services.members.api.asking import READ, WRITE, Limit, Slug
from services.members.api.tokens import NEVER_KEPT
from services.members.commands import Issuer
from services.members.commands import rights as commands
from services.members.reads import standing

RightCursor = Annotated[str, Parameter(max_length=160, pattern="^([a-z_]+ [!-~]+)?$")]


async def enter(connection: Connection, caller: Caller, coordination: str) -> Caller | None:
    """Say to the chassis what a caller is where its token is not for, as of this request."""
    return await standing.inside(connection, caller, coordination, now=ids.now())


class Standing(Controller):
    """Who the caller is."""

    tags = ("Jetons",)

    @get("/v1/me", opt=READ.opt())
    async def me(self, request: Asking, service: TheService) -> Me:
        """Return who the token speaks for, and where its subject has rights beyond it."""
        caller = request.user
        async with service.read() as connection:
            held = await standing.everywhere(connection, caller, now=ids.now())
        return Me(
            subject=caller.sub,
            coordination=caller.coordination,
            organization=caller.organization,
            roles=caller.roles,
            places=[
                Place(
                    coordination=slug,
                    roles=[
                        HeldRole(role=Role(one.role), organization=one.organization) for one in some
                    ],
                )
                for slug, some in held.items()
            ],
        )

    @post("/v1/me/token", opt=READ.opt(), status_code=200)
    async def token(
        self,
        request: Asking,
        service: TheService,
        issuer: Issuer,
        data: JSONBody[AskOwnToken],
    ) -> Response[TokenGiven]:
        """Give ten minutes in a coordination where the caller has rights."""
        now = ids.now()
        async with service.read() as connection:
            caller = await standing.entering(
                connection, request.user, data.coordination, data.organization, now=now
            )
        given = commands.token_for(caller, issuer=issuer, now=now, new_id=ids.new_id)
        return Response(given, headers=NEVER_KEPT)


class Rights(Controller):
    """What subjects of tokens may do in a coordination."""

    tags = ("Personnes et droits",)

    @get("/v1/coordinations/{coordination:str}/rights", opt=WRITE.opt())
    async def rights(
        self, service: TheService, coordination: Slug, limit: Limit = 50, cursor: RightCursor = ""
    ) -> KeptRights:
        """Return a page of the rights that were given here, those that were taken too."""
        async with service.read() as connection:
            found, more = await standing.kept(connection, coordination, after=cursor, most=limit)
        items = []
        for row in found:
            columns = msgspec.structs.asdict(row)
            columns["person"] = columns.pop("person_id")
            items.append(KeptRight(**columns))
        return KeptRights(items=items, cursor=more)

    @post("/v1/coordinations/{coordination:str}/rights/revoke", opt=WRITE.opt(), status_code=204)
    async def revoke(
        self, service: TheService, coordination: Slug, data: JSONBody[TakeRight]
    ) -> None:
        """Take a right at once; taken again, nothing changes."""
        async with service.write() as connection:
            await commands.take_right(connection, coordination, data, now=ids.now())
