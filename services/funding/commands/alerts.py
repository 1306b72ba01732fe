"""Raise what there is to look at, once, and clear what is over."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from contracts.envelope import Fact
from contracts.events.funding import AlertCleared, AlertRaised
from contracts.events.funding.alerts import AlertKind
from services.chassis import outbox
from services.chassis.database import Connection
from services.funding.commands.posting import SOURCE
from services.funding.model import alerts
from services.funding.store import watch as rows


async def watch(
    connection: Connection,
    coordination: str,
    *,
    day: date,
    now: datetime,
    new_id: Callable[[], UUID],
) -> None:
    """Tell the other services what began and what ended of a coordination's alerts by a day.

    Done again, or by two processes at once, it tells nothing twice.
    """
    async with connection.transaction():
        state = await rows.watched(connection, coordination, day=day)
        found = {one.key: one for one in alerts.evaluate(state, day)}
        before = await rows.raised(connection, coordination)
        facts: list[Fact] = []
        for key in sorted(found.keys() - before.keys()):
            one = found[key]
            if await rows.raise_alert(connection, coordination, new_id(), one, day=day):
                facts.append(
                    AlertRaised(
                        coordination=coordination,
                        key=key,
                        kind=one.kind,
                        about=one.about,
                        raised_on=day,
                        due_on=one.due_on,
                        amount_cents=one.amount_cents,
                    )
                )
        for key in sorted(before.keys() - found.keys()):
            if await rows.clear_alert(connection, coordination, key, day=day):
                told = before[key]
                facts.append(
                    AlertCleared(
                        coordination=coordination,
                        key=key,
                        kind=AlertKind(told.kind),
                        about=told.about,
                        cleared_on=day,
                    )
                )
        await outbox.put(connection, facts, source=SOURCE, now=now, new_id=new_id)


async def coordinations(connection: Connection) -> list[str]:
    """Return every coordination that has something to watch."""
    return await rows.coordinations(connection)
