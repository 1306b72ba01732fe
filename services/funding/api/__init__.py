"""HTTP routes of the funding service."""

from services.funding.api.asking import (
    BODY_BYTES_MAX,
    READ,
    WRITE,
    Cited,
    Cursor,
    Here,
    Limit,
    Named,
    TheLane,
    TheService,
)
from services.funding.api.ledger import Ledger
from services.funding.api.periods import Periods
from services.funding.api.posts import AdviserPosts
from services.funding.api.references import References

__all__ = [
    "BODY_BYTES_MAX",
    "READ",
    "WRITE",
    "AdviserPosts",
    "Cited",
    "Cursor",
    "Here",
    "Ledger",
    "Limit",
    "Named",
    "Periods",
    "References",
    "TheLane",
    "TheService",
]
