"""Routes of lists that are filtered, and of the files made from them."""

from typing import Annotated, Literal

from litestar import Controller, get
from litestar.params import Parameter, QueryParameter
from litestar.response import Stream

from contracts.http.members import MemberRole, MemberState
from contracts.http.members.organizations import Organizations
from contracts.values import College
from services.chassis.http import TheService
from services.members.api import exports
from services.members.api.asking import READ, Limit, NameCursor, Slug
from services.members.api.shown import organization_shown
from services.members.reads import lists
from services.members.reads.territory import coordination as one

Kind = Annotated[str | None, Parameter(pattern="^[A-Z][A-Z0-9_]{0,39}$")]
Query = Annotated[str | None, Parameter(max_length=100)]
Department = Annotated[str | None, QueryParameter(name="departement", pattern="^[0-9AB]{2,3}$")]
Standing = Annotated[MemberState | None, QueryParameter(name="state")]
Format = Literal["csv", "xlsx"]


def member_filter(
    college: College | None,
    state: MemberState | None,
    kind: str | None,
    role: MemberRole | None,
    q: str | None,
) -> lists.MemberFilter:
    """Return what members must be to be listed."""
    return lists.MemberFilter(
        college=college, state=state, kind=kind, role=role, words=lists.words(q)
    )


class Lists(Controller):
    """Members and organisations, filtered, a page at a time or whole in a file."""

    tags = ("Listes",)

    @get("/v1/coordinations/{coordination:str}/members/export", opt=READ.opt())
    async def members_file(
        self,
        service: TheService,
        coordination: Slug,
        format: Format = "csv",  # noqa: A002  # Its name in the address.
        college: College | None = None,
        standing: Standing = None,
        kind: Kind = None,
        role: MemberRole | None = None,
        q: Query = None,
    ) -> Stream:
        """Return every member that the filter keeps, as a file that may be imported again."""
        kept = member_filter(college, standing, kind, role, q)
        async with service.read() as connection:
            await one(connection, coordination)
        rows = exports.members(service, coordination, kept)
        return await exports.file(
            rows, exports.MEMBER_COLUMNS, format, name=f"membres-{coordination}"
        )

    @get("/v1/organizations", opt=READ.opt())
    async def organizations(
        self,
        service: TheService,
        q: Query = None,
        kind: Kind = None,
        department: Department = None,
        limit: Limit = 50,
        cursor: NameCursor = "",
    ) -> Organizations:
        """Return a page of organisations by slug; merged ones are left out."""
        kept = lists.OrganizationFilter(kind=kind, department=department, words=lists.words(q))
        async with service.read() as connection:
            found, more = await lists.organizations(connection, kept, after=cursor, most=limit)
        return Organizations(items=[organization_shown(row) for row in found], cursor=more)

    @get("/v1/organizations/export", opt=READ.opt())
    async def organizations_file(
        self,
        service: TheService,
        format: Format = "csv",  # noqa: A002  # Its name in the address.
        q: Query = None,
        kind: Kind = None,
        department: Department = None,
    ) -> Stream:
        """Return every organisation that the filter keeps, as a file."""
        kept = lists.OrganizationFilter(kind=kind, department=department, words=lists.words(q))
        rows = exports.organizations(service, kept)
        return await exports.file(rows, exports.ORGANIZATION_COLUMNS, format, name="organismes")
