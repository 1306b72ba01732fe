"""Routes of adviser posts, of their programmes and of their allocations."""

from datetime import date

from litestar import Controller, get, put
from litestar.params import FromQuery, JSONBody

from contracts.http.funding.posts import (
    Allocation,
    Allocations,
    Post,
    PostEvent,
    PostHistory,
    Posts,
    Programme,
    Programmes,
    WriteAllocation,
    WritePost,
    WritePostEvent,
    WriteProgramme,
)
from services.chassis import ids
from services.funding.api.asking import READ, WRITE, Cited, Cursor, Here, Limit, Named, TheService
from services.funding.api.today import today
from services.funding.commands import posts as commands
from services.funding.reads import posts as reads


class AdviserPosts(Controller):
    """Who pays, employs, hosts and deploys advisers, and until when."""

    tags = ("Postes de conseillers",)

    @put("/v1/coordinations/{coordination:str}/programmes/{programme:str}", opt=WRITE.opt())
    async def write_programme(
        self,
        service: TheService,
        coordination: Here,
        programme: Named,
        data: JSONBody[WriteProgramme],
    ) -> Programme:
        """Write a programme with its rates; the same one again answers the same."""
        async with service.write() as connection:
            row, rates = await commands.write_programme(connection, coordination, programme, data)
        return reads.shown_programme(row, rates)

    @get("/v1/coordinations/{coordination:str}/programmes", opt=READ.opt())
    async def programmes(
        self,
        service: TheService,
        coordination: Here,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> Programmes:
        """Return a page of programmes, by slug."""
        async with service.read() as connection:
            return await reads.programmes(connection, coordination, after=cursor or "", most=limit)

    @put("/v1/coordinations/{coordination:str}/allocations/{allocation:str}", opt=WRITE.opt())
    async def write_allocation(
        self,
        service: TheService,
        coordination: Here,
        allocation: Named,
        data: JSONBody[WriteAllocation],
    ) -> Allocation:
        """Write an allocation of posts; the same one again answers the same."""
        async with service.write() as connection:
            row, holders = await commands.write_allocation(
                connection, coordination, allocation, data
            )
        return reads.shown_allocation(row, holders)

    @get("/v1/coordinations/{coordination:str}/allocations", opt=READ.opt())
    async def allocations(
        self,
        service: TheService,
        coordination: Here,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> Allocations:
        """Return a page of allocations by slug, with the totals of all."""
        async with service.read() as connection:
            return await reads.allocations(connection, coordination, after=cursor or "", most=limit)

    @put("/v1/coordinations/{coordination:str}/posts/{post:str}", opt=WRITE.opt())
    async def write_post(
        self,
        service: TheService,
        coordination: Here,
        post: Named,
        data: JSONBody[WritePost],
    ) -> Post:
        """Open a post, vacant; the same one again answers how it stands today."""
        async with service.write() as connection:
            await commands.write_post(connection, coordination, post, data)
        async with service.read() as connection:
            return (await reads.post(connection, coordination, post, day=today())).post

    @get("/v1/coordinations/{coordination:str}/posts", opt=READ.opt())
    async def posts(
        self,
        service: TheService,
        coordination: Here,
        limit: Limit = 50,
        cursor: Cursor = None,
        as_of: FromQuery[date | None] = None,
    ) -> Posts:
        """Return a page of posts as they stand today or on a day, by slug."""
        async with service.read() as connection:
            return await reads.posts(
                connection, coordination, day=as_of or today(), after=cursor or "", most=limit
            )

    @get("/v1/coordinations/{coordination:str}/posts/{post:str}", opt=READ.opt())
    async def post(
        self,
        service: TheService,
        coordination: Here,
        post: Named,
        as_of: FromQuery[date | None] = None,
    ) -> PostHistory:
        """Return a post as it stands today or on a day, its steps and its history."""
        async with service.read() as connection:
            return await reads.post(connection, coordination, post, day=as_of or today())

    @put(
        "/v1/coordinations/{coordination:str}/posts/{post:str}/events/{event:str}",
        opt=WRITE.opt(),
    )
    async def tell_event(
        self,
        service: TheService,
        coordination: Here,
        post: Named,
        event: Cited,
        data: JSONBody[WritePostEvent],
    ) -> PostEvent:
        """Tell what happened to a post; the same event again answers the same."""
        async with service.write() as connection:
            row = await commands.tell_post_event(
                connection, coordination, post, event, data, now=ids.now(), new_id=ids.new_id
            )
        return reads.shown_event(row)
