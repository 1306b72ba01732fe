"""Routes of organisations: what they are, which are one, through whom each is reached."""

from typing import Annotated

import msgspec
from litestar import Controller, get, post, put
from litestar.params import JSONBody, Parameter

from contracts.http.members.organizations import (
    Change,
    Changes,
    Contacts,
    DescribeOrganization,
    Duplicate,
    DuplicateReason,
    Duplicates,
    Kind,
    Kinds,
    MergeOrganization,
    NameContacts,
    Organization,
)
from contracts.values import Role
from services.chassis import ids
from services.chassis.http import TheService
from services.chassis.policies import Asking
from services.chassis.tokens import Caller
from services.members.api.asking import READ, WRITE, Limit, Slug
from services.members.api.shown import organization_shown
from services.members.commands import identity as commands
from services.members.model.kinds import KINDS
from services.members.reads import identity as reads

OrganizationSlug = Annotated[str, Parameter(pattern="^[a-z][a-z0-9_-]{0,59}$")]
PairCursor = Annotated[str, Parameter(pattern="^([a-z0-9_-]+~[a-z0-9_-]+)?$", max_length=130)]
ChangeCursor = Annotated[int, Parameter(ge=0, le=2**31 - 1)]


def _only_in(caller: Caller) -> str | None:
    """Return the one coordination that a caller may change organisations of, None for all."""
    return None if Role.OPERATOR in caller.roles else caller.coordination


class Organizations(Controller):
    """Organisations, the same for every coordination."""

    tags = ("Organismes",)

    @get("/v1/organization-kinds", opt=READ.opt(), sync_to_thread=False)
    def kinds(self) -> Kinds:
        """Return the kinds of actors with their codes in the national typologies."""
        return Kinds(
            items=[
                Kind(
                    kind=kind,
                    label=one.label,
                    college=one.college.value,
                    mednum=list(one.mednum),
                    data_inclusion=one.data_inclusion,
                )
                for kind, one in KINDS.items()
            ]
        )

    @get("/v1/organizations/duplicates", opt=WRITE.opt())
    async def duplicates(
        self, service: TheService, limit: Limit = 50, cursor: PairCursor = ""
    ) -> Duplicates:
        """Return a page of pairs that may be one organisation; a person decides."""
        async with service.read() as connection:
            found, more = await reads.duplicates(connection, after=cursor, most=limit)
        pairs = [
            Duplicate(
                organization=one.organization,
                name=one.name,
                other=one.other,
                other_name=one.other_name,
                reason=DuplicateReason(one.reason),
            )
            for one in found
        ]
        return Duplicates(items=pairs, cursor=more)

    @get("/v1/organizations/{organization:str}", opt=READ.opt())
    async def organization(
        self, service: TheService, organization: OrganizationSlug
    ) -> Organization:
        """Return the organisation that answers to a slug, its own or one that gave way to it."""
        async with service.read() as connection:
            row, merged = await reads.organization(connection, organization)
        return organization_shown(row, merged)

    @put("/v1/organizations/{organization:str}", opt=WRITE.opt())
    async def describe(
        self,
        request: Asking,
        service: TheService,
        organization: OrganizationSlug,
        data: JSONBody[DescribeOrganization],
    ) -> Organization:
        """Change what an organisation is; what it was is kept."""
        async with service.write() as connection:
            row = await commands.describe_organization(
                connection,
                organization,
                data,
                subject=request.user.sub,
                only_in=_only_in(request.user),
                now=ids.now(),
                new_id=ids.new_id,
            )
        return organization_shown(row)

    @get("/v1/organizations/{organization:str}/history", opt=WRITE.opt())
    async def history(
        self,
        service: TheService,
        organization: OrganizationSlug,
        limit: Limit = 50,
        cursor: ChangeCursor = 0,
    ) -> Changes:
        """Return a page of what an organisation was before each change, the first first."""
        async with service.read() as connection:
            found, more = await reads.changes(connection, organization, after=cursor, most=limit)
        items = [Change(**msgspec.structs.asdict(row)) for row in found]
        return Changes(items=items, cursor=more)

    @post("/v1/organizations/{organization:str}/merge", opt=WRITE.opt(), status_code=200)
    async def merge(
        self,
        request: Asking,
        service: TheService,
        organization: OrganizationSlug,
        data: JSONBody[MergeOrganization],
    ) -> Organization:
        """Make one organisation of two: this one gives way, its slug still resolves."""
        async with service.write() as connection:
            await commands.merge_organization(
                connection,
                organization,
                data,
                subject=request.user.sub,
                only_in=_only_in(request.user),
                now=ids.now(),
                new_id=ids.new_id,
            )
            row, merged = await reads.organization(connection, data.into)
        return organization_shown(row, merged)

    @get(
        "/v1/coordinations/{coordination:str}/organizations/{organization:str}/contacts",
        opt=READ.opt(),
    )
    async def contacts(
        self, service: TheService, coordination: Slug, organization: OrganizationSlug
    ) -> Contacts:
        """Return through whom an organisation is reached here: persons' ids, never their names."""
        async with service.read() as connection:
            kept, persons = await reads.contacts(connection, coordination, organization)
        return Contacts(coordination=coordination, organization=kept, persons=persons)

    @put(
        "/v1/coordinations/{coordination:str}/organizations/{organization:str}/contacts",
        opt=WRITE.opt(),
    )
    async def name_contacts(
        self,
        service: TheService,
        coordination: Slug,
        organization: OrganizationSlug,
        data: JSONBody[NameContacts],
    ) -> Contacts:
        """Say through which one or two persons an organisation is reached here."""
        async with service.write() as connection:
            await commands.name_contacts(connection, coordination, organization, data.persons)
            kept, persons = await reads.contacts(connection, coordination, organization)
        return Contacts(coordination=coordination, organization=kept, persons=persons)
