"""Tell an institution what becomes of the needs it reported."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from contracts.envelope import Fact
from contracts.events.diagnostics.needs import NeedClosed, NeedState, NeedTakenInCharge
from contracts.events.exchange import NeedFollowed
from services.chassis import outbox
from services.chassis.database import Connection
from services.exchange import store

SOURCE = "urn:ctin:service:exchange"


async def tell_senders(
    connection: Connection,
    facts: Sequence[NeedTakenInCharge | NeedClosed],
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> None:
    """Tell each sender in its own stream; what people reported by hand is told to no institution.

    Facts of one need come in order: they are of one aggregate, taken by one consumer.
    """
    admitted = {row.institution for row in await store.partners(connection)}
    told: list[Fact] = [
        NeedFollowed(
            coordination=fact.coordination,
            institution=fact.institution,
            signal_id=fact.signal_id,
            state=NeedState.CLOSED if isinstance(fact, NeedClosed) else NeedState.TAKEN_IN_CHARGE,
            organization=fact.organization,
            outcome=fact.outcome if isinstance(fact, NeedClosed) else None,
            at=fact.closed_at if isinstance(fact, NeedClosed) else fact.taken_at,
        )
        for fact in facts
        if fact.institution in admitted
    ]
    await outbox.put(connection, told, source=SOURCE, now=now, new_id=new_id)
