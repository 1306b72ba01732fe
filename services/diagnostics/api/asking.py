"""What the routes share: who may do what, and how exactly they read."""

from typing import Annotated
from uuid import UUID

from litestar.params import HeaderParameter, Parameter, PathParameter

from contracts.http.diagnostics.versions import Tier
from contracts.values import Role
from services.chassis import ids
from services.chassis.database import Connection
from services.chassis.http import PAGE_MAX
from services.chassis.policies import Asking, Policy
from services.chassis.service import Service
from services.diagnostics.model.tiers import Leaving
from services.diagnostics.reads import versions as reads
from services.diagnostics.settings import Settings

INSIDE = frozenset(
    {
        Role.COORDINATOR,
        Role.SECRETARY,
        Role.ELECTED,
        Role.REFERRER,
        Role.OPERATOR,
        Role.SERVICE,
    }
)
"""Who reads all of it: those of the coordination itself."""
READ = Policy("lire le diagnostic", frozenset(Role))
PUBLISH = Policy("publier une version du diagnostic", frozenset({Role.COORDINATOR, Role.OPERATOR}))

Limit = Annotated[int, Parameter(ge=1, le=PAGE_MAX)]
IdempotencyKey = Annotated[str | None, HeaderParameter(name="Idempotency-Key", max_length=200)]
Place = Annotated[str, Parameter(pattern="^[0-9]{0,7}$")]
"""An opaque cursor: where the next page goes on."""
Insee = Annotated[str, PathParameter(pattern="^([013-9][0-9]|2[AB1-9])[0-9]{3}$")]
_EXACTNESS = (Tier.PUBLIC, Tier.AGREEMENT, Tier.INSIDE)


def named(request: Asking, asked: UUID | None, key: str | None) -> UUID:
    """Return the id of what a request makes: its own, the one its key stands for, or a new one."""
    if asked is not None:
        return asked
    if key:
        return ids.from_key(request.user.sub, f"{request.url.path}:{key}")
    return ids.new_id()


async def tier_of(
    request: Asking, connection: Connection, coordination: str, wanted: Tier | None = None
) -> Tier:
    """Return the tier a caller reads: its own, or a less exact one that it asks for."""
    if not INSIDE.isdisjoint(request.user.roles):
        own = Tier.INSIDE
    elif await reads.is_party(connection, coordination, request.user.organization, now=ids.now()):
        own = Tier.AGREEMENT
    else:
        own = Tier.PUBLIC
    return own if wanted is None else min(own, wanted, key=_EXACTNESS.index)


async def leaving_to(
    request: Asking,
    service: Service,
    connection: Connection,
    coordination: str,
    wanted: Tier | None = None,
) -> Leaving:
    """Return how the figures of a coordination leave for a caller."""
    assert isinstance(service.settings, Settings)
    tier = await tier_of(request, connection, coordination, wanted)
    return await reads.leaving_for(
        connection, coordination, tier, threshold=service.settings.needs_threshold
    )
