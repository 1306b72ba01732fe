"""Events published by the funding service."""

from contracts.events.funding.alerts import AlertCleared, AlertKind, AlertRaised
from contracts.events.funding.ledger import BlockPosted, Hash, PostedTransfer
from contracts.events.funding.posts import PostFilled, PostReturned, PostTransferred, PostVacated

__all__ = [
    "AlertCleared",
    "AlertKind",
    "AlertRaised",
    "BlockPosted",
    "Hash",
    "PostFilled",
    "PostReturned",
    "PostTransferred",
    "PostVacated",
    "PostedTransfer",
]
