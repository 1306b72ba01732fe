"""HTTP routes of the roadmap service."""

from typing import Annotated

from litestar import Controller, get, post
from litestar.params import JSONBody, Parameter

from contracts.http.roadmap import (
    ActionSheet,
    ActionSheets,
    MoveActionSheet,
    SheetState,
    WriteActionSheet,
)
from contracts.values import Role
from services.chassis import ids
from services.chassis.http import PAGE_MAX, TheService
from services.chassis.policies import Asking, Policy, must_enter
from services.roadmap import commands, model, reads
from services.roadmap.errors import NoSuchSheet

READ = Policy("lire la feuille de route", frozenset(Role) - {Role.INSTITUTION})
WRITE = Policy(
    "écrire la feuille de route", frozenset({Role.COORDINATOR, Role.SECRETARY, Role.OPERATOR})
)


SHEET_MAX = 2**31 - 1
"""The largest number of a sheet that its column holds."""


def _shown(sheet: model.Sheet) -> ActionSheet:
    return ActionSheet(
        id=f"{sheet.coordination}.{sheet.action}",
        coordination=sheet.coordination,
        action=sheet.action,
        number=sheet.number,
        title=sheet.title,
        category=sheet.category,
        leads=sheet.leads,
        territories=sheet.territories,
        publics=sheet.publics,
        budget_cents=sheet.budget_cents,
        state=SheetState(sheet.state),
    )


class Sheets(Controller):
    """Action sheets of a coordination."""

    tags = ("Feuille de route",)

    @get("/v1/coordinations/{coordination:str}/action-sheets", opt=READ.opt())
    async def sheets(
        self,
        service: TheService,
        coordination: str,
        limit: Annotated[int, Parameter(ge=1, le=PAGE_MAX)] = 50,
        cursor: Annotated[int, Parameter(ge=0, le=SHEET_MAX)] = 0,
    ) -> ActionSheets:
        """Return a page of action sheets, by number."""
        async with service.read() as connection:
            found, more = await reads.sheets(connection, coordination, after=cursor, most=limit)
        return ActionSheets(
            items=[_shown(sheet) for sheet in found], cursor=None if more is None else str(more)
        )

    @post("/v1/coordinations/{coordination:str}/action-sheets", opt=WRITE.opt())
    async def propose(
        self, service: TheService, coordination: str, data: JSONBody[WriteActionSheet]
    ) -> ActionSheet:
        """Write an action sheet; the same one again answers the same."""
        async with service.write() as connection:
            sheet = await commands.propose_action(
                connection,
                coordination,
                data,
                now=ids.now(),
                new_id=ids.new_id,
            )
        return _shown(sheet)

    @post("/v1/action-sheets/{sheet:str}/transitions", opt=WRITE.opt(), status_code=200)
    async def move(
        self, request: Asking, service: TheService, sheet: str, data: JSONBody[MoveActionSheet]
    ) -> ActionSheet:
        """Bring an action sheet to its next state."""
        coordination, _, action = sheet.partition(".")
        if not action:
            raise NoSuchSheet(sheet)
        must_enter(request.user, coordination)
        async with service.write() as connection:
            moved = await commands.move_action(
                connection,
                coordination,
                action,
                data,
                by=request.user.sub,
                now=ids.now(),
                new_id=ids.new_id,
            )
        return _shown(moved)
