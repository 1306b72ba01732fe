"""Write what programmes are asked for, what became of it, and what help actions need."""

import msgspec

from contracts.http.funding.requests import (
    ActionNeeds,
    EngineeringNeed,
    RequestState,
    WriteEngineeringNeeds,
    WriteGrantRequest,
)
from services.chassis.database import Connection
from services.funding.commands.written import must_know
from services.funding.errors import NotKnown, WrittenDiffers
from services.funding.errors.requests import RequestIsDecided
from services.funding.model.references import ActionRow, FundRow
from services.funding.model.requests import MOVES, GrantRequestRow, in_order
from services.funding.store import euros as actions
from services.funding.store import requests as rows


async def write_request(
    connection: Connection, coordination: str, request: str, asked: WriteGrantRequest
) -> GrantRequestRow:
    """Write what a programme is asked for, or what became of it; the same again changes nothing.

    Raises:
        NotKnown: the action was never validated, or the fund never written.
        WrittenDiffers: the name is that of another request.
        RequestIsDecided: it was accepted or refused, or was further already.
    """
    row = GrantRequestRow(
        request,
        asked.action,
        asked.programme,
        asked.services_cents,
        asked.staff_cents,
        asked.training,
        asked.fund,
        asked.state.value,
    )
    async with connection.transaction():
        await _must_be_an_action(connection, coordination, asked.action)
        await must_know(connection, coordination, FundRow, asked.fund, "fund")
        if await rows.add(connection, coordination, row):
            return row
        known = await rows.hold(connection, coordination, request)
        assert known is not None, "its name was taken"
        if msgspec.structs.replace(known, state=row.state) != row:
            raise WrittenDiffers("La demande", request)
        if known.state != row.state:
            if asked.state not in MOVES[RequestState(known.state)]:
                raise RequestIsDecided(request, known.state)
            await rows.move(connection, coordination, request, row.state)
    return row


async def write_needs(
    connection: Connection, coordination: str, action: str, asked: WriteEngineeringNeeds
) -> ActionNeeds:
    """Say what help an action needs, in place of what was said.

    Raises:
        NotKnown: the action was never validated.
    """
    needs = in_order(asked.needs)
    async with connection.transaction():
        row = await _must_be_an_action(connection, coordination, action)
        await rows.put_needs(connection, coordination, action, needs)
    return ActionNeeds(
        id=action,
        number=row.number,
        title=row.title,
        needs=[EngineeringNeed(one) for one in needs],
    )


async def _must_be_an_action(connection: Connection, coordination: str, action: str) -> ActionRow:
    row = await actions.action(connection, coordination, action)
    if row is None:
        raise NotKnown("L'action", action, field="action")
    return row
