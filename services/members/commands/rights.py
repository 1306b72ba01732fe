"""Take rights back, and give a caller a token where it has some."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from contracts.http.members.standing import TakeRight
from contracts.http.tokens import TokenGiven
from services.chassis import tokens
from services.chassis.database import Connection
from services.members.commands.tokens import Issuer
from services.members.errors.standing import NoSuchRight
from services.members.store import rights as rows


async def take_right(
    connection: Connection, coordination: str, asked: TakeRight, *, now: datetime
) -> None:
    """Take a right: from now on it opens nothing here; taken again, nothing changes.

    Raises:
        NoSuchRight: the subject never had it.
    """
    async with connection.transaction():
        if not await rows.revoke(
            connection, coordination, asked.subject, asked.role.value, now=now
        ):
            raise NoSuchRight(asked.subject, asked.role.value)


def token_for(
    caller: tokens.Caller, *, issuer: Issuer, now: datetime, new_id: Callable[[], UUID]
) -> TokenGiven:
    """Return a token for a caller as it is in a coordination.

    Raises:
        Unavailable: no key signs tokens here.
    """
    return TokenGiven(
        access_token=tokens.mint(issuer.key, caller, now=now, jti=str(new_id())),
        expires_in=tokens.MINUTES_VALID * 60,
        scope=" ".join(caller.roles),
    )
