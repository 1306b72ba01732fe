"""Bodies of transfers."""

from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec

from contracts.http.funding.values import Line, Reference
from contracts.values import Cents, Slug


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
    `amount_cents`. `linked` binds an act to the next one of the list: all pass or none. `line` is
    the budget line a commitment, a liquidation or a payment falls on.
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
    line: Slug | None = None


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
