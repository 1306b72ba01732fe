"""Rows of lists that are filtered, and of what is looked up by name."""

import msgspec

from services.chassis.database import Connection
from services.members.model import Organization, Seat
from services.members.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "members_listed": Seat,
    "organizations_listed": Organization,
    "organizations_found": Organization,
}


class MemberFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What members must be to be listed; `words` is a text query."""

    college: str | None = None
    state: str | None = None
    kind: str | None = None
    role: str | None = None
    words: str | None = None


class OrganizationFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What organisations must be to be listed; `words` is a text query."""

    kind: str | None = None
    department: str | None = None
    words: str | None = None


async def members(
    connection: Connection, coordination: str, kept: MemberFilter, after: str, most: int
) -> list[Seat]:
    """Return the seats of organisations above `after` that the filter keeps, at most `most`."""
    filters = msgspec.structs.astuple(kept)
    rows = await connection.fetch(SQL["members_listed"], coordination, *filters, after, most)
    return [Seat(*row) for row in rows]


async def organizations(
    connection: Connection, kept: OrganizationFilter, after: str, most: int
) -> list[Organization]:
    """Return the organisations above `after` that the filter keeps, at most `most`."""
    filters = (kept.kind, kept.department, after, most)
    if kept.words is None:
        rows = await connection.fetch(SQL["organizations_listed"], *filters)
    else:
        rows = await connection.fetch(SQL["organizations_found"], kept.words, *filters)
    return [Organization(*row) for row in rows]
