"""Routes of committees."""

from datetime import date
from typing import Annotated

from litestar import Controller, get, post
from litestar.params import JSONBody, Parameter

from contracts.events.members import CommitteeType
from contracts.http.members.committees import (
    CloseCommittee,
    Committee,
    CompleteCommittee,
    Composition,
    FormCommittee,
    TransformCommittee,
)
from contracts.http.members.committees import Committees as CommitteePage
from services.chassis import ids
from services.chassis.http import TheService
from services.members.api.asking import READ, WRITE, Limit, NameCursor, Slug
from services.members.api.shown import shown
from services.members.commands import committees as commands
from services.members.model import committees as rules
from services.members.model.days import day_of
from services.members.reads import committees as reads

CommitteeSlug = Annotated[str, Parameter(pattern="^[a-z][a-z0-9_-]{0,59}$")]


class Committees(Controller):
    """The bodies of a coordination: who they need, and what they become."""

    tags = ("Instances",)

    @get("/v1/coordinations/{coordination:str}/committees", opt=READ.opt())
    async def committees(
        self, service: TheService, coordination: Slug, limit: Limit = 50, cursor: NameCursor = ""
    ) -> CommitteePage:
        """Return a page of committees by slug, those that are over too."""
        async with service.read() as connection:
            found, more = await reads.committees(connection, coordination, after=cursor, most=limit)
        return CommitteePage(items=[shown(row, Committee) for row in found], cursor=more)

    @post("/v1/coordinations/{coordination:str}/committees", opt=WRITE.opt())
    async def form(
        self, service: TheService, coordination: Slug, data: JSONBody[FormCommittee]
    ) -> Committee:
        """Begin a committee; the same one again answers what it has become."""
        async with service.write() as connection:
            return shown(await commands.form_committee(connection, coordination, data), Committee)

    @get("/v1/coordinations/{coordination:str}/committees/{committee:str}", opt=READ.opt())
    async def committee(
        self, service: TheService, coordination: Slug, committee: CommitteeSlug
    ) -> Committee:
        """Return one committee, what it was made of and what it became."""
        async with service.read() as connection:
            return shown(await reads.committee(connection, coordination, committee), Committee)

    @get(
        "/v1/coordinations/{coordination:str}/committees/{committee:str}/composition",
        opt=READ.opt(),
    )
    async def composition(
        self,
        service: TheService,
        coordination: Slug,
        committee: CommitteeSlug,
        on: date | None = None,
    ) -> Composition:
        """Return the holders of a committee by kind, today or on a day, and who it lacks."""
        day = on or day_of(ids.now())
        async with service.read() as connection:
            found = await reads.committee(connection, coordination, committee)
            holders = await reads.holders(connection, coordination, committee, day)
        gaps = rules.missing(CommitteeType(found.type), holders)
        return Composition(
            committee=committee,
            on=day,
            holders=holders,
            missing=gaps,
            complete=not gaps,
            details=rules.said(gaps),
        )

    @post(
        "/v1/coordinations/{coordination:str}/committees/{committee:str}/complete",
        opt=WRITE.opt(),
        status_code=200,
    )
    async def complete(
        self,
        service: TheService,
        coordination: Slug,
        committee: CommitteeSlug,
        data: JSONBody[CompleteCommittee],
    ) -> Committee:
        """Declare that a committee has everyone its type needs."""
        async with service.write() as connection:
            row = await commands.complete_committee(connection, coordination, committee, data)
        return shown(row, Committee)

    @post(
        "/v1/coordinations/{coordination:str}/committees/{committee:str}/close",
        opt=WRITE.opt(),
        status_code=200,
    )
    async def close(
        self,
        service: TheService,
        coordination: Slug,
        committee: CommitteeSlug,
        data: JSONBody[CloseCommittee],
    ) -> Committee:
        """Close a committee; its mandates end with it."""
        async with service.write() as connection:
            row = await commands.close_committee(
                connection, coordination, committee, data, now=ids.now(), new_id=ids.new_id
            )
        return shown(row, Committee)

    @post(
        "/v1/coordinations/{coordination:str}/committees/{committee:str}/transform",
        opt=WRITE.opt(),
        status_code=200,
    )
    async def transform(
        self,
        service: TheService,
        coordination: Slug,
        committee: CommitteeSlug,
        data: JSONBody[TransformCommittee],
    ) -> Committee:
        """Make a committee another one, which keeps its seats and its history."""
        async with service.write() as connection:
            row = await commands.transform_committee(
                connection, coordination, committee, data, now=ids.now(), new_id=ids.new_id
            )
        return shown(row, Committee)
