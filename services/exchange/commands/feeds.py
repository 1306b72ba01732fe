"""Give numbers to what feeds get. Each command is part of one transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from contracts.events.exchange.feeds import GapTold, Heartbeat
from services.chassis import outbox
from services.chassis.database import Connection
from services.exchange.model.snapshots import Lost
from services.exchange.model.subscriptions import Published, SubscriptionRow
from services.exchange.model.webhooks import ATTEMPTS, next_attempt
from services.exchange.store import subscriptions as store

SOURCE = "urn:ctin:service:exchange"
NewId = Callable[[], UUID]
OTHER_SECRET_HOURS = 24
FORGOTTEN_MAX = 500
"""Numbers of one feed that are forgotten in one transaction."""


class Advance(msgspec.Struct, frozen=True, kw_only=True):
    """What a feed at a place is to get next; `kept` tells whether each number is written down.

    `lost` asks for a snapshot, when what stood before it is past retention: it takes one number,
    at which nothing stands.
    """

    subscription: UUID
    kept: bool
    snapshots: Sequence[UUID]
    from_seq: int
    through_seq: int
    messages: Sequence[Published]
    lost: Lost | None = None


class Advanced(msgspec.Struct, frozen=True, kw_only=True):
    """What was numbered on a feed, from which number on."""

    subscription: UUID
    first_subseq: int
    messages: Sequence[Published]


async def number(
    connection: Connection, asked: Sequence[Advance], *, now: datetime, new_id: NewId
) -> list[Advanced]:
    """Number messages on feeds; a feed that moved meanwhile is left as it is, and not returned.

    So is one that was asked a snapshot for: what was read of the stream was looked at without it.
    """
    async with connection.transaction():
        held = await store.lock(connection, [one.subscription for one in asked])
        lines: list[store.Numbered] = []
        moved: list[store.Moved] = []
        done: list[Advanced] = []
        for one in asked:
            feed = held.get(one.subscription)
            if feed is None or feed.through_seq != one.from_seq:
                continue
            if feed.snapshots != one.snapshots:
                continue
            first = feed.last_subseq + 1
            if one.lost is not None:
                await _ask(connection, one.subscription, one.lost, first, now=now, new_id=new_id)
                first += 1
            if one.kept:
                lines += [
                    store.Numbered(one.subscription, subseq, message.seq, event_id(message))
                    for subseq, message in enumerate(one.messages, start=first)
                ]
            last = first - 1 + len(one.messages)
            moved.append(store.Moved(one.subscription, one.through_seq, last))
            done.append(
                Advanced(subscription=one.subscription, first_subseq=first, messages=one.messages)
            )
        await store.number(connection, lines, moved)
    return done


async def _ask(
    connection: Connection,
    subscription: UUID,
    lost: Lost,
    through: int,
    *,
    now: datetime,
    new_id: NewId,
) -> None:
    await store.note_snapshot(connection, subscription, lost.snapshot, through=through)
    await outbox.put(connection, lost.asked, source=SOURCE, now=now, new_id=new_id)


async def ask_snapshot(
    connection: Connection,
    subscription: UUID,
    lost: Lost,
    *,
    through: int,
    now: datetime,
    new_id: NewId,
) -> None:
    """Ask for the present state once, in the place of what is lost up to a number of a feed."""
    async with connection.transaction():
        held = await store.lock(connection, [subscription])
        if subscription in held and held[subscription].gap_subseq < through:
            await _ask(connection, subscription, lost, through, now=now, new_id=new_id)


async def tell_gap(
    connection: Connection,
    row: SubscriptionRow,
    lost: Lost,
    *,
    first_seq: int,
    now: datetime,
    new_id: NewId,
) -> None:
    """Tell a subscriber over NATS what it lost, and count anew from what is left."""
    assert row.owed_seq is not None, "something was owed"
    fact = GapTold(
        coordination=row.coordinations[0],
        institution=row.institution,
        subscription=row.subscription,
        snapshot=lost.snapshot,
        from_seq=row.owed_seq,
        to_seq=first_seq - 1,
    )
    async with connection.transaction():
        held = await store.lock(connection, [row.subscription])
        if row.subscription not in held or held[row.subscription].snapshots != row.snapshots:
            return
        await store.owe(connection, row.subscription, None)
        await store.restart(connection, row.subscription, first_seq, anew=True)
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
        await _ask(connection, row.subscription, lost, 0, now=now, new_id=new_id)


async def owe(connection: Connection, subscription: UUID, seq: int | None) -> None:
    """Remember the oldest message that a subscriber over NATS has not confirmed."""
    await store.owe(connection, subscription, seq)


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


async def forget_numbers(
    connection: Connection, subscriptions: Sequence[UUID], *, first_seq: int, before: datetime
) -> int:
    """Forget some numbers of feeds, confirmed before an instant or past retention."""
    return await store.forget(
        connection, subscriptions, first_seq=first_seq, before=before, most=FORGOTTEN_MAX
    )


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
