"""Subscriptions, and the numbers of their feeds."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from contracts.http.exchange.subscriptions import Subscribe
from services.chassis.database import Connection
from services.exchange.model.subscriptions import DeliveryRow, SubscriptionRow
from services.exchange.store.queries import SQL


class FeedLock(msgspec.Struct, frozen=True):
    """Columns of `lock_feeds`."""

    subscription: UUID
    through_seq: int
    last_subseq: int
    gap_subseq: int
    snapshots: list[UUID]


class AckedRow(msgspec.Struct, frozen=True):
    """Columns of `ack_feed`."""

    acked: int
    last_subseq: int


class Numbered(msgspec.Struct, frozen=True):
    """One line of `add_deliveries`, in its order."""

    subscription: UUID
    subseq: int
    stream_seq: int
    event_id: str


class Moved(msgspec.Struct, frozen=True):
    """One line of `move_feeds`, in its order."""

    subscription: UUID
    through_seq: int
    last_subseq: int


ROWS: dict[str, type[msgspec.Struct]] = {
    "subscription": SubscriptionRow,
    "subscriptions": SubscriptionRow,
    "subscriptions_named": SubscriptionRow,
    "subscriptions_of_channels": SubscriptionRow,
    "lock_feeds": FeedLock,
    "deliveries": DeliveryRow,
    "ack_feed": AckedRow,
}


async def add(
    connection: Connection,
    subscription: UUID,
    institution: str,
    asked: Subscribe,
    *,
    status: str,
    start_seq: int,
    now: datetime,
) -> None:
    """Keep a subscription and start its feed; the same id again changes nothing."""
    await connection.execute(
        SQL["add_subscription"],
        subscription,
        institution,
        asked.channel.value,
        asked.coordinations,
        asked.types,
        asked.areas,
        asked.themes,
        asked.publics,
        asked.payload.value,
        asked.url,
        asked.batch_max,
        status,
        now,
        asked.expires_at,
    )
    await connection.execute(SQL["add_feed"], subscription, start_seq)


async def one(connection: Connection, subscription: UUID) -> SubscriptionRow | None:
    """Return a subscription, None when there is none."""
    row = await connection.fetchrow(SQL["subscription"], subscription)
    return SubscriptionRow(*row) if row else None


async def page(
    connection: Connection,
    *,
    institution: str | None,
    coordinations: list[str] | None,
    after: UUID | None,
    most: int,
) -> list[SubscriptionRow]:
    """Return subscriptions, oldest first."""
    rows = await connection.fetch(SQL["subscriptions"], institution, coordinations, after, most)
    return [SubscriptionRow(*row) for row in rows]


async def named(connection: Connection, subscriptions: Sequence[UUID]) -> list[SubscriptionRow]:
    """Return those of these ids that still exist."""
    rows = await connection.fetch(SQL["subscriptions_named"], subscriptions)
    return [SubscriptionRow(*row) for row in rows]


async def of_channels(
    connection: Connection, channels: Sequence[str], statuses: Sequence[str]
) -> list[SubscriptionRow]:
    """Return those that may be delivered by these channels."""
    rows = await connection.fetch(SQL["subscriptions_of_channels"], channels, statuses)
    return [SubscriptionRow(*row) for row in rows]


async def count(connection: Connection, institution: str) -> int:
    """Return how many an institution has."""
    found: int = await connection.fetchval(SQL["count_subscriptions"], institution)
    return found


async def next_attempts(connection: Connection, coordination: str) -> dict[str, datetime]:
    """Return when each institution's webhooks are tried again, where one failed."""
    rows = await connection.fetch(SQL["next_attempts"], coordination)
    return {row["institution"]: row["next_attempt_at"] for row in rows}


async def set_status(
    connection: Connection, subscription: UUID, status: str, *, reason: str | None = None
) -> None:
    """Pause, resume, disable or open."""
    await connection.execute(SQL["set_subscription_status"], subscription, status, reason)


async def set_expiry(
    connection: Connection, subscription: UUID, expires_at: datetime | None
) -> None:
    """Give a subscription another end."""
    await connection.execute(SQL["set_subscription_expiry"], subscription, expires_at)


async def rotate_key(connection: Connection, subscription: UUID, *, until: datetime) -> None:
    """Sign with the next secret from now on, and with the one before until `until`."""
    await connection.execute(SQL["rotate_subscription_key"], subscription, until)


async def drop(connection: Connection, subscription: UUID) -> None:
    """Forget a subscription, its feed and its numbers."""
    await connection.execute(SQL["drop_subscription"], subscription)


async def lock(connection: Connection, subscriptions: Sequence[UUID]) -> dict[UUID, FeedLock]:
    """Hold feeds until the transaction ends, and return where each is."""
    rows = await connection.fetch(SQL["lock_feeds"], subscriptions)
    return {row["subscription"]: FeedLock(*row) for row in rows}


async def number(connection: Connection, lines: Sequence[Numbered], moved: Sequence[Moved]) -> None:
    """Give the next numbers of feeds, and say how far each is read."""
    if lines:
        columns = zip(*map(msgspec.structs.astuple, lines), strict=True)
        await connection.execute(SQL["add_deliveries"], *map(list, columns))
    if moved:
        columns = zip(*map(msgspec.structs.astuple, moved), strict=True)
        await connection.execute(SQL["move_feeds"], *map(list, columns))


async def deliveries(
    connection: Connection, subscription: UUID, *, after: int, until: int, most: int
) -> list[DeliveryRow]:
    """Return what the numbers of a feed are, in order."""
    rows = await connection.fetch(SQL["deliveries"], subscription, after, until, most)
    return [DeliveryRow(*row) for row in rows]


async def feeds_after(connection: Connection, after: UUID, *, most: int) -> list[UUID]:
    """Return a page of feeds, in order."""
    rows = await connection.fetch(SQL["feeds_after"], after, most)
    return [row["subscription"] for row in rows]


async def forget(
    connection: Connection,
    subscriptions: Sequence[UUID],
    *,
    first_seq: int,
    before: datetime,
    most: int,
) -> int:
    """Forget the oldest numbers of feeds that may be forgotten, and return how many."""
    rows = await connection.fetch(SQL["forget_deliveries"], subscriptions, first_seq, before, most)
    return len(rows)


async def ack(connection: Connection, subscription: UUID, through: int) -> AckedRow:
    """Confirm numbers up to `through`; an older word changes nothing."""
    row = await connection.fetchrow(SQL["ack_feed"], subscription, through)
    assert row is not None, "a subscription has a feed"
    return AckedRow(*row)


async def tell_success(
    connection: Connection, subscription: UUID, through: int, *, messages: int, now: datetime
) -> None:
    """Note that a message reached its endpoint."""
    await connection.execute(SQL["tell_success"], subscription, through, messages, now)


async def tell_failure(
    connection: Connection,
    subscription: UUID,
    reason: str,
    *,
    now: datetime,
    next_attempt_at: datetime | None,
) -> None:
    """Note that a message did not reach its endpoint."""
    await connection.execute(SQL["tell_failure"], subscription, reason, now, next_attempt_at)


async def forget_attempts(connection: Connection, subscription: UUID) -> None:
    """Begin the table of attempts anew."""
    await connection.execute(SQL["forget_attempts"], subscription)


async def restart(
    connection: Connection, subscription: UUID, start_seq: int, *, anew: bool
) -> None:
    """Read the stream again from a place; `anew` counts from nothing too."""
    await connection.execute(SQL["restart_feed"], subscription, start_seq, anew)


async def note_snapshot(
    connection: Connection, subscription: UUID, snapshot: UUID, *, through: int
) -> None:
    """Remember a snapshot that was asked for what is lost up to a number."""
    await connection.execute(SQL["note_snapshot"], subscription, snapshot, through)


async def owe(connection: Connection, subscription: UUID, seq: int | None) -> None:
    """Remember the oldest message that a subscriber over NATS has not confirmed."""
    await connection.execute(SQL["owe"], subscription, seq)


async def tell_beats(connection: Connection, counts: dict[UUID, int]) -> None:
    """Remember the count that each subscriber was last told."""
    await connection.execute(SQL["tell_beats"], list(counts), list(counts.values()))
