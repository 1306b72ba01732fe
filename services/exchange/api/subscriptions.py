"""Subscriptions as resources: what an institution wants to be told, and how it goes."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

from litestar import Controller, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import HeaderParameter, JSONBody, Parameter

from contracts.http.exchange.subscriptions import (
    ChangeSubscription,
    Channel,
    PayloadLevel,
    Start,
    Subscribe,
    Subscription,
    Subscriptions,
    SubscriptionStatus,
)
from contracts.values import Role
from services.chassis import ids
from services.chassis.database import Connection
from services.chassis.http import PAGE_MAX, TheService
from services.chassis.policies import Asking, Policy
from services.chassis.tokens import EVERY_COORDINATION, Caller
from services.exchange.commands import feeds as numbering
from services.exchange.commands import subscriptions as commands
from services.exchange.errors.subscriptions import (
    NoSuchSubscription,
    NotASubscriber,
    NotOpen,
    NoWebhooks,
    OtherChannel,
)
from services.exchange.lane import Feeds
from services.exchange.model import subscriptions as rules
from services.exchange.model import webhooks
from services.exchange.model.subscriptions import SubscriptionRow
from services.exchange.reads import subscriptions as reads
from services.exchange.settings import Settings

SUBSCRIBE = Policy("s'abonner", frozenset({Role.INSTITUTION, Role.DATA_OFFICER}))
LOOK = Policy(
    "suivre les abonnements", SUBSCRIBE.roles | {Role.COORDINATOR, Role.SECRETARY, Role.OPERATOR}
)
TheFeeds = NamedDependency[Feeds]
IdempotencyKey = Annotated[str | None, HeaderParameter(name="Idempotency-Key", max_length=200)]


def institution_of(caller: Caller) -> str:
    """Return the institution a token speaks for.

    Raises:
        NotASubscriber: it speaks for none.
    """
    if not caller.organization:
        raise NotASubscriber
    return caller.organization


async def own(connection: Connection, caller: Caller, subscription: UUID) -> SubscriptionRow:
    """Return a subscription of the caller's institution, in coordinations its token opens.

    Raises:
        NoSuchSubscription: there is none, or it is another's.
    """
    row = await reads.owned(connection, subscription, institution=institution_of(caller))
    if not all(map(caller.may_enter, row.coordinations)):
        raise NoSuchSubscription(subscription)
    return row


class SubscriptionRoutes(Controller):
    """Make, look at, change and end subscriptions."""

    tags = ("Abonnements",)

    @post("/v1/subscriptions", opt=SUBSCRIBE.opt())
    async def subscribe(
        self,
        request: Asking,
        service: TheService,
        feeds: TheFeeds,
        data: JSONBody[Subscribe],
        key: IdempotencyKey = None,
    ) -> Subscription:
        """Subscribe; a webhook's answer tells the secret its messages are signed with."""
        assert isinstance(service.settings, Settings)
        caller = request.user
        institution = institution_of(caller)
        for coordination in data.coordinations:
            if not caller.may_enter(coordination):
                raise NotOpen("coordinations", coordination)
        if data.channel is Channel.WEBHOOK and service.settings.webhook_key_file is None:
            raise NoWebhooks
        loopback = service.settings.webhooks_to_loopback
        commands.fits(data, loopback=loopback, now=ids.now())
        named = ids.from_key(f"{institution}:{caller.sub}", f"subscription:{key}") if key else None
        start_seq = await _start(feeds, data.start)
        async with service.write() as connection:
            row = await commands.subscribe(
                connection,
                institution,
                data,
                subscription=named or ids.new_id(),
                start_seq=start_seq,
                loopback=loopback,
                now=ids.now(),
            )
        feeds.changed()
        return await _shown(feeds, row, secret=_secret(service.settings, row))

    @get("/v1/subscriptions", opt=LOOK.opt())
    async def subscriptions(
        self,
        request: Asking,
        service: TheService,
        feeds: TheFeeds,
        limit: Annotated[int, Parameter(ge=1, le=PAGE_MAX)] = 50,
        cursor: UUID | None = None,
    ) -> Subscriptions:
        """Return subscriptions, oldest first: an institution's own, or those of a coordination."""
        caller = request.user
        every = caller.coordination == EVERY_COORDINATION
        async with service.read() as connection:
            rows, more = await reads.page(
                connection,
                institution=_held_to(caller),
                coordinations=None if every else [caller.coordination],
                after=cursor,
                most=limit,
            )
        return Subscriptions(
            items=[await _shown(feeds, row) for row in rows], cursor=str(more) if more else None
        )

    @get("/v1/subscriptions/{subscription:uuid}", opt=LOOK.opt())
    async def subscription(
        self, request: Asking, service: TheService, feeds: TheFeeds, subscription: UUID
    ) -> Subscription:
        """Return one subscription and how its deliveries go."""
        caller = request.user
        async with service.read() as connection:
            row = await reads.owned(connection, subscription, institution=_held_to(caller))
        if not all(map(caller.may_enter, row.coordinations)):
            raise NoSuchSubscription(subscription)
        return await _shown(feeds, row)

    @patch("/v1/subscriptions/{subscription:uuid}", opt=SUBSCRIBE.opt())
    async def change(
        self,
        request: Asking,
        service: TheService,
        feeds: TheFeeds,
        subscription: UUID,
        data: JSONBody[ChangeSubscription],
    ) -> Subscription:
        """Pause, resume, replay from another place, or give another end."""
        start_seq = await _start(feeds, data.start) if data.start else None
        async with service.write() as connection:
            row = await own(connection, request.user, subscription)
            await commands.change(connection, row, data, start_seq=start_seq)
            row = await own(connection, request.user, subscription)
        feeds.changed()
        feeds.wake(subscription)
        return await _shown(feeds, row)

    @delete("/v1/subscriptions/{subscription:uuid}", opt=SUBSCRIBE.opt())
    async def end(
        self, request: Asking, service: TheService, feeds: TheFeeds, subscription: UUID
    ) -> None:
        """End a subscription; its numbers are forgotten."""
        async with service.write() as connection:
            await own(connection, request.user, subscription)
            await commands.end(connection, subscription)
        feeds.changed()
        feeds.wake(subscription)

    @post("/v1/subscriptions/{subscription:uuid}/secret", opt=SUBSCRIBE.opt(), status_code=200)
    async def rotate(
        self, request: Asking, service: TheService, feeds: TheFeeds, subscription: UUID
    ) -> Subscription:
        """Sign with a new secret, told here; for a day messages carry both signatures."""
        assert isinstance(service.settings, Settings)
        async with service.write() as connection:
            row = await own(connection, request.user, subscription)
            if row.channel != Channel.WEBHOOK:
                raise OtherChannel(row.channel)
            await numbering.rotate_secret(connection, subscription, now=ids.now())
            row = await own(connection, request.user, subscription)
        return await _shown(feeds, row, secret=_secret(service.settings, row))


def _held_to(caller: Caller) -> str | None:
    """Return the institution a caller is held to, None for those who see every subscription."""
    if SUBSCRIBE.roles.isdisjoint(caller.roles):
        return None
    return institution_of(caller)


def _secret(settings: Settings, row: SubscriptionRow) -> str | None:
    if row.channel != Channel.WEBHOOK or settings.webhook_key_file is None:
        return None
    master = Path(settings.webhook_key_file).read_bytes()
    return webhooks.secret_of(master, row.subscription, row.key_version)


async def _start(feeds: Feeds, asked: Start) -> int:
    """Return the first sequence to deliver."""
    if asked.seq is not None:
        return asked.seq
    first, last = await feeds.tail.bounds()
    if asked.at == "beginning":
        return max(1, first)
    if asked.time is not None:
        from_then = await feeds.tail.first_at(asked.time)
        if from_then is not None:
            return from_then
    return last + 1


async def _shown(feeds: Feeds, row: SubscriptionRow, *, secret: str | None = None) -> Subscription:
    opened = await feeds.opened(row.institution)
    status = SubscriptionStatus(row.status)
    if row.expires_at is not None and row.expires_at <= ids.now():
        status = SubscriptionStatus.EXPIRED
    elif not rules.is_open(row, opened):
        status = SubscriptionStatus.CLOSED
    pulled = row.channel == Channel.NATS
    return Subscription(
        id=row.subscription,
        institution=row.institution,
        channel=Channel(row.channel),
        coordinations=row.coordinations,
        types=row.types,
        areas=row.areas,
        themes=row.themes,
        publics=row.publics,
        payload=PayloadLevel(row.payload),
        url=row.url,
        batch_max=row.batch_max,
        status=status,
        reason=row.reason,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_subseq=row.last_subseq,
        acked=row.acked,
        through_seq=row.through_seq,
        sent=row.sent,
        failed=row.failed,
        lag=await feeds.lag(row),
        attempts=row.attempts,
        last_success_at=row.last_success_at,
        last_failure_at=row.last_failure_at,
        last_failure=row.last_failure,
        next_attempt_at=row.next_attempt_at,
        durable=rules.durable_of(row.institution, row.subscription) if pulled else None,
        secret=secret,
    )
