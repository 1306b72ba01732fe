"""Questions about what a caller may do where, beyond what its token says."""

import msgspec

from services.chassis.database import Connection
from services.chassis.tokens import Caller
from services.members.model.standing import stand
from services.members.store import rights as rows


async def enter(connection: Connection, caller: Caller, coordination: str) -> Caller | None:
    """Return the caller as it is in a coordination its token is not for, None if nobody there.

    Read at each request: a right that is taken opens nothing from then on.
    """
    rights = await rows.rights_of(connection, coordination, caller.sub)
    standing = stand(rights, preferred=caller.organization)
    if standing is None:
        return None
    return msgspec.structs.replace(
        caller,
        coordination=coordination,
        organization=standing.organization,
        roles=standing.roles,
    )
