"""What the routes of the field share: who may do what, how pages are asked for and ids made.

A key stands for one id per caller and address.
"""

from typing import Annotated
from uuid import UUID

from litestar.params import HeaderParameter, Parameter

from contracts.values import Role
from services.chassis import ids
from services.chassis.http import PAGE_MAX
from services.chassis.policies import Asking, Policy
from services.chassis.tokens import Caller
from services.diagnostics.errors.visits import SpeaksForAnother

READ = Policy("lire ce que le terrain confirme", frozenset(Role))
WRITE = Policy(
    "écrire ce que le terrain rapporte",
    frozenset({Role.COORDINATOR, Role.SECRETARY, Role.REFERRER, Role.OPERATOR}),
)
DECIDE = Policy(
    "qualifier le diagnostic", frozenset({Role.COORDINATOR, Role.SECRETARY, Role.OPERATOR})
)
BRING = Policy(
    "témoigner et partager pour son organisme",
    WRITE.roles | {Role.MEMBER, Role.ELECTED, Role.FUNDER, Role.INSTITUTION},
)
INSIDE = Policy(
    "lire ce qui reste dans la coordination",
    WRITE.roles | {Role.ELECTED, Role.MEMBER, Role.SERVICE},
)

Limit = Annotated[int, Parameter(ge=1, le=PAGE_MAX)]
IdempotencyKey = Annotated[str | None, HeaderParameter(name="Idempotency-Key", max_length=200)]
Slug = Annotated[str, Parameter(pattern="^[a-z][a-z0-9-]{1,39}$")]
Word = Annotated[str | None, Parameter(pattern="^[a-z][a-z0-9_-]{0,59}$")]
Commune = Annotated[
    str | None, Parameter(pattern="^([013-9][0-9]|2[AB1-9])[0-9]{3}$", max_length=5)
]
TargetId = Annotated[str | None, Parameter(pattern="^[a-z0-9][a-z0-9_-]{0,59}$")]


def must_speak_for(caller: Caller, organization: str) -> None:
    """Refuse whoever speaks for another's organisation; the coordination's own may for all.

    Raises:
        SpeaksForAnother: it is not the caller's.
    """
    if WRITE.roles.isdisjoint(caller.roles) and caller.organization != organization:
        raise SpeaksForAnother(organization)


def named(request: Asking, asked: UUID | None, key: str | None) -> UUID:
    """Return the id of what a request makes: its own, the one its key stands for, or a new one."""
    if asked is not None:
        return asked
    if key:
        return ids.from_key(request.user.sub, f"{request.url.path}:{key}")
    return ids.new_id()
