"""Rows of requests for grants, of what makes the synthesis, and of needs of engineering."""

from collections.abc import Sequence

import msgspec

from services.chassis.database import Connection
from services.funding.model.references import ActionRow
from services.funding.model.requests import Cofunding, GrantRequestRow, NeedsRow, Recipient
from services.funding.store.queries import SQL, rows_of

ROWS: dict[str, type[msgspec.Struct]] = {
    "grant_request": GrantRequestRow,
    "grant_requests": GrantRequestRow,
    "requests_of_actions": GrantRequestRow,
    "actions_told": ActionRow,
    "cofunding": Cofunding,
    "recipients": Recipient,
    "engineering_needs": NeedsRow,
}


async def hold(connection: Connection, coordination: str, request: str) -> GrantRequestRow | None:
    """Return a request, held until the transaction ends."""
    row = await connection.fetchrow(SQL["grant_request"], coordination, request)
    return GrantRequestRow(*row) if row else None


async def add(connection: Connection, coordination: str, row: GrantRequestRow) -> bool:
    """Write a request; return False if its name is taken."""
    values = msgspec.structs.astuple(row)
    done = await connection.execute(SQL["add_grant_request"], coordination, *values)
    return done == "INSERT 0 1"


async def move(connection: Connection, coordination: str, request: str, state: str) -> None:
    """Say what became of a request."""
    await connection.execute(SQL["move_grant_request"], coordination, request, state)


async def page(
    connection: Connection, coordination: str, after: str, most: int
) -> list[GrantRequestRow]:
    """Return the requests with a name after `after`, at most `most`."""
    query = SQL["grant_requests"]
    return await rows_of(connection, query, GrantRequestRow, coordination, after, most)


async def every(connection: Connection, coordination: str) -> list[GrantRequestRow]:
    """Return all requests, action by action."""
    return await rows_of(connection, SQL["requests_of_actions"], GrantRequestRow, coordination)


async def actions(connection: Connection, coordination: str) -> list[ActionRow]:
    """Return all actions, by number."""
    return await rows_of(connection, SQL["actions_told"], ActionRow, coordination)


async def cofunding(connection: Connection, coordination: str) -> list[Cofunding]:
    """Return what each funder agreed for each action, where it was not asked for a grant."""
    return await rows_of(connection, SQL["cofunding"], Cofunding, coordination)


async def recipients(connection: Connection, coordination: str) -> list[Recipient]:
    """Return who was committed money for each action."""
    return await rows_of(connection, SQL["recipients"], Recipient, coordination)


async def put_needs(
    connection: Connection, coordination: str, action: str, needs: Sequence[str]
) -> None:
    """Say what help an action needs; none takes it back."""
    if needs:
        await connection.execute(SQL["put_engineering_needs"], coordination, action, list(needs))
    else:
        await connection.execute(SQL["drop_engineering_needs"], coordination, action)


async def needs(connection: Connection, coordination: str, after: str, most: int) -> list[NeedsRow]:
    """Return the actions after `after` that need help, at most `most`."""
    return await rows_of(connection, SQL["engineering_needs"], NeedsRow, coordination, after, most)
