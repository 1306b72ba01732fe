"""Bodies of the routes by which an institution subscribes and reads its feeds."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.values import CommuneCode, CoordinationSlug, InstitutionSlug, Slug

EventType = Annotated[str, Meta(pattern="^fr\\.ctin\\.[a-z_.]+\\.v[0-9]+$", max_length=120)]
Instant = Annotated[datetime, Meta(tz=True)]
Number = Annotated[int, Meta(ge=0, le=2**53)]
Url = Annotated[str, Meta(min_length=8, max_length=500)]


class Channel(StrEnum):
    """How events reach the subscriber."""

    NATS = "nats"
    HTTP = "http"
    SSE = "sse"
    WEBHOOK = "webhook"


class PayloadLevel(StrEnum):
    """What an event carries: everything, or only what names it."""

    FULL = "full"
    ID_ONLY = "id_only"


class SubscriptionStatus(StrEnum):
    """What a subscription does now.

    `pending` waits for its endpoint to answer the handshake, `disabled` for its owner to resume it,
    `closed` for an agreement that opens something again.
    """

    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"
    EXPIRED = "expired"
    CLOSED = "closed"


class Start(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where delivery starts: one of now, the beginning, an instant, or a place in the stream."""

    at: Literal["now", "beginning"] | None = None
    time: Instant | None = None
    seq: Annotated[int, Meta(ge=1, le=2**53)] | None = None

    def __post_init__(self) -> None:
        """Refuse two places at once."""
        if (self.at is not None) + (self.time is not None) + (self.seq is not None) > 1:
            raise ValueError("give exactly one of at and time")


class Subscribe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an institution wants to be told, and how.

    Without `areas`, every area its agreements open; with `themes` or `publics`, only updates that
    hold a reported need of one of them. `batch_max` events at most in one webhook message.
    """

    channel: Channel
    coordinations: Annotated[list[CoordinationSlug], Meta(min_length=1, max_length=50)]
    types: Annotated[list[EventType], Meta(min_length=1, max_length=20)]
    areas: Annotated[list[CommuneCode], Meta(max_length=200)] = []
    themes: Annotated[list[Slug], Meta(max_length=50)] = []
    publics: Annotated[list[Slug], Meta(max_length=50)] = []
    payload: PayloadLevel = PayloadLevel.FULL
    start: Start = Start(at="now")
    url: Url | None = None
    batch_max: Annotated[int, Meta(ge=1, le=200)] = 1
    expires_at: Instant | None = None


class ChangeSubscription(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may change: pause or resume, a new place to start from, the end."""

    paused: bool | None = None
    start: Start | None = None
    expires_at: Instant | None = None


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """A subscription as it stands, and how its deliveries go.

    `sent` and `failed` count messages; `last_subseq` is the last number given, `acked` the last
    one the subscriber confirmed; `lag` is what is numbered and not yet confirmed. `durable` names
    the consumer of the channel `nats`. `secret` is told when the subscription is made and when it
    changes, never again.
    """

    id: UUID
    institution: InstitutionSlug
    channel: Channel
    coordinations: list[str]
    types: list[str]
    areas: list[str]
    themes: list[str]
    publics: list[str]
    payload: PayloadLevel
    url: str | None
    batch_max: int
    status: SubscriptionStatus
    reason: str | None
    created_at: datetime
    expires_at: datetime | None
    last_subseq: int
    acked: int
    through_seq: int
    sent: int
    failed: int
    lag: int | None
    attempts: int
    last_success_at: datetime | None
    last_failure_at: datetime | None
    last_failure: str | None
    next_attempt_at: datetime | None
    durable: str | None = None
    secret: str | None = None


class Subscriptions(msgspec.Struct, frozen=True, kw_only=True):
    """A page of subscriptions."""

    items: list[Subscription]
    cursor: str | None = None


class Acknowledge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every event up to this `subseq`, inclusive, had its effect at the subscriber."""

    through: Number


class Acknowledged(msgspec.Struct, frozen=True, kw_only=True):
    """How far a feed is confirmed, and how far it is numbered."""

    acked: int
    last_subseq: int


class Handshake(msgspec.Struct, frozen=True, kw_only=True):
    """What a new endpoint is sent; it answers 2xx with a JSON object of the same `challenge`."""

    TYPE = "fr.ctin.exchange.handshake.v1"

    subscription: UUID
    challenge: str


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """Events `from_subseq` to `to_subseq`, inclusive, are past retention and will never come.

    When one of them was not confirmed, the present state follows in the same feed, as events
    `area_state_told` and `version_state_told`. Numbers that were confirmed long ago are told the
    same way, and nothing follows them. Numbers that were never given to an event are one.
    """

    TYPE = "fr.ctin.exchange.gap.v1"

    from_subseq: int
    to_subseq: int


class Withheld(msgspec.Struct, frozen=True, kw_only=True):
    """An event stands at this number and may not be shown: why, as a code.

    `erased`: its content was erased for good. `agreement`: no agreement opens it any more.
    """

    TYPE = "fr.ctin.exchange.withheld.v1"

    event_id: str
    reason: Literal["erased", "agreement"]


class Beat(msgspec.Struct, frozen=True, kw_only=True):
    """Everything up to `through_seq` of the stream is numbered: `matching` events in all."""

    through_seq: int
    matching: int
