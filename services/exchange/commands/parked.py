"""Freeze sets of events that were set aside, and write what became of each."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from contracts.http.exchange.parked import AskRedrive, ChosenEvent
from contracts.http.upkeep import Settled
from services.chassis.database import Connection
from services.exchange.store import parked as store

GONE = "gone"


async def freeze(
    connection: Connection,
    asked: AskRedrive,
    events: Sequence[ChosenEvent],
    *,
    who: str,
    now: datetime,
) -> None:
    """Keep the set that someone deals with, once: the same id again changes nothing."""
    async with connection.transaction():
        await store.add_redrive(connection, asked, events, who=who, now=now)


async def note(
    connection: Connection,
    redrive_id: UUID,
    event: ChosenEvent,
    settled: Sequence[Settled],
    *,
    now: datetime,
) -> None:
    """Write what became of an event of a set, and of those of the set that followed it."""
    async with connection.transaction():
        for one in settled:
            chosen = ChosenEvent(
                service=event.service, consumer=event.consumer, event_id=one.event_id
            )
            is_own = one.event_id == event.event_id
            await store.note_outcome(
                connection,
                redrive_id,
                chosen,
                outcome=one.state,
                error=one.error,
                behind=len(settled) - 1 if is_own else 0,
            )
        outcome, error = GONE, None
        if settled:  # One before it failed again, so it was not tried.
            outcome, error = "parked", settled[-1].error
        await store.note_outcome(
            connection, redrive_id, event, outcome=outcome, error=error, behind=0
        )
        await store.finish_redrive(connection, redrive_id, now=now)
