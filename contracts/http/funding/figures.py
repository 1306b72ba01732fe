"""Bodies of the pool's figures."""

from datetime import date

import msgspec

from contracts.http.funding.references import Custody, FunderLevel


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
