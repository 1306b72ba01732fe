"""Routes of the seats of persons."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.params import JSONBody, Parameter

from contracts.http.members.mandates import (
    ElectedLead,
    EndSeat,
    PersonSeat,
    PersonSeats,
    Renewal,
    RenewSeats,
    TakeSeat,
)
from services.chassis import ids
from services.chassis.http import TheService
from services.chassis.policies import Asking, entered
from services.chassis.tokens import EVERY_COORDINATION, Caller
from services.members.api.asking import READ, WRITE, IdempotencyKey, Limit, Slug, named
from services.members.api.shown import shown
from services.members.commands import mandates as commands
from services.members.commands import renewals
from services.members.model.days import day_of
from services.members.model.mandates import NamedSeat
from services.members.reads import mandates as reads

CommitteeFilter = Annotated[str | None, Parameter(pattern="^[a-z][a-z0-9_-]{0,59}$")]


def _seat(row: NamedSeat, caller: Caller) -> PersonSeat:
    """Show a seat; who runs the whole platform does not learn who sits in it."""
    seat = shown(row, PersonSeat, id="seat_id", member="member_id", person="person_id")
    return (
        msgspec.structs.replace(seat, name=None)
        if caller.coordination == EVERY_COORDINATION
        else seat
    )


class Mandates(Controller):
    """Who sits for whom, in which committee or college, and from when to when."""

    tags = ("Sièges",)

    @get("/v1/coordinations/{coordination:str}/seats", opt=READ.opt())
    async def seats(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        member: UUID | None = None,
        committee: CommitteeFilter = None,
        person: UUID | None = None,
        on: date | None = None,
        limit: Limit = 50,
        cursor: UUID | None = None,
    ) -> PersonSeats:
        """Return a page of seats by id; without a day, those that are over too."""
        async with service.read() as connection:
            found, more = await reads.seats(
                connection,
                coordination,
                member=member,
                committee=committee,
                person=person,
                on=on,
                after=cursor,
                most=limit,
            )
        items = [_seat(row, request.user) for row in found]
        return PersonSeats(items=items, cursor=str(more) if more else None)

    @post("/v1/coordinations/{coordination:str}/seats", opt=WRITE.opt())
    async def take(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[TakeSeat],
        key: IdempotencyKey = None,
    ) -> PersonSeat:
        """Give a person a seat; the same one again answers what it has become."""
        async with service.write() as connection:
            row = await commands.take_seat(
                connection,
                coordination,
                data,
                seat_id=named(request, data.id, key),
                now=ids.now(),
                new_id=ids.new_id,
            )
        return _seat(row, request.user)

    @post("/v1/seats/{seat:uuid}/end", opt=WRITE.opt(), status_code=200)
    async def end(
        self, request: Asking, service: TheService, seat: UUID, data: JSONBody[EndSeat]
    ) -> PersonSeat:
        """End a mandate on its last day; the same end again answers the same."""
        async with service.write() as connection:
            await entered(request, connection, await reads.seat_home(connection, seat))
            row = await commands.end_seat(connection, seat, data, now=ids.now(), new_id=ids.new_id)
        return _seat(row, request.user)

    @post("/v1/coordinations/{coordination:str}/seats/renewals", opt=WRITE.opt())
    async def renew(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[RenewSeats],
        key: IdempotencyKey = None,
    ) -> Renewal:
        """End mandates and give others in one act, all of it or nothing."""
        async with service.write() as connection:
            row = await renewals.renew_seats(
                connection,
                coordination,
                data,
                renewal_id=named(request, data.id, key),
                now=ids.now(),
                new_id=ids.new_id,
            )
        return Renewal(
            id=row.renewal_id,
            coordination=row.coordination,
            effective_on=row.effective_on,
            ended=row.ended,
            taken=row.taken,
        )

    @get("/v1/coordinations/{coordination:str}/elected-lead", opt=READ.opt())
    async def elected_lead(
        self, service: TheService, coordination: Slug, on: date | None = None
    ) -> ElectedLead:
        """Tell whether an elected person sits for a member that leads, today or on a day."""
        day = on or day_of(ids.now())
        async with service.read() as connection:
            found = await reads.elected_leads(connection, coordination, day)
        detail = (
            "Un élu siège pour un membre chef de file."
            if found
            else "Aucun élu titulaire ne siège pour un chef de file ; désignez-en un."
        )
        return ElectedLead(on=day, has_one=bool(found), seats=found, detail=detail)
