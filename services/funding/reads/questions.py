"""Questions about funds and actions."""

from collections.abc import Sequence
from itertools import groupby

from contracts.http.funding import ActionPlan, PlanLine
from services.chassis.database import Connection
from services.funding import store
from services.funding.model.references import ActionRow, FundRow


async def funds(
    connection: Connection, coordination: str, *, after: str, most: int
) -> tuple[list[FundRow], str | None]:
    """Return a page of funds by slug, and the slug to go on from, None at the end."""
    found = await store.funds(connection, coordination, after, most + 1)
    return found[:most], found[most - 1].fund if len(found) > most else None


async def plans(
    connection: Connection, coordination: str, *, after: str, most: int
) -> tuple[list[ActionPlan], str | None]:
    """Return a page of actions with their funding plans, and the slug to go on from."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        found = await store.actions(connection, coordination, after, most + 1)
        page = found[:most]
        shown = await plans_of(connection, coordination, page)
    return shown, page[-1].action if len(found) > most else None


async def plans_of(
    connection: Connection, coordination: str, page: Sequence[ActionRow]
) -> list[ActionPlan]:
    """Return the funding plans of these actions."""
    rows = await store.plans(connection, coordination, [one.action for one in page])
    lines = {
        action: [
            PlanLine(
                fund=row.fund,
                funder=row.funder,
                agreed_cents=row.agreed_cents,
                earmarked_cents=row.earmarked_cents,
                awarded_cents=row.awarded_cents,
                committed_cents=row.committed_cents,
            )
            for row in of_one
        ]
        for action, of_one in groupby(rows, key=lambda row: row.action)
    }
    return [_plan(one, lines.get(one.action, [])) for one in page]


def _plan(action: ActionRow, lines: list[PlanLine]) -> ActionPlan:
    agreed = sum(line.agreed_cents for line in lines)
    return ActionPlan(
        id=action.action,
        number=action.number,
        title=action.title,
        budget_cents=action.budget_cents,
        agreed_cents=agreed,
        gap_cents=action.budget_cents - agreed,
        validated_on=action.validated_on,
        plan=lines,
    )
