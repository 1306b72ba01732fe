"""Hand facts to the outbox in the same transaction as the change they tell of."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from contracts.envelope import Cause, Event, Fact
from contracts.streams import MESSAGE_BYTES_MAX, subject_of
from services.chassis.database import SQL, Connection

_ENCODER = msgspec.json.Encoder()
_UNSENDABLE = re.compile(r"\s|\.\.|[*>]|^\.|\.$")
_HEADER_BYTES = 4096
DATA_BYTES_MAX = MESSAGE_BYTES_MAX - _HEADER_BYTES


async def put(
    connection: Connection,
    facts: Sequence[Fact],
    *,
    source: str,
    now: datetime,
    new_id: Callable[[], UUID],
    cause: Event | Cause | None = None,
    causes: Sequence[Cause | None] | None = None,
) -> list[UUID]:
    """Store `facts` for publication, in order, and return their event ids.

    They leave only if the transaction commits. The caller holds the row of each aggregate, so
    that two facts of one aggregate cannot take the same version. They all answer `cause`, or
    each the one of its place in `causes`.
    """
    assert connection.is_in_transaction(), "a fact outside a transaction can be lost or untrue"
    if not facts:
        return []
    data = [_ENCODER.encode(fact) for fact in facts]
    assert max(map(len, data)) <= DATA_BYTES_MAX, "a fact larger than a message never leaves"
    subjects = [subject_of(fact) for fact in facts]
    assert not any(map(_UNSENDABLE.search, subjects)), "the relay would stop at such a subject"
    event_ids = [new_id() for _ in facts]
    answered = causes if causes is not None else [cause] * len(facts)
    await connection.execute(
        SQL["put_facts"],
        event_ids,
        [fact.aggregate for fact in facts],
        subjects,
        [fact.TYPE for fact in facts],
        data,
        [one.id if one else None for one in answered],
        [(one.correlationid or one.id) if one else None for one in answered],
        source,
        now,
    )
    return event_ids
