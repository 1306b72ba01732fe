"""Lists that are filtered: members of a coordination, organisations of all."""

from collections.abc import AsyncIterator

from services.chassis.database import Connection
from services.members.errors.organizations import SearchIsEmpty
from services.members.model import Organization, Seat
from services.members.model.names import words_begun
from services.members.reads.pages import page
from services.members.store import lists as rows
from services.members.store.lists import MemberFilter, OrganizationFilter

EXPORT_PAGE = 1000

__all__ = [
    "MemberFilter",
    "OrganizationFilter",
    "every_member",
    "every_organization",
    "members",
    "organizations",
    "words",
]


def words(q: str | None) -> str | None:
    """Return the text query of what a reader typed, None where nothing was.

    Raises:
        SearchIsEmpty: it holds no letter and no digit.
    """
    if q is None:
        return None
    found = words_begun(q)
    if not found:
        raise SearchIsEmpty
    return found


async def members(
    connection: Connection, coordination: str, kept: MemberFilter, *, after: str, most: int
) -> tuple[list[Seat], str | None]:
    """Return a page of members by organisation."""
    found, last = page(await rows.members(connection, coordination, kept, after, most + 1), most)
    return found, last.organization if last else None


async def organizations(
    connection: Connection, kept: OrganizationFilter, *, after: str, most: int
) -> tuple[list[Organization], str | None]:
    """Return a page of organisations by slug."""
    found, last = page(await rows.organizations(connection, kept, after, most + 1), most)
    return found, last.organization if last else None


async def every_member(
    connection: Connection, coordination: str, kept: MemberFilter
) -> AsyncIterator[Seat]:
    """Yield every member that the filter keeps, by organisation."""
    after: str | None = ""
    while after is not None:
        found, after = await members(connection, coordination, kept, after=after, most=EXPORT_PAGE)
        for one in found:
            yield one


async def every_organization(
    connection: Connection, kept: OrganizationFilter
) -> AsyncIterator[Organization]:
    """Yield every organisation that the filter keeps, by slug."""
    after: str | None = ""
    while after is not None:
        found, after = await organizations(connection, kept, after=after, most=EXPORT_PAGE)
        for one in found:
            yield one
