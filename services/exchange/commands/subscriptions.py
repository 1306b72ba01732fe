"""Subscribe, change, end. Each command is part of one transaction."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from contracts import privacy
from contracts.http.exchange.subscriptions import (
    ChangeSubscription,
    Channel,
    PayloadLevel,
    Subscribe,
)
from services.chassis.database import Connection
from services.exchange.errors.subscriptions import (
    DoesNotFit,
    IsOver,
    NotOpen,
    NotPublished,
    SubscriptionDiffers,
    TooManySubscriptions,
)
from services.exchange.model import EVERYWHERE, webhooks
from services.exchange.model import subscriptions as rules
from services.exchange.model.days import day_of
from services.exchange.model.subscriptions import Opening, SubscriptionRow
from services.exchange.store import agreements
from services.exchange.store import subscriptions as store

NewId = Callable[[], UUID]


async def subscribe(
    connection: Connection,
    institution: str,
    asked: Subscribe,
    *,
    subscription: UUID,
    start_seq: int,
    loopback: bool,
    now: datetime,
) -> SubscriptionRow:
    """Keep what an institution wants to be told, if its agreements open all of it.

    The same id with the same wish answers what it has become. A webhook waits for its endpoint
    to answer the handshake.

    Raises:
        SubscriptionDiffers: the id stands for another wish.
        NotOpen: an agreement in force is missing.
        NotPublished: a type is internal.
        DoesNotFit: a field does not go with the channel.
        TooManySubscriptions: the institution has as many as it may.
    """
    async with connection.transaction():
        known = await store.one(connection, subscription)
        if known is not None:
            if not _same(known, institution, asked):
                raise SubscriptionDiffers
            return known
        fits(asked, loopback=loopback, now=now)
        opened = rules.opening(institution, await agreements(connection), today=day_of(now))
        _must_open(asked, opened)
        if await store.count(connection, institution) >= rules.SUBSCRIPTIONS_MAX:
            raise TooManySubscriptions(rules.SUBSCRIPTIONS_MAX)
        status = "pending" if asked.channel is Channel.WEBHOOK else "active"
        await store.add(
            connection,
            subscription,
            institution,
            asked,
            status=status,
            start_seq=start_seq,
            now=now,
        )
        made = await store.one(connection, subscription)
        assert made is not None, "it was just made"
        return made


def _same(known: SubscriptionRow, institution: str, asked: Subscribe) -> bool:
    return (
        known.institution == institution
        and known.channel == asked.channel
        and known.coordinations == asked.coordinations
        and known.types == asked.types
        and known.areas == asked.areas
        and known.themes == asked.themes
        and known.publics == asked.publics
        and known.payload == asked.payload
        and known.url == asked.url
        and known.batch_max == asked.batch_max
    )


def fits(asked: Subscribe, *, loopback: bool, now: datetime) -> None:
    """Refuse what no subscription can be, whoever asks for it.

    Raises:
        NotPublished: a type is internal.
        DoesNotFit: a field does not go with the channel.
        IsOver: it would be over before it begins.
    """
    for kind in asked.types:
        if not rules.published_types([kind]):
            raise NotPublished(kind)
    if asked.expires_at is not None and asked.expires_at <= now:
        raise IsOver
    if (asked.channel is Channel.WEBHOOK) != (asked.url is not None):
        raise DoesNotFit("url", "Le canal webhook, et lui seul, demande une adresse « url ».")
    if asked.url is not None:
        fault = webhooks.url_fault(asked.url, loopback=loopback)
        if fault or privacy.scan(asked.url):
            raise DoesNotFit("url", fault or "L'adresse porte une donnée personnelle ; retirez-la.")
    if asked.channel is Channel.NATS:
        if asked.themes or asked.publics:
            raise DoesNotFit("themes", "Le canal nats ne filtre ni par thème ni par public.")
        if asked.payload is not PayloadLevel.FULL:
            raise DoesNotFit("payload", "Le canal nats livre des événements entiers.")


def _must_open(asked: Subscribe, opened: Opening) -> None:
    for coordination in asked.coordinations:
        for kind in asked.types:
            areas = opened.areas.get((coordination, kind))
            if areas is None:
                raise NotOpen("coordinations", f"{kind}, {coordination}")
            for area in asked.areas:
                if EVERYWHERE not in areas and f"c{area}" not in areas:
                    raise NotOpen("areas", f"{area}, {coordination}")


async def change(
    connection: Connection,
    row: SubscriptionRow,
    asked: ChangeSubscription,
    *,
    start_seq: int | None,
) -> None:
    """Pause, resume, start from another place, or give another end.

    Resuming begins the table of attempts anew; a webhook that never answered its handshake is
    asked again.
    """
    async with connection.transaction():
        if asked.paused is True:
            await store.set_status(connection, row.subscription, "paused")
        elif asked.paused is False:
            waits = row.channel == Channel.WEBHOOK and row.sent == 0
            status = "pending" if waits else "active"
            await store.set_status(connection, row.subscription, status)
            await store.forget_attempts(connection, row.subscription)
        if asked.expires_at is not None:
            await store.set_expiry(connection, row.subscription, asked.expires_at)
        if start_seq is not None:
            anew = row.channel == Channel.NATS
            await store.restart(connection, row.subscription, start_seq, anew=anew)


async def end(connection: Connection, subscription: UUID) -> None:
    """Forget a subscription, its feed and its numbers."""
    await store.drop(connection, subscription)


async def acknowledge(connection: Connection, subscription: UUID, through: int) -> tuple[int, int]:
    """Confirm a feed up to a number; return how far it is confirmed and numbered."""
    row = await store.ack(connection, subscription, through)
    return row.acked, row.last_subseq
