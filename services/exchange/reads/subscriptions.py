"""Questions about subscriptions and their feeds."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from contracts.events.exchange.feeds import GapTold, Heartbeat
from contracts.http.exchange.subscriptions import Channel
from contracts.streams import filter_of
from services.chassis.database import Connection
from services.exchange.errors.subscriptions import NoSuchSubscription
from services.exchange.model import subscriptions as rules
from services.exchange.model.days import day_of
from services.exchange.model.subscriptions import DeliveryRow, SubscriptionRow
from services.exchange.store import agreements
from services.exchange.store import subscriptions as store


async def found(connection: Connection, subscription: UUID) -> SubscriptionRow | None:
    """Return a subscription, None when there is none."""
    return await store.one(connection, subscription)


async def owned(
    connection: Connection, subscription: UUID, *, institution: str | None
) -> SubscriptionRow:
    """Return a subscription of an institution; None stands for whoever may see all.

    Raises:
        NoSuchSubscription: there is none, or it is another's.
    """
    row = await store.one(connection, subscription)
    if row is None or institution not in {None, row.institution}:
        raise NoSuchSubscription(subscription)
    return row


async def named(connection: Connection, subscriptions: Sequence[UUID]) -> list[SubscriptionRow]:
    """Return those of these ids that still exist."""
    return await store.named(connection, subscriptions)


async def page(
    connection: Connection,
    *,
    institution: str | None,
    coordinations: list[str] | None,
    after: UUID | None,
    most: int,
) -> tuple[list[SubscriptionRow], UUID | None]:
    """Return subscriptions, oldest first, and the one to go on from, None at the end."""
    rows = await store.page(
        connection,
        institution=institution,
        coordinations=coordinations,
        after=after,
        most=most + 1,
    )
    return rows[:most], rows[most - 1].subscription if len(rows) > most else None


async def deliveries(
    connection: Connection, subscription: UUID, *, after: int, until: int, most: int
) -> list[DeliveryRow]:
    """Return what the numbers of a feed are, in order."""
    return await store.deliveries(connection, subscription, after=after, until=until, most=most)


async def feeds_after(connection: Connection, after: UUID, *, most: int) -> list[UUID]:
    """Return a page of feeds, in order."""
    return await store.feeds_after(connection, after, most=most)


async def webhooks(connection: Connection) -> list[SubscriptionRow]:
    """Return the subscriptions whose endpoint is to be sent something, the handshake included."""
    return await store.of_channels(connection, [Channel.WEBHOOK], ["pending", "active"])


class WantedDurable(msgspec.Struct, frozen=True):
    """What a subscription's durable is to be; without `filters` nothing is open to it now."""

    institution: str
    filters: list[str]
    start_seq: int
    paused: bool


async def durables(connection: Connection, *, now: datetime) -> dict[str, WantedDurable]:
    """Return the durables that subscriptions need now, by name.

    Heartbeats and gap notices of the institution come by them too.
    """
    agreed = await agreements(connection)
    wanted: dict[str, WantedDurable] = {}
    statuses = ["active", "paused", "disabled"]
    for row in await store.of_channels(connection, [Channel.NATS], statuses):
        opened = rules.opening(row.institution, agreed, today=day_of(now))
        filters = rules.filters(row, opened)
        name = rules.durable_of(row.institution, row.subscription)
        told = [filter_of(one, area=row.institution) for one in (Heartbeat, GapTold)]
        beats = told if filters else []
        paused = not rules.is_deliverable(row, opened, now=now)
        wanted[name] = WantedDurable(row.institution, [*filters, *beats], row.start_seq, paused)
    return wanted


async def visited(connection: Connection) -> list[SubscriptionRow]:
    """Return the active subscriptions that nobody may be reading now."""
    channels = [Channel.HTTP, Channel.SSE, Channel.WEBHOOK]
    return await store.of_channels(connection, channels, ["active"])


async def pulled(connection: Connection) -> list[SubscriptionRow]:
    """Return the active subscriptions of the channel `nats`."""
    return await store.of_channels(connection, [Channel.NATS], ["active"])
