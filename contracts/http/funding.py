"""Bodies of the funding service's routes, and the lines of its journal.

The journal is NDJSON in canonical JSON (RFC 8785): the lines of a block's transfers, then the line
of the block. `hash` is the SHA-256 of the 32 bytes of `prev`, then the block's transfer lines
joined by a line feed, without one at the end; the `prev` of the first block is 64 zeros.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.events.funding import Hash
from contracts.values import Cents, CentsOrZero, Siren, Slug

TRANSFERS_MAX = 8_000
GENESIS = "0" * 64

Line = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=200,
        pattern="^[^\\x00-\\x1f\\x7f]*$",
        description="French text of one line, shown to a reader.",
    ),
]
Reference = Annotated[
    str,
    Meta(pattern="^[a-z0-9][a-z0-9_-]{0,59}$", description="A UUID or a short lower-case slug."),
]


class FunderLevel(StrEnum):
    """The tier of administration a funder belongs to, or what it is instead."""

    EU = "EU"
    STATE = "STATE"
    REGION = "REGION"
    DEPARTMENT = "DEPARTMENT"
    EPCI = "EPCI"
    COMMUNE = "COMMUNE"
    PRIVATE = "PRIVATE"
    SOCIAL_SECURITY = "SOCIAL_SECURITY"


class LegalNature(StrEnum):
    """Whose rules a funder's money follows; social security is not counted as public."""

    PUBLIC_PERSON = "PUBLIC_PERSON"
    SOCIAL_SECURITY = "SOCIAL_SECURITY"
    PRIVATE = "PRIVATE"


class Custody(StrEnum):
    """Who holds a fund's money. Only a pooled fund has cash in this ledger."""

    POOLED = "POOLED"
    HOST_BUDGET = "HOST_BUDGET"
    DIRECT = "DIRECT"
    UNDER_MANDATE = "UNDER_MANDATE"
    IN_KIND = "IN_KIND"


class FundMode(StrEnum):
    """Whether money comes before the expense or pays it back."""

    ADVANCE = "advance"
    REIMBURSEMENT = "reimbursement"


class Restriction(StrEnum):
    """How far the funder binds its money: a hard fund serves only the actions it agreed on."""

    HARD = "hard"
    SOFT = "soft"
    NONE = "none"


class WriteFunder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who brings money; its slug is in the address."""

    name: Line
    level: FunderLevel
    legal_nature: LegalNature


class Funder(msgspec.Struct, frozen=True, kw_only=True):
    """A funder as it is known."""

    id: str
    name: str
    level: FunderLevel
    legal_nature: LegalNature


class WriteFund(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One funder's money under one convention or programme; its slug is in the address.

    Awards and commitments are effective within the valid days, both included. `ceiling_cents`
    limits what is ever committed; `prefinancing_limit_cents` limits what a reimbursement fund
    receives before it paid.
    """

    name: Line
    funder: Slug
    custody: Custody
    mode: FundMode
    restriction: Restriction
    valid_from: date
    valid_until: date
    ceiling_cents: CentsOrZero | None = None
    prefinancing_limit_cents: CentsOrZero | None = None


class Fund(msgspec.Struct, frozen=True, kw_only=True):
    """A fund as it is known."""

    id: str
    name: str
    funder: str
    custody: Custody
    mode: FundMode
    restriction: Restriction
    valid_from: date
    valid_until: date
    ceiling_cents: int | None
    prefinancing_limit_cents: int | None


class WriteFundingAgreement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An agreement both parties signed, for one action or for none in particular."""

    fund: Slug
    amount_cents: Cents
    signed_on: date
    action: Slug | None = None
    reference: Line | None = None


class FundingAgreement(msgspec.Struct, frozen=True, kw_only=True):
    """A funding agreement as it is known."""

    id: str
    fund: str
    amount_cents: int
    signed_on: date
    action: str | None
    reference: str | None


class WritePayee(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A body that is paid, never a person; its slug is in the address."""

    name: Line
    siren: Siren | None = None


class Payee(msgspec.Struct, frozen=True, kw_only=True):
    """A payee as it is known."""

    id: str
    name: str
    siren: str | None


class TransferKind(StrEnum):
    """The acts that move money from one stage to another."""

    PLEDGE = "pledge"
    NOTIFY = "notify"
    AGREE = "agree"
    EARMARK = "earmark"
    RELEASE = "release"
    AWARD = "award"
    WITHDRAW_AWARD = "withdraw_award"
    COMMIT = "commit"
    POST = "post"
    VOID = "void"
    LIQUIDATE = "liquidate"
    MANDATE = "mandate"
    PAY = "pay"
    RECEIVE = "receive"
    CLAW_BACK = "claw_back"
    LAPSE = "lapse"
    CARRY_OVER = "carry_over"


class Phase(StrEnum):
    """Whether a transfer moves money at once, holds it, or resolves a hold."""

    SINGLE = "single"
    HOLD = "hold"
    POST = "post"
    VOID = "void"


class TransferAsked(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """One act, its `id` chosen by who asks: the same one again is answered without effect.

    What each kind needs beyond `fund`, `amount_cents` and `effective_on` is refused with its own
    code when it lacks. A hold is posted or voided without `fund`, and whole without
    `amount_cents`. `linked` binds an act to the next one of the list: all pass or none.
    """

    id: UUID
    kind: TransferKind
    effective_on: date
    fund: Slug | None = None
    amount_cents: Cents | None = None
    linked: bool = False
    phase: Phase | None = None
    agreement: Reference | None = None
    purpose: Slug | None = None
    action: Slug | None = None
    payee: Slug | None = None
    opinion: UUID | None = None
    funder_decision: UUID | None = None
    tranche: Line | None = None
    proof: Line | None = None
    reason: Line | None = None
    pending_id: UUID | None = None
    reverses: UUID | None = None


class TransferStatus(StrEnum):
    """What became of an act: recorded now, recorded before with the same content, or refused."""

    POSTED = "posted"
    EXISTS = "exists"
    REFUSED = "refused"


class TransferAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one act, at the place of the act; `detail` says in French why it is refused."""

    id: str | None
    status: TransferStatus
    code: str | None = None
    detail: str | None = None


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


class JournalBlock(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="block"):
    """The line that seals the `n` transfers before it."""

    seq: Annotated[int, Meta(ge=1)]
    n: Annotated[int, Meta(ge=1)]
    prev: Hash
    hash: Hash
    at: datetime


class Stages(msgspec.Struct, frozen=True, kw_only=True):
    """Euro cents at each stage; a euro is in one stage only."""

    promised: int = 0
    notified: int = 0
    available: int = 0
    earmarked: int = 0
    awarded: int = 0
    committed: int = 0
    liquidated: int = 0
    mandated: int = 0
    paid: int = 0


class FundFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Where one fund's money stands. `reached` is what ever entered each stage going forward.

    `received` is what came into cash; `left` is what is agreed and not awarded yet.
    """

    id: str
    name: str
    funder: str
    funder_name: str
    level: FunderLevel
    custody: Custody
    stages: Stages
    reached: Stages
    received: int
    left: int


class Pool(msgspec.Struct, frozen=True, kw_only=True):
    """All funds of a coordination together, then each.

    `funding_gap` is the budget of the actions less what is agreed for them. With `as_of`, only
    what is effective up to that day counts.
    """

    as_of: date | None
    stages: Stages
    reached: Stages
    received: int
    left: int
    funding_gap: int
    funds: list[FundFigures]


class Funds(msgspec.Struct, frozen=True, kw_only=True):
    """A page of funds; `cursor` asks for the next one, null at the end."""

    items: list[Fund]
    cursor: str | None = None


class PlanLine(msgspec.Struct, frozen=True, kw_only=True):
    """What one fund brings to one action: agreed for it, and where its money stands now."""

    fund: str
    funder: str
    agreed_cents: int
    earmarked_cents: int
    awarded_cents: int
    committed_cents: int


class ActionPlan(msgspec.Struct, frozen=True, kw_only=True):
    """An action's funding plan. `gap_cents` is its budget less what is agreed for it."""

    id: str
    number: int
    title: str
    budget_cents: int
    agreed_cents: int
    gap_cents: int
    validated_on: date
    plan: list[PlanLine]


class ActionPlans(msgspec.Struct, frozen=True, kw_only=True):
    """A page of actions; `cursor` asks for the next one, null at the end."""

    items: list[ActionPlan]
    cursor: str | None = None
