"""Questions about requests for grants, the synthesis they make, and needs of engineering."""

from contracts.http.funding.requests import (
    ActionNeeds,
    EngineeringNeed,
    EngineeringNeeds,
    FinancialSynthesis,
    GrantRequest,
    GrantRequests,
    RequestState,
)
from services.chassis.database import Connection
from services.funding.model.requests import GrantRequestRow, financial_synthesis
from services.funding.store import requests as rows


def shown(row: GrantRequestRow) -> GrantRequest:
    """Return a request as it is shown."""
    return GrantRequest(
        id=row.request,
        action=row.action,
        programme=row.programme,
        services_cents=row.services_cents,
        staff_cents=row.staff_cents,
        training=row.training,
        fund=row.fund,
        state=RequestState(row.state),
    )


async def requests(
    connection: Connection, coordination: str, *, after: str, most: int
) -> GrantRequests:
    """Return a page of requests, by name."""
    found = await rows.page(connection, coordination, after, most + 1)
    return GrantRequests(
        items=[shown(one) for one in found[:most]],
        cursor=found[most - 1].request if len(found) > most else None,
    )


async def synthesis(connection: Connection, coordination: str) -> FinancialSynthesis:
    """Return the financial synthesis of the actions, one moment for all figures."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        return financial_synthesis(
            await rows.actions(connection, coordination),
            await rows.every(connection, coordination),
            await rows.cofunding(connection, coordination),
            await rows.recipients(connection, coordination),
        )


async def needs(
    connection: Connection, coordination: str, *, after: str, most: int
) -> EngineeringNeeds:
    """Return a page of the actions that need help, by slug."""
    found = await rows.needs(connection, coordination, after, most + 1)
    return EngineeringNeeds(
        items=[
            ActionNeeds(
                id=one.action,
                number=one.number,
                title=one.title,
                needs=[EngineeringNeed(code) for code in one.needs],
            )
            for one in found[:most]
        ],
        cursor=found[most - 1].action if len(found) > most else None,
    )
