"""Bodies of the routes that say how exchanges go, per partner and per agreement."""

from datetime import datetime

import msgspec


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How a partner keeps in touch: its usual wait, and the silence or flood it is in."""

    last_at: datetime
    usual_seconds: float | None
    silent_since: datetime | None
    flooding_since: datetime | None


class Delays(msgspec.Struct, frozen=True, kw_only=True):
    """From the receipt of a signal to its decision, over the last thousand of a partner."""

    p50_ms: float
    p99_ms: float
    decided: int


class ExchangeCounts(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the signals that one agreement, or licence, opened for one partner."""

    opened_by: str
    """The agreement's id, or the slug of the licence."""
    institution: str
    kept: int
    accepted: int
    refused: dict[str, int]
    """How many refusals, by code."""
    last_at: datetime


class PartnerExchange(msgspec.Struct, frozen=True, kw_only=True):
    """How one partner's exchange goes."""

    institution: str
    pace: Pace | None
    delays: Delays | None
    parked: int
    """Its messages that were set aside, and wait for somebody."""


class ExchangesHealth(msgspec.Struct, frozen=True, kw_only=True):
    """How exchanges go in a coordination; an institution sees its own alone."""

    partners: list[PartnerExchange]
    agreements: list[ExchangeCounts]
