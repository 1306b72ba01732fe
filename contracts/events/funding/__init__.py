"""Events published by the funding service."""

from contracts.events.funding.ledger import BlockPosted, Hash, PostedTransfer
from contracts.events.funding.periods import PeriodClosed, PeriodName, PeriodTotals
from contracts.events.funding.posts import PostFilled, PostReturned, PostTransferred, PostVacated

__all__ = [
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
