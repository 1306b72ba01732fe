"""Questions about memberships, their queue, their history and what they lack."""

from uuid import UUID

from contracts.http.members.membership import Completeness
from services.chassis.database import Connection
from services.members.errors.membership import NoSuchMember
from services.members.model.completeness import completeness
from services.members.model.seats import Candidate, MemberActTold, Membership
from services.members.reads.pages import page
from services.members.reads.territory import coordination as one_coordination
from services.members.store import membership as rows


async def membership(connection: Connection, member_id: UUID) -> Membership:
    """Return one membership, whatever its coordination, so that the caller's right is checked.

    Raises:
        NoSuchMember: there is none of this id.
    """
    found = await rows.one(connection, member_id)
    if found is None:
        raise NoSuchMember(member_id)
    return found


async def history(
    connection: Connection, member_id: UUID, *, after: int, most: int
) -> tuple[list[MemberActTold], int | None]:
    """Return a page of a membership's history, the oldest first."""
    found, last = page(await rows.acts(connection, member_id, after, most + 1), most)
    return found, last.number if last else None


async def candidates(
    connection: Connection, coordination: str, *, after: int, most: int
) -> tuple[list[Candidate], int | None]:
    """Return a page of the queue, who asked first comes first."""
    found, last = page(await rows.candidates(connection, coordination, after, most + 1), most)
    return found, last.number if last else None


async def missing_actors(connection: Connection, coordination: str) -> Completeness:
    """Return which expected actors have no confirmed member.

    Raises:
        NoSuchCoordination: it was never founded.
    """
    await one_coordination(connection, coordination)
    return completeness(await rows.kinds_there(connection, coordination))
