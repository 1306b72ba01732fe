"""Routes of coordinations and their members."""

from litestar import Controller, get, post
from litestar.params import JSONBody

from contracts.http.members import (
    ConfirmMember,
    Coordination,
    FoundCoordination,
    Member,
    MemberRole,
    Members,
)
from contracts.http.members import Coordinations as CoordinationPage
from contracts.values import College, Role
from services.chassis import ids
from services.chassis.http import TheService
from services.chassis.policies import Asking, must_enter
from services.chassis.tokens import EVERY_COORDINATION
from services.members import commands, reads
from services.members.api.asking import (
    FOUND,
    READ,
    WRITE,
    IdempotencyKey,
    Limit,
    NameCursor,
    Slug,
    named,
)
from services.members.api.lists import Kind, Query, Standing, member_filter
from services.members.api.shown import coordination_shown, member_shown
from services.members.reads import lists


class Coordinations(Controller):
    """Coordinations, and who sits in them."""

    tags = ("Coordinations",)

    @get("/v1/coordinations", opt=READ.opt())
    async def coordinations(
        self, request: Asking, service: TheService, limit: Limit = 50, cursor: NameCursor = ""
    ) -> CoordinationPage:
        """Return a page of the coordinations that the caller may enter, by slug."""
        own = request.user.coordination
        only = None if own == EVERY_COORDINATION else own
        async with service.read() as connection:
            found, more = await reads.coordinations(connection, only=only, after=cursor, most=limit)
        return CoordinationPage(items=[coordination_shown(row) for row in found], cursor=more)

    @post("/v1/coordinations", opt=FOUND.opt())
    async def found(
        self, request: Asking, service: TheService, data: JSONBody[FoundCoordination]
    ) -> Coordination:
        """Found a coordination; the same one again answers the same.

        A coordinator who founds it becomes its coordinator.
        """
        caller = request.user
        is_operator = Role.OPERATOR in caller.roles
        if is_operator:
            must_enter(caller, data.slug)
        if data.parent is not None:
            must_enter(caller, data.parent)
        async with service.write() as connection:
            row = await commands.found_coordination(
                connection,
                data,
                founder=None if is_operator else caller.sub,
                now=ids.now(),
                new_id=ids.new_id,
            )
        return coordination_shown(row)

    @get("/v1/coordinations/{coordination:str}", opt=READ.opt())
    async def coordination(self, service: TheService, coordination: Slug) -> Coordination:
        """Return one coordination."""
        async with service.read() as connection:
            return coordination_shown(await reads.coordination(connection, coordination))

    @get("/v1/coordinations/{coordination:str}/members", opt=READ.opt())
    async def members(
        self,
        service: TheService,
        coordination: Slug,
        college: College | None = None,
        standing: Standing = None,
        kind: Kind = None,
        role: MemberRole | None = None,
        q: Query = None,
        limit: Limit = 50,
        cursor: NameCursor = "",
    ) -> Members:
        """Return a page of members by organisation; `q` looks for words of the name."""
        kept = member_filter(college, standing, kind, role, q)
        async with service.read() as connection:
            found, more = await lists.members(
                connection, coordination, kept, after=cursor, most=limit
            )
        return Members(items=[member_shown(seat) for seat in found], cursor=more)

    @post("/v1/coordinations/{coordination:str}/members", opt=WRITE.opt())
    async def confirm(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[ConfirmMember],
        key: IdempotencyKey = None,
    ) -> Member:
        """Give an organisation its seat; the same one again answers the same."""
        async with service.write() as connection:
            seat = await commands.confirm_member(
                connection,
                coordination,
                data,
                member_id=named(request, data.id, key),
                now=ids.now(),
                new_id=ids.new_id,
            )
        return member_shown(seat)
