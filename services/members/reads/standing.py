"""Questions about what a caller may do where, beyond what its token says."""

from datetime import datetime
from itertools import groupby

import msgspec

from services.chassis.database import Connection
from services.chassis.tokens import Caller
from services.members.errors.standing import NoRightThere, TokenIsDerived
from services.members.model.days import day_of
from services.members.model.standing import Held, Kept, stand
from services.members.reads.pages import page
from services.members.store import rights as rows


async def inside(
    connection: Connection,
    caller: Caller,
    coordination: str,
    *,
    organization: str | None = None,
    now: datetime,
) -> Caller | None:
    """Return the caller as it is in a coordination its token is not for, None if nobody there.

    It acts for `organization` where it has rights for several, or for that of its token. Read at
    each request: a right that is taken opens nothing from then on.
    """
    held = await rows.rights_of(connection, coordination, caller.sub, today=day_of(now))
    standing = stand(held, preferred=organization or caller.organization)
    if standing is None:
        return None
    return msgspec.structs.replace(
        caller,
        coordination=coordination,
        organization=standing.organization,
        roles=standing.roles,
        derived=True,
    )


async def entering(
    connection: Connection,
    caller: Caller,
    coordination: str,
    organization: str | None,
    *,
    now: datetime,
) -> Caller:
    """Return who a token for a coordination would speak for.

    Raises:
        TokenIsDerived: the caller's own token was given against another one.
        NoRightThere: it has no right there, or none for that organisation.
    """
    if caller.derived:
        raise TokenIsDerived
    found = await inside(connection, caller, coordination, organization=organization, now=now)
    if found is None or organization not in {None, found.organization}:
        raise NoRightThere(coordination)
    return found


async def everywhere(
    connection: Connection, caller: Caller, *, now: datetime
) -> dict[str, list[Held]]:
    """Return what the caller may do beyond its token, by coordination."""
    held = await rows.rights_of(connection, None, caller.sub, today=day_of(now))
    return {slug: list(some) for slug, some in groupby(held, key=lambda one: one.coordination)}


async def kept(
    connection: Connection, coordination: str, *, after: str, most: int
) -> tuple[list[Kept], str | None]:
    """Return a page of the rights kept in a coordination; the cursor is a subject and a role."""
    role, _, subject = after.partition(" ")
    found, last = page(await rows.kept(connection, coordination, subject, role, most + 1), most)
    return found, f"{last.role} {last.subject}" if last else None
