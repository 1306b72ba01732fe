"""Questions about organisations: what they are and were, which may be one, who reaches them."""

from uuid import UUID

from services.chassis.database import Connection
from services.members import store
from services.members.errors.organizations import NoSuchOrganization
from services.members.model import Organization
from services.members.reads.pages import page
from services.members.store import identity as rows
from services.members.store.identity import Change, Pair


async def organization(connection: Connection, slug: str) -> tuple[Organization, list[str]]:
    """Return the organisation that answers to a slug, and the slugs that gave way to it.

    Raises:
        NoSuchOrganization: there is none.
    """
    found = await store.organization(connection, slug)
    if found is not None and found.merged_into is not None:
        found = await store.organization(connection, found.merged_into)
    if found is None:
        raise NoSuchOrganization(slug)
    return found, await rows.merged(connection, found.organization)


async def changes(
    connection: Connection, slug: str, *, after: int, most: int
) -> tuple[list[Change], str | None]:
    """Return a page of what an organisation was, the first first.

    Raises:
        NoSuchOrganization: there is none of this slug.
    """
    if await store.organization(connection, slug) is None:
        raise NoSuchOrganization(slug)
    found, last = page(await rows.changes(connection, slug, after, most + 1), most)
    return found, str(last.change) if last else None


async def duplicates(
    connection: Connection, *, after: str, most: int
) -> tuple[list[Pair], str | None]:
    """Return a page of pairs that may be one, by slugs; the cursor is `slug~other`."""
    first, _, other = after.partition("~")
    found, last = page(await rows.duplicates(connection, (first, other), most + 1), most)
    return found, f"{last.organization}~{last.other}" if last else None


async def contacts(connection: Connection, coordination: str, slug: str) -> tuple[str, list[UUID]]:
    """Return through whom an organisation is reached here, under the slug that is kept.

    Raises:
        NoSuchOrganization: there is none of this slug.
    """
    found, _ = await organization(connection, slug)
    return found.organization, await rows.contacts(connection, coordination, found.organization)
