"""Give numbers to what feeds get. Each command is part of one transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from contracts.events.exchange.feeds import Heartbeat
from services.chassis import outbox
from services.chassis.database import Connection
from services.exchange.model.subscriptions import Published, SubscriptionRow
from services.exchange.model.webhooks import ATTEMPTS, next_attempt
from services.exchange.store import subscriptions as store

SOURCE = "urn:ctin:service:exchange"
NewId = Callable[[], UUID]
OTHER_SECRET_HOURS = 24


class Advance(msgspec.Struct, frozen=True, kw_only=True):
    """What a feed at a place is to get next; `kept` tells whether each number is written down."""

    subscription: UUID
    kept: bool
    from_seq: int
    through_seq: int
    messages: Sequence[Published]


class Advanced(msgspec.Struct, frozen=True, kw_only=True):
    """What was numbered on a feed, from which number on."""

    subscription: UUID
    first_subseq: int
    messages: Sequence[Published]


async def number(connection: Connection, asked: Sequence[Advance]) -> list[Advanced]:
    """Number messages on feeds; a feed that moved meanwhile is left as it is, and not returned."""
    async with connection.transaction():
        held = await store.lock(connection, [one.subscription for one in asked])
        lines: list[store.Numbered] = []
        moved: list[store.Moved] = []
        done: list[Advanced] = []
        for one in asked:
            feed = held.get(one.subscription)
            if feed is None or feed.through_seq != one.from_seq:
                continue
            first = feed.last_subseq + 1
            if one.kept:
                lines += [
                    store.Numbered(one.subscription, subseq, message.seq, event_id(message))
                    for subseq, message in enumerate(one.messages, start=first)
                ]
            last = feed.last_subseq + len(one.messages)
            moved.append(store.Moved(one.subscription, one.through_seq, last))
            done.append(
                Advanced(subscription=one.subscription, first_subseq=first, messages=one.messages)
            )
        await store.number(connection, lines, moved)
    return done


async def beat(
    connection: Connection, rows: Sequence[SubscriptionRow], *, now: datetime, new_id: NewId
) -> None:
    """Tell subscribers that pull over NATS how many messages are theirs, when it changed."""
    fresh = [row for row in rows if row.last_subseq != row.beaten]
    facts = [
        Heartbeat(
            coordination=row.coordinations[0],
            institution=row.institution,
            subscription=row.subscription,
            start_seq=row.start_seq,
            through_seq=row.through_seq,
            matching=row.last_subseq,
        )
        for row in fresh
    ]
    async with connection.transaction():
        held = await store.lock(connection, sorted(row.subscription for row in fresh))
        assert len(held) <= len(fresh), "each is held once"
        await store.tell_beats(connection, {row.subscription: row.last_subseq for row in fresh})
        await outbox.put(connection, facts, source=SOURCE, now=now, new_id=new_id)


def event_id(message: Published) -> str:
    """Return the id under which a message is remembered once its content is gone."""
    event = message.event()
    return event.id if event else str(message.seq)


async def tell_success(
    connection: Connection, subscription: UUID, through: int, *, messages: int, now: datetime
) -> None:
    """Note that a message ending at number `through` reached its endpoint."""
    await store.tell_success(connection, subscription, through, messages=messages, now=now)


async def tell_failure(
    connection: Connection, subscription: UUID, reason: str, *, attempts: int, now: datetime
) -> None:
    """Note a failed attempt; after the last of the table the subscription waits for its owner."""
    again = next_attempt(attempts, now=now)
    async with connection.transaction():
        await store.tell_failure(connection, subscription, reason, now=now, next_attempt_at=again)
        if again is None:
            told = f"{ATTEMPTS} tentatives ont échoué ; la dernière : {reason}"
            await store.set_status(connection, subscription, "disabled", reason=told)


async def disable(connection: Connection, subscription: UUID, reason: str) -> None:
    """Stop a subscription until its owner resumes it."""
    await store.set_status(connection, subscription, "disabled", reason=reason)


async def open_endpoint(connection: Connection, subscription: UUID, *, now: datetime) -> None:
    """Begin to deliver: the endpoint answered the handshake."""
    async with connection.transaction():
        await store.set_status(connection, subscription, "active")
        await store.tell_success(connection, subscription, 0, messages=1, now=now)


async def rotate_secret(connection: Connection, subscription: UUID, *, now: datetime) -> None:
    """Sign with the next secret; the one before still signs for a day."""
    until = now + timedelta(hours=OTHER_SECRET_HOURS)
    await store.rotate_key(connection, subscription, until=until)
