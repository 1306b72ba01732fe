"""Bodies of what became of the money: per funder, per action, per year."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from contracts.http.funding.budget import BodyKind, LineKind
from contracts.http.funding.figures import ActionPlan, Stages
from contracts.http.funding.references import Custody, FunderLevel, LegalNature


class Whereabouts(msgspec.Struct, frozen=True, kw_only=True):
    """Euros of one fund at one stage, for an action and a payee where the stage has them."""

    stage: str
    action: str | None
    payee: str | None
    payee_name: str | None
    cents: int


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """What one payee was certified to have done for one action; paid or about to be."""

    action: str | None
    payee: str | None
    payee_name: str | None
    cents: int


class FundEuros(msgspec.Struct, frozen=True, kw_only=True):
    """Where each euro of a fund is: the cents of `whereabouts` add up to `pledged_cents`."""

    fund: str
    name: str
    custody: Custody
    pledged_cents: int
    whereabouts: list[Whereabouts]
    served: list[Served]


class FunderEuros(msgspec.Struct, frozen=True, kw_only=True):
    """What each of a funder's euros became, fund by fund."""

    id: str
    name: str
    level: FunderLevel
    legal_nature: LegalNature
    pledged_cents: int
    stages: Stages
    funds: list[FundEuros]


class NatureShare(msgspec.Struct, frozen=True, kw_only=True):
    """What funders of one nature and level agreed for an action, and its share of all agreed."""

    legal_nature: LegalNature
    level: FunderLevel
    agreed_cents: int
    share: str


class ActionDetail(msgspec.Struct, frozen=True, kw_only=True):
    """An action's plan, and who brings which share of what is agreed for it."""

    plan: ActionPlan
    natures: list[NatureShare]
    public_share: str


class ActionAct(msgspec.Struct, frozen=True, kw_only=True):
    """One act of an action's history."""

    id: UUID
    kind: str
    phase: str
    fund: str
    payee: str | None
    amount_cents: int
    effective_on: date
    recorded_at: datetime
    reason: str | None
    proof: str | None
    pending_id: UUID | None
    reverses: UUID | None


class ActionHistory(msgspec.Struct, frozen=True, kw_only=True):
    """A page of an action's acts, oldest first; `cursor` asks for the next one."""

    items: list[ActionAct]
    cursor: str | None = None


class FundYear(msgspec.Struct, frozen=True, kw_only=True):
    """What one fund did in a year, by the days its acts are effective: what entered stages.

    `received` is cash in, `taken_back` what payees were asked to give back.
    """

    fund: str
    funder: str
    did: Stages
    received: int
    taken_back: int
    lapsed: int


class LineOfYear(msgspec.Struct, frozen=True, kw_only=True):
    """A budget line in one year: what may be committed on it in all, and paid in that year.

    `authorised_cents` is its ceiling (AE, AP or opened credits) and `committed_cents` what was ever
    committed on it; `payable_cents` the year's credits (crédits de paiement), null where the line
    sets none for any year, and `left_cents` what may still be paid of them.
    """

    line: str
    name: str
    kind: LineKind
    body_kind: BodyKind
    nature: str
    chapter: str | None
    authorised_cents: int
    committed_cents: int
    payable_cents: int | None
    paid_cents: int
    left_cents: int | None


class CreditsOfYear(msgspec.Struct, frozen=True, kw_only=True):
    """The lines of one kind together in one year; `payable_cents` adds those that set credits."""

    kind: LineKind
    authorised_cents: int
    committed_cents: int
    payable_cents: int
    paid_cents: int


class Year(msgspec.Struct, frozen=True, kw_only=True):
    """One civil year of the pool: all funds together, then each that moved.

    `lines` are the budget lines that set credits for the year or for none, or that were paid on in
    it, and `credits` what they are together, by kind.
    """

    year: int
    did: Stages
    received: int
    taken_back: int
    lapsed: int
    funds: list[FundYear]
    credits: list[CreditsOfYear]
    lines: list[LineOfYear]


class FourFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Four facts that are never the same: what a funder said, agreed, handed over, and what it did.

    `announced` is what was ever pledged; `budgeted` what was agreed by an agreement both signed;
    `disbursed` what the funder handed over: cash received in the pool, or payments where the money
    never enters it; `consumed` the service certified as done.
    """

    announced_cents: int
    budgeted_cents: int
    disbursed_cents: int
    consumed_cents: int


class FundFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The four facts of one fund."""

    fund: str
    name: str
    funder: str
    custody: Custody
    facts: FourFacts


class MoneyFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The four facts of the coordination, then of each fund."""

    together: FourFacts
    funds: list[FundFacts]


class ActionExecution(msgspec.Struct, frozen=True, kw_only=True):
    """How far an action's budget is used; `rate` is what is done of the budget, as a fraction."""

    action: str
    number: int
    title: str
    budget_cents: int
    awarded_cents: int
    committed_cents: int
    liquidated_cents: int
    left_cents: int
    rate: str


class Execution(msgspec.Struct, frozen=True, kw_only=True):
    """How far the budgets of the actions are used, by number."""

    budget_cents: int
    liquidated_cents: int
    actions: list[ActionExecution]
