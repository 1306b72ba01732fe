"""What the routes share: who may do what, how pages are asked for, how a new thing is named."""

from typing import Annotated
from uuid import UUID

from litestar.params import HeaderParameter, Parameter

from contracts.values import Role
from services.chassis import ids
from services.chassis.http import PAGE_MAX
from services.chassis.policies import Asking, Policy

READ = Policy("lire la gouvernance", frozenset(Role))
READ_AGREEMENTS = Policy("lire les conventions", frozenset(Role) - {Role.INSTITUTION})
WRITE = Policy(
    "écrire la gouvernance", frozenset({Role.COORDINATOR, Role.SECRETARY, Role.OPERATOR})
)
FOUND = Policy("fonder une coordination", frozenset({Role.COORDINATOR, Role.OPERATOR}))
DECIDE = Policy("enregistrer la décision d'un financeur", WRITE.roles | {Role.FUNDER})
TAKE_PART = Policy(
    "prendre part pour son organisme", WRITE.roles | {Role.MEMBER, Role.ELECTED, Role.FUNDER}
)
SIGN = Policy("signer un procès-verbal", WRITE.roles | {Role.ELECTED})
OPERATE = Policy("exploiter la plateforme", frozenset({Role.OPERATOR}))

Limit = Annotated[int, Parameter(ge=1, le=PAGE_MAX)]
NameCursor = Annotated[str, Parameter(pattern="^[a-z0-9_-]*$", max_length=60)]
IdempotencyKey = Annotated[str | None, HeaderParameter(name="Idempotency-Key", max_length=200)]
Named = Annotated[str | None, Parameter(pattern="^[a-z][a-z0-9_-]{0,59}$")]
Slug = Annotated[str, Parameter(pattern="^[a-z][a-z0-9-]{1,39}$")]


def named(request: Asking, asked: UUID | None, key: str | None) -> UUID:
    """Return the id of what a request makes: its own, the one its key stands for, or a new one.

    A key stands for one id per caller and address, so that the same key sent to two addresses
    names two things.
    """
    if asked is not None:
        return asked
    if key:
        return ids.from_key(request.user.sub, f"{request.url.path}:{key}")
    return ids.new_id()
