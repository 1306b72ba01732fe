"""Bodies of periods, statements and splits, and the lines a journal may add for closings."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.events.funding import Hash, PeriodName, PeriodTotals
from contracts.values import Cents, CentsOrZero, Slug


class WritePeriod(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A period to write; its days belong to no other."""

    id: PeriodName
    first_day: date
    last_day: date


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """A period. Once closed, nothing is effective up to its last day any more.

    `block` and `hash` are the head of the journal at the closing, `totals` what the stages held
    at the end of `last_day`, and `accounts` how many checkpoints were written.
    """

    id: str
    first_day: date
    last_day: date
    closed_at: datetime | None = None
    block: int | None = None
    hash: Hash | None = None
    totals: PeriodTotals | None = None
    accounts: int | None = None


class Periods(msgspec.Struct, frozen=True, kw_only=True):
    """A page of periods; `cursor` asks for the next one, null at the end."""

    items: list[Period]
    cursor: str | None


class AccountLine(msgspec.Struct, frozen=True, kw_only=True):
    """An account of a fund: what it holds, how much of it is reserved, and its sums.

    An account is `<fund>:<stage>`, then what the stage is for.
    """

    account: str
    stage: str
    action: str | None
    payee: str | None
    balance_cents: int
    held_cents: int
    debits_cents: int
    credits_cents: int


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """A fund's accounts by the acts effective up to `as_of`, as known at block `block`."""

    fund: str
    as_of: date | None
    known_at: datetime | None
    block: int
    accounts: list[AccountLine]


class AskSplit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An amount to split for an action between the funds that an adopted opinion gives it."""

    opinion: UUID
    action: Slug
    amount_cents: Cents


class SplitShare(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a fund, and what the opinion gives from it at most."""

    fund: str
    amount_cents: CentsOrZero
    voted_cents: Cents


class Split(msgspec.Struct, frozen=True, kw_only=True):
    """Shares that add up to the amount asked, by largest remainder."""

    opinion: UUID
    action: str
    amount_cents: Cents
    shares: list[SplitShare]


class JournalCheckpoint(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="checkpoint"
):
    """A line of the journal with closings: an account at the end of a period."""

    period: PeriodName
    account: str
    debits_pending: int
    debits_posted: int
    credits_pending: int
    credits_posted: int


class JournalPeriod(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="period"):
    """A line of the journal with closings: a period closed over a block, after its accounts."""

    period: PeriodName
    first_day: date
    last_day: date
    block: Annotated[int, Meta(ge=0)]
    hash: Hash
    accounts: Annotated[int, Meta(ge=0)]
    closed_at: datetime
