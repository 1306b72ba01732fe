"""Routes of the life of a membership."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import JSONBody, Parameter

from contracts.http.members.membership import (
    ApplyForSeat,
    Candidate,
    Candidates,
    ChangeRoles,
    ChangeUnits,
    Completeness,
    MemberAct,
    MemberActKind,
    MemberActs,
    Membership,
    MembershipStep,
)
from contracts.values import Role
from services.chassis import ids
from services.chassis.database import Connection
from services.chassis.http import TheService
from services.chassis.policies import Asking, Policy, entered
from services.chassis.tokens import Caller
from services.members.api.asking import READ, WRITE, IdempotencyKey, Limit, Slug, named
from services.members.api.shown import shown
from services.members.commands import membership as commands
from services.members.errors.membership import ActsForAnother
from services.members.model import seats as model
from services.members.reads import membership as reads

ACT_FOR_ITSELF = Policy(
    "demander ou quitter un siège",
    WRITE.roles | {Role.MEMBER, Role.ELECTED, Role.FUNDER, Role.OBSERVER},
)
NumberCursor = Annotated[int, Parameter(ge=0, le=2**62)]


def _membership(row: model.Membership | model.Candidate) -> Membership:
    fields = {name: getattr(row, name) for name in model.Membership.__struct_fields__}
    return shown(_Voting(**fields, votes=model.votes(row.roles)), Membership, id="member_id")


class _Voting(model.Membership, frozen=True, kw_only=True):
    """A membership, and whether it votes."""

    votes: bool


def _must_act_for(caller: Caller, organization: str) -> None:
    """Refuse a member that acts for another organisation; the secretary acts for any."""
    if WRITE.roles.isdisjoint(caller.roles) and caller.organization != organization:
        raise ActsForAnother(organization)


class Memberships(Controller):
    """Who asks for a seat, who gets it, who leaves, and what became of each."""

    tags = ("Membres",)

    @get("/v1/coordinations/{coordination:str}/candidates", opt=READ.opt())
    async def candidates(
        self,
        service: TheService,
        coordination: Slug,
        limit: Limit = 50,
        cursor: NumberCursor = 0,
    ) -> Candidates:
        """Return a page of the queue, who asked first comes first."""
        async with service.read() as connection:
            found, more = await reads.candidates(connection, coordination, after=cursor, most=limit)
        items = [Candidate(member=_membership(row), reason=row.reason) for row in found]
        return Candidates(items=items, cursor=str(more) if more else None)

    @post("/v1/coordinations/{coordination:str}/candidates", opt=ACT_FOR_ITSELF.opt())
    async def apply(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[ApplyForSeat],
        key: IdempotencyKey = None,
    ) -> Membership:
        """Put an organisation in the queue; the same demand again answers what it has become."""
        _must_act_for(request.user, data.organization)
        async with service.write() as connection:
            row = await commands.apply(
                connection,
                coordination,
                data,
                act_id=named(request, data.id, key),
                subject=request.user.sub,
                now=ids.now(),
            )
        return _membership(row)

    @get("/v1/coordinations/{coordination:str}/completeness", opt=READ.opt())
    async def completeness(self, service: TheService, coordination: Slug) -> Completeness:
        """Return which expected actors have no confirmed member, college by college."""
        async with service.read() as connection:
            return await reads.missing_actors(connection, coordination)

    @get("/v1/members/{member:uuid}", opt=READ.opt())
    async def member(self, request: Asking, service: TheService, member: UUID) -> Membership:
        """Return where a membership stands."""
        async with service.read() as connection:
            return _membership(await _entered(request, connection, member))

    @get("/v1/members/{member:uuid}/history", opt=READ.opt())
    async def history(
        self,
        request: Asking,
        service: TheService,
        member: UUID,
        limit: Limit = 50,
        cursor: NumberCursor = 0,
    ) -> MemberActs:
        """Return a page of what was done with a membership, the oldest first."""
        async with service.read() as connection:
            await _entered(request, connection, member)
            found, more = await reads.history(connection, member, after=cursor, most=limit)
        items = [shown(row, MemberAct, id="act_id") for row in found]
        return MemberActs(items=items, cursor=str(more) if more else None)

    @post("/v1/members/{member:uuid}/confirm", opt=WRITE.opt(), status_code=200)
    async def confirm(
        self,
        request: Asking,
        service: TheService,
        member: UUID,
        data: JSONBody[MembershipStep],
        key: IdempotencyKey = None,
    ) -> Membership:
        """Give a candidate its seat; the same act again answers what became of it."""
        return await _step(request, service, member, MemberActKind.CONFIRMED, data, key)

    @post("/v1/members/{member:uuid}/refuse", opt=WRITE.opt(), status_code=200)
    async def refuse(
        self,
        request: Asking,
        service: TheService,
        member: UUID,
        data: JSONBody[MembershipStep],
        key: IdempotencyKey = None,
    ) -> Membership:
        """Refuse a candidate, which may ask again later."""
        return await _step(request, service, member, MemberActKind.REFUSED, data, key)

    @post("/v1/members/{member:uuid}/withdraw", opt=ACT_FOR_ITSELF.opt(), status_code=200)
    async def withdraw(
        self,
        request: Asking,
        service: TheService,
        member: UUID,
        data: JSONBody[MembershipStep],
        key: IdempotencyKey = None,
    ) -> Membership:
        """Take back a demand or leave a seat; the mandates of its persons end the day before."""
        return await _step(request, service, member, MemberActKind.WITHDRAWN, data, key)

    @post("/v1/members/{member:uuid}/roles", opt=WRITE.opt(), status_code=200)
    async def roles(
        self,
        request: Asking,
        service: TheService,
        member: UUID,
        data: JSONBody[ChangeRoles],
        key: IdempotencyKey = None,
    ) -> Membership:
        """Give a member other roles, all of them."""
        async with service.write() as connection:
            await _entered(request, connection, member)
            row = await commands.change_roles(
                connection,
                member,
                data,
                act_id=named(request, data.id, key),
                subject=request.user.sub,
                now=ids.now(),
            )
        return _membership(row)

    @post("/v1/members/{member:uuid}/units", opt=WRITE.opt(), status_code=200)
    async def units(
        self,
        request: Asking,
        service: TheService,
        member: UUID,
        data: JSONBody[ChangeUnits],
        key: IdempotencyKey = None,
    ) -> Membership:
        """Give a member other voting units."""
        async with service.write() as connection:
            await _entered(request, connection, member)
            row = await commands.change_units(
                connection,
                member,
                data,
                act_id=named(request, data.id, key),
                subject=request.user.sub,
                now=ids.now(),
            )
        return _membership(row)


async def _entered(request: Asking, connection: Connection, member: UUID) -> model.Membership:
    """Return a membership of a coordination that the caller may enter."""
    found = await reads.membership(connection, member)
    await entered(request, connection, found.coordination)
    return found


async def _step(
    request: Asking,
    service: TheService,
    member: UUID,
    kind: MemberActKind,
    asked: MembershipStep,
    key: str | None,
) -> Membership:
    async with service.write() as connection:
        found = await _entered(request, connection, member)
        _must_act_for(request.user, found.organization)
        row = await commands.step(
            connection,
            member,
            kind,
            asked,
            act_id=named(request, asked.id, key),
            subject=request.user.sub,
            now=ids.now(),
            new_id=ids.new_id,
        )
    return _membership(row)
