"""What a person's rights in a coordination add up to."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

CIVIL_TIME = ZoneInfo("Europe/Paris")


class Held(msgspec.Struct, frozen=True):
    """A role that a subject has now, from a right or a seat; columns in the order of the query."""

    coordination: str
    role: str
    organization: str | None


class Kept(msgspec.Struct, frozen=True):
    """Columns of a right with the person it is of, in the order of the queries."""

    subject: str
    role: str
    organization: str | None
    origin: str
    granted_at: datetime
    revoked_at: datetime | None
    person_id: UUID | None


class Standing(msgspec.Struct, frozen=True):
    """Roles in a coordination, and the one organisation they are had for."""

    organization: str | None
    roles: list[str]


def stand(held: Iterable[Held], *, preferred: str | None) -> Standing | None:
    """Return what roles in one coordination add up to for one organisation, None if to nothing.

    A caller acts for one organisation at a time, so that the role it has for one never serves
    another: the only one there is, or else `preferred`. Roles that are for none go with any.
    """
    held = list(held)
    offered = {one.organization for one in held} - {None}
    chosen = next(iter(offered)) if len(offered) == 1 else preferred
    roles = sorted({one.role for one in held if one.organization in {None, chosen}})
    return Standing(chosen if chosen in offered else None, roles) if roles else None
