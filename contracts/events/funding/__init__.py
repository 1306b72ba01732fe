"""Events published by the funding service."""

from contracts.events.funding.alerts import AlertCleared, AlertKind, AlertRaised
from contracts.events.funding.ledger import BlockPosted, Hash, PostedTransfer
from contracts.events.funding.periods import PeriodClosed, PeriodName, PeriodTotals
from contracts.events.funding.posts import PostFilled, PostReturned, PostTransferred, PostVacated

__all__ = [
    "AlertCleared",
    "AlertKind",
    "AlertRaised",
    "BlockPosted",
    "Hash",
    "PeriodClosed",
    "PeriodName",
    "PeriodTotals",
    "PostFilled",
    "PostReturned",
    "PostTransferred",
    "PostVacated",
    "PostedTransfer",
]
