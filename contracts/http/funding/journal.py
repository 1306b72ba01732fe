"""Lines of the journal."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.events.funding import Hash
from contracts.http.funding.transfers import Phase
from contracts.values import Cents, Slug


class JournalTransfer(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type", tag="transfer"
):
    """A line of the journal: `amount_cents` leaves account `debit` for account `credit`.

    An account is `<fund>:<stage>`, then what the stage is for: `bus:committed:<action>:<payee>`.
    Kinds `disburse` and `recall` are the treasury's side of the act that `goes_with` names.
    """

    block: Annotated[int, Meta(ge=1)]
    n: Annotated[int, Meta(ge=0)]
    id: UUID
    kind: Slug
    phase: Phase
    fund: Slug
    debit: str
    credit: str
    amount_cents: Cents
    effective_on: date
    recorded_at: datetime
    agreement: str | None = None
    purpose: str | None = None
    action: str | None = None
    payee: str | None = None
    opinion: UUID | None = None
    funder_decision: UUID | None = None
    tranche: str | None = None
    proof: str | None = None
    reason: str | None = None
    pending_id: UUID | None = None
    reverses: UUID | None = None
    goes_with: UUID | None = None
    line: str | None = None


class JournalBlock(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="block"):
    """The line that seals the `n` transfers before it."""

    seq: Annotated[int, Meta(ge=1)]
    n: Annotated[int, Meta(ge=1)]
    prev: Hash
    hash: Hash
    at: datetime
