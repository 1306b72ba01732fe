"""Facts about the ledger."""

from datetime import date, datetime
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.envelope import Fact
from contracts.values import CentsOrZero, Slug

Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$", description="SHA-256, lower-case hex.")]


class PostedTransfer(msgspec.Struct, frozen=True, kw_only=True):
    """One movement of the ledger: `amount_cents` leaves account `debit` for account `credit`."""

    id: UUID
    n: Annotated[int, Meta(ge=0)]
    kind: Slug
    fund: Slug
    debit: str
    credit: str
    amount_cents: CentsOrZero
    effective_on: date


class BlockPosted(Fact, frozen=True, kw_only=True):
    """Transfers entered the ledger; a block of more than 200 comes in several parts.

    `hash` covers the block's transfers and the hash before it, so a reader can keep the chain.
    """

    TYPE: ClassVar[str] = "fr.ctin.funding.block_posted.v1"

    block: Annotated[int, Meta(ge=1)]
    part: Annotated[int, Meta(ge=1)]
    parts: Annotated[int, Meta(ge=1)]
    previous: Hash
    hash: Hash
    posted_at: datetime
    transfers: Annotated[list[PostedTransfer], Meta(max_length=200)]

    @property
    def aggregate(self) -> str:
        """The coordination's ledger."""
        return f"{self.coordination}/ledger"
