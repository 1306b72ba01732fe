"""What the roadmap service can be asked to change. Each command is one transaction."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec

from contracts.events.roadmap import ActionCategory, ActionProposed, ActionValidated
from contracts.http.roadmap import MoveActionSheet, SheetState, WriteActionSheet
from services.chassis import outbox
from services.chassis.database import Connection
from services.roadmap import model, store
from services.roadmap.errors import NoSuchSheet, SheetDiffers, StepLacks, StepNotOpen

SOURCE = "urn:ctin:service:roadmap"


async def propose_action(
    connection: Connection,
    coordination: str,
    asked: WriteActionSheet,
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> model.Sheet:
    """Write an action sheet and tell the other services; the same one again changes nothing.

    Raises:
        SheetDiffers: the slug or the number names a sheet with another content.
    """
    sheet = model.Sheet(
        coordination=coordination,
        action=asked.action,
        number=asked.number,
        title=asked.title,
        category=asked.category.value,
        leads=asked.leads,
        territories=asked.territories,
        publics=asked.publics,
        budget_cents=asked.budget_cents,
        state=SheetState.PROPOSED.value,
    )
    async with connection.transaction():
        if not await store.add_sheet(connection, sheet):
            found = await store.sheet(connection, coordination, asked.action)
            if found is None or msgspec.structs.replace(found, state=sheet.state) != sheet:
                raise SheetDiffers(asked.action)
            return found
        fact = ActionProposed(
            coordination=coordination,
            action=asked.action,
            number=asked.number,
            title=asked.title,
            category=asked.category,
            budget_cents=asked.budget_cents,
        )
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
    return sheet


async def move_action(
    connection: Connection,
    coordination: str,
    action: str,
    asked: MoveActionSheet,
    *,
    by: str,
    now: datetime,
    new_id: Callable[[], UUID],
) -> model.Sheet:
    """Bring a sheet to its next state; a validated one is told to the other services.

    Asking for the state it is already in changes nothing.

    Raises:
        NoSuchSheet: this coordination has no such sheet.
        StepNotOpen: the sheet cannot go there from where it is.
        StepLacks: a validation without its decision, a drop without its reason.
    """
    async with connection.transaction():
        found = await store.sheet(connection, coordination, action, lock=True)
        if found is None:
            raise NoSuchSheet(action)
        state = SheetState(found.state)
        if state is asked.to:
            return found
        if not model.is_open(state, asked.to):
            steps = sorted(model.STEPS[state])
            raise StepNotOpen(action, state=state.value, to=asked.to.value, steps=list(steps))
        lack = model.lacking(asked)
        if lack:
            raise StepLacks(lack, asked.to.value)
        await store.move_sheet(connection, found, asked, by=by, now=now)
        if asked.to is SheetState.VALIDATED:
            fact = _validated(found, asked)
            await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
    return msgspec.structs.replace(found, state=asked.to.value)


def _validated(sheet: model.Sheet, asked: MoveActionSheet) -> ActionValidated:
    assert asked.decision is not None, "lacking() was asked first"
    return ActionValidated(
        coordination=sheet.coordination,
        action=sheet.action,
        number=sheet.number,
        title=sheet.title,
        category=ActionCategory(sheet.category),
        budget_cents=sheet.budget_cents,
        leads=sheet.leads,
        territories=sheet.territories,
        decision=asked.decision,
        validated_on=asked.on,
    )
