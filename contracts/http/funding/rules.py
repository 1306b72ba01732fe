"""Bodies of rules: limits of conventions, programmes and kinds of body, as data."""

from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from contracts.http.funding.budget import LineKind
from contracts.http.funding.values import Line, Ratio, Reference
from contracts.values import Cents

NATURES_MAX = 40

Nature = Annotated[
    str, Meta(pattern="^[0-9]{2,8}$", description="A nature of the M57 chart, or its beginning.")
]


class RuleScope(StrEnum):
    """What a rule is a rule of."""

    FUND = "fund"
    PROGRAMME = "programme"
    BODY_KIND = "body_kind"
    COORDINATION = "coordination"


class RuleKind(StrEnum):
    """What a rule limits.

    `fund_share_max`: awards of a fund to an action, as a share of its budget; again at the balance,
    as a share of what was certified done. `public_share_max`: the same for all public funds
    together. `owner_share_min`: what an investment's owner keeps of its public financing
    (`higher_share` where it leads the competence). `advance_max`, `instalments_max`: what a fund
    pays ahead of the balance, as a share of its agreement (`higher_share` with a guarantee, or
    beyond `months`). `prefinancing_max`: what a reimbursement fund pays ahead of the payments.
    `payee_convention`: from what yearly amount a private payee needs a convention.
    `proof_registered`: a liquidation cites a registered proof. `line_required`: commitments and
    payments fall on a budget line. `line_excludes`: natures that a kind of line cannot hold.
    `report_within`: months after a year's end to give the financial report.
    """

    FUND_SHARE_MAX = "fund_share_max"
    PUBLIC_SHARE_MAX = "public_share_max"
    OWNER_SHARE_MIN = "owner_share_min"
    ADVANCE_MAX = "advance_max"
    INSTALMENTS_MAX = "instalments_max"
    PREFINANCING_MAX = "prefinancing_max"
    PAYEE_CONVENTION = "payee_convention"
    PROOF_REGISTERED = "proof_registered"
    LINE_REQUIRED = "line_required"
    LINE_EXCLUDES = "line_excludes"
    REPORT_WITHIN = "report_within"


class WriteRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule and where it comes from; its slug is in the address. It counts once enforced.

    `scope_id` is the slug of the fund or the programme, or the kind of body.
    """

    kind: RuleKind
    scope: RuleScope
    source: Line
    scope_id: Line | None = None
    share: Ratio | None = None
    higher_share: Ratio | None = None
    months: Annotated[int, Meta(ge=0, le=600)] | None = None
    amount_cents: Cents | None = None
    line_kind: LineKind | None = None
    natures: Annotated[list[Nature], Meta(max_length=NATURES_MAX)] = []


class WriteEnforcement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The days a coordination holds itself to a rule, both included; the last word counts."""

    enforced_from: date
    enforced_until: date | None = None


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule as it is known; without `enforced_from`, it counts for nothing yet."""

    id: Reference
    kind: RuleKind
    scope: RuleScope
    source: str
    scope_id: str | None
    share: str | None
    higher_share: str | None
    months: int | None
    amount_cents: int | None
    line_kind: LineKind | None
    natures: list[str]
    enforced_from: date | None
    enforced_until: date | None


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """A page of rules; `cursor` asks for the next one, null at the end."""

    items: list[Rule]
    cursor: str | None = None
