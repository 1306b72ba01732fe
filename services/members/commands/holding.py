"""What acts on seats stand on: one at a time in a coordination, on things that are there."""

from uuid import UUID

from contracts.http.members.committees import CommitteeState
from services.chassis.database import Connection
from services.members.errors import NoSuchCoordination
from services.members.errors.committees import CommitteeIsNotActive, NoSuchCommittee
from services.members.errors.membership import NoSuchMember
from services.members.model.committees import Committee
from services.members.model.seats import Membership
from services.members.store import committees, membership


async def hold(connection: Connection, coordination: str) -> None:
    """Make this transaction the only one that changes who sits in a coordination.

    Raises:
        NoSuchCoordination: it was never founded.
    """
    if not await membership.hold(connection, coordination):
        raise NoSuchCoordination(coordination)


async def member_of(connection: Connection, coordination: str, member_id: UUID) -> Membership:
    """Return a member of a coordination.

    Raises:
        NoSuchMember: there is none of this id here.
    """
    found = await membership.one(connection, member_id)
    if found is None or found.coordination != coordination:
        raise NoSuchMember(member_id)
    return found


async def committee_of(connection: Connection, coordination: str, committee: str) -> Committee:
    """Return a committee of a coordination.

    Raises:
        NoSuchCommittee: there is none of this slug here.
    """
    found = await committees.one(connection, coordination, committee)
    if found is None:
        raise NoSuchCommittee(committee)
    return found


async def active_committee(connection: Connection, coordination: str, committee: str) -> Committee:
    """Return a committee that goes on.

    Raises:
        NoSuchCommittee: there is none of this slug here.
        CommitteeIsNotActive: it was closed or transformed.
    """
    found = await committee_of(connection, coordination, committee)
    if found.state != CommitteeState.ACTIVE:
        raise CommitteeIsNotActive(committee, found.state)
    return found
