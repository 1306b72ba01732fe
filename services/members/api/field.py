"""Routes of what is done on the ground: responsibilities, leads, support, relays, contacts."""

from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post, put
from litestar.params import JSONBody, Parameter

from contracts.http.members.field import (
    Channel,
    Contact,
    Contacts,
    DesignateLead,
    Endorsement,
    Endorsements,
    Lead,
    Leads,
    Part,
    PutResponsibilities,
    RecordContact,
    RecordEndorsement,
    RecordRelay,
    Relay,
    Relays,
    Responsibilities,
    Responsibility,
    TerritorialRole,
    TerritorialRoleKind,
    TerritorialRoles,
    VisitCoverage,
)
from services.chassis import ids
from services.chassis.http import PAGE_MAX, TheService
from services.chassis.policies import Asking
from services.members.api.asking import (
    READ,
    WRITE,
    IdempotencyKey,
    Limit,
    NameCursor,
    Slug,
    named,
)
from services.members.api.shown import shown
from services.members.commands import field as commands
from services.members.model import field as rules
from services.members.reads import field as reads

CommuneFilter = Annotated[
    str | None, Parameter(pattern="^([013-9][0-9]|2[AB1-9])[0-9]{3}$", max_length=5)
]


def _responsibility(row: rules.Responsibility) -> Responsibility:
    return Responsibility(
        responsibility=row.responsibility,
        member=row.member_id,
        duty=row.duty,
        part=Part(row.part),
        communes=row.communes,
        up_to=row.up_to,
    )


def _territorial_role(row: rules.TerritorialRole) -> TerritorialRole:
    return TerritorialRole(
        since=row.since,
        role=TerritorialRoleKind(row.role),
        maturity=row.maturity,
        reason=row.reason,
    )


class Duties(Controller):
    """Who does what and up to where, who leads where, and how the carrying body intervenes."""

    tags = ("Responsabilités",)

    @get("/v1/coordinations/{coordination:str}/responsibilities", opt=READ.opt())
    async def responsibilities(
        self, service: TheService, coordination: Slug, limit: Limit = 50, cursor: NameCursor = ""
    ) -> Responsibilities:
        """Return a page of the matrix by slug."""
        async with service.read() as connection:
            found, more = await reads.responsibilities(
                connection, coordination, after=cursor, most=limit
            )
        return Responsibilities(items=[_responsibility(row) for row in found], cursor=more)

    @put("/v1/coordinations/{coordination:str}/responsibilities", opt=WRITE.opt())
    async def put_responsibilities(
        self, service: TheService, coordination: Slug, data: JSONBody[PutResponsibilities]
    ) -> Responsibilities:
        """Replace the whole matrix, and return its first page."""
        async with service.write() as connection:
            await commands.put_responsibilities(connection, coordination, data)
            found, more = await reads.responsibilities(
                connection, coordination, after="", most=PAGE_MAX
            )
        return Responsibilities(items=[_responsibility(row) for row in found], cursor=more)

    @get("/v1/coordinations/{coordination:str}/leads", opt=READ.opt())
    async def leads(
        self,
        service: TheService,
        coordination: Slug,
        commune: CommuneFilter = None,
        on: date | None = None,
        limit: Limit = 50,
        cursor: UUID | None = None,
    ) -> Leads:
        """Return a page of leads by id, in one commune or all, on a day or ever."""
        async with service.read() as connection:
            found, more = await reads.leads(
                connection, coordination, commune=commune, on=on, after=cursor, most=limit
            )
        items = [shown(row, Lead, id="lead_id", member="member_id") for row in found]
        return Leads(items=items, cursor=str(more) if more else None)

    @post("/v1/coordinations/{coordination:str}/leads", opt=WRITE.opt())
    async def designate(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[DesignateLead],
        key: IdempotencyKey = None,
    ) -> Lead:
        """Designate a member to lead in some communes; the same again answers the same."""
        async with service.write() as connection:
            row = await commands.designate_lead(
                connection, coordination, data, lead_id=named(request, data.id, key)
            )
        return shown(row, Lead, id="lead_id", member="member_id")

    @get("/v1/coordinations/{coordination:str}/territorial-roles", opt=READ.opt())
    async def territorial_roles(
        self,
        service: TheService,
        coordination: Slug,
        limit: Limit = 50,
        cursor: date | None = None,
    ) -> TerritorialRoles:
        """Return a page of the roles that the carrying body took, the first comes first."""
        async with service.read() as connection:
            found, more = await reads.territorial_roles(
                connection, coordination, after=cursor, most=limit
            )
        items = [_territorial_role(row) for row in found]
        return TerritorialRoles(items=items, cursor=str(more) if more else None)

    @post("/v1/coordinations/{coordination:str}/territorial-roles", opt=WRITE.opt())
    async def take_role(
        self, service: TheService, coordination: Slug, data: JSONBody[TerritorialRole]
    ) -> TerritorialRole:
        """Keep how the carrying body intervenes from a day on; the same again answers the same."""
        async with service.write() as connection:
            row = await commands.take_territorial_role(connection, coordination, data)
        return _territorial_role(row)


class Field(Controller):
    """Who supports, who carries the subject where, who was met and visited."""

    tags = ("Terrain",)

    @get("/v1/coordinations/{coordination:str}/endorsements", opt=READ.opt())
    async def endorsements(
        self, service: TheService, coordination: Slug, limit: Limit = 50, cursor: UUID | None = None
    ) -> Endorsements:
        """Return a page of supports by id."""
        async with service.read() as connection:
            found, more = await reads.endorsements(
                connection, coordination, after=cursor, most=limit
            )
        items = [shown(row, Endorsement, id="endorsement_id") for row in found]
        return Endorsements(items=items, cursor=str(more) if more else None)

    @post("/v1/coordinations/{coordination:str}/endorsements", opt=WRITE.opt())
    async def endorse(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[RecordEndorsement],
        key: IdempotencyKey = None,
    ) -> Endorsement:
        """Keep a support that was given; the same one again answers the same."""
        async with service.write() as connection:
            row = await commands.record_endorsement(
                connection,
                coordination,
                data,
                endorsement_id=named(request, data.id, key),
                now=ids.now(),
            )
        return shown(row, Endorsement, id="endorsement_id")

    @get("/v1/coordinations/{coordination:str}/relays", opt=READ.opt())
    async def relays(
        self,
        service: TheService,
        coordination: Slug,
        commune: CommuneFilter = None,
        limit: Limit = 50,
        cursor: UUID | None = None,
    ) -> Relays:
        """Return a page of relays by id, of one commune or all."""
        async with service.read() as connection:
            found, more = await reads.relays(
                connection, coordination, commune=commune, after=cursor, most=limit
            )
        items = [shown(row, Relay, id="relay_id", person="person_id") for row in found]
        return Relays(items=items, cursor=str(more) if more else None)

    @post("/v1/coordinations/{coordination:str}/relays", opt=WRITE.opt())
    async def relay(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[RecordRelay],
        key: IdempotencyKey = None,
    ) -> Relay:
        """Keep who carries the subject in some communes; the same again answers the same."""
        async with service.write() as connection:
            row = await commands.record_relay(
                connection,
                coordination,
                data,
                relay_id=named(request, data.id, key),
                now=ids.now(),
            )
        return shown(row, Relay, id="relay_id", person="person_id")

    @get("/v1/coordinations/{coordination:str}/contacts", opt=READ.opt())
    async def contacts(
        self,
        service: TheService,
        coordination: Slug,
        commune: CommuneFilter = None,
        channel: Channel | None = None,
        limit: Limit = 50,
        cursor: UUID | None = None,
    ) -> Contacts:
        """Return a page of contacts by id, of one commune or channel, or all."""
        async with service.read() as connection:
            found, more = await reads.contacts(
                connection,
                coordination,
                commune=commune,
                channel=channel,
                after=cursor,
                most=limit,
            )
        items = [shown(row, Contact, id="contact_id") for row in found]
        return Contacts(items=items, cursor=str(more) if more else None)

    @post("/v1/coordinations/{coordination:str}/contacts", opt=WRITE.opt())
    async def contact(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[RecordContact],
        key: IdempotencyKey = None,
    ) -> Contact:
        """Keep what was said, in a commune or to all; the same again answers the same."""
        async with service.write() as connection:
            row = await commands.record_contact(
                connection,
                coordination,
                data,
                contact_id=named(request, data.id, key),
                now=ids.now(),
            )
        return shown(row, Contact, id="contact_id")

    @get("/v1/coordinations/{coordination:str}/visits/coverage", opt=READ.opt())
    async def coverage(
        self, service: TheService, coordination: Slug, since: date | None = None
    ) -> VisitCoverage:
        """Return which communes were visited since a day, or ever, and which are left."""
        async with service.read() as connection:
            return await reads.visit_coverage(connection, coordination, since=since)
