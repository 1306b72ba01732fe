"""Bodies of the exchange service's routes."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from contracts.http.exchange.access import KEYS_MAX, Access, PublicNkey
from contracts.values import InstitutionSlug, Label


class SignalStatus(StrEnum):
    """How far a signal is: kept on disk, counted in the diagnostic, or refused."""

    KEPT = "kept"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one event of a request, by its place in it."""

    index: int
    ce_id: str | None
    status: SignalStatus
    code: str | None = None
    field: str | None = None
    detail: str | None = None


class Items(msgspec.Struct, frozen=True, kw_only=True):
    """One answer per event, in order."""

    items: list[Item]


class SignalState(msgspec.Struct, frozen=True, kw_only=True):
    """Where a signal is now."""

    signal_id: str
    institution: str
    status: SignalStatus
    code: str | None = None
    field: str | None = None
    detail: str | None = None
    received_at: datetime


class RecentSignal(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the latest signals: never its content, only what became of it."""

    institution: str
    signal_id: str | None
    kind: str
    area: str | None
    status: SignalStatus
    code: str | None
    detail: str | None
    received_at: datetime


class RecentSignals(msgspec.Struct, frozen=True, kw_only=True):
    """The latest signals of a coordination, newest first."""

    items: list[RecentSignal]
    cursor: str | None = None


class AdmitPartner(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An institution and the public NKeys of its system, two at most for rotation."""

    institution: InstitutionSlug
    name: Label
    nkeys: Annotated[list[PublicNkey], Meta(min_length=1, max_length=KEYS_MAX)]
    answers_grouped: bool = False


class PartnerStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The health of one partner's exchange with a coordination."""

    institution: str
    name: str
    last_seen_at: datetime | None
    kept: int
    accepted: int
    refused: dict[str, int]
    """How many refusals, by code."""
    agreements: int
    follows: list[str]
    """Types of facts it is delivered."""
    lag: int | None
    """Updates that wait for it; null when it follows nothing or NATS does not answer."""
    access: Access | None = None
    """What its system may do today, when one partner is asked for."""
    next_attempt_at: datetime | None = None
    """When the first of its webhooks that failed is tried again."""


class Partners(msgspec.Struct, frozen=True, kw_only=True):
    """Every partner of a coordination."""

    items: list[PartnerStatus]
