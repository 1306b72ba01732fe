"""Events published by the funding service."""

from contracts.events.funding.ledger import BlockPosted, Hash, PostedTransfer

__all__ = ["BlockPosted", "Hash", "PostedTransfer"]
