"""What is written of agreements, funds, actions, payees, lines, rules and proofs, as it is kept."""

from datetime import date

import msgspec


class ScheduleRow(msgspec.Struct, frozen=True):
    """Columns of an agreement's schedule; the lists have one place per tranche."""

    agreement: str
    ends_on: date | None
    report_due_on: date | None
    guaranteed: bool
    tranches: list[str]
    tranche_kinds: list[str]
    tranche_cents: list[int]
    tranche_due_on: list[date]
    tranche_proofs: list[str]


class FundTagsRow(msgspec.Struct, frozen=True):
    """Columns of a fund's tags."""

    fund: str
    programme: str | None
    instrument: str | None
    procedure: str | None
    frameworks: list[str]
    lapses_on: date | None


class ActionTagsRow(msgspec.Struct, frozen=True):
    """Columns of an action's tags."""

    action: str
    nature: str
    owner: str | None
    lead_competence: bool
    delivery: str | None
    frameworks: list[str]


class PayeeTagsRow(msgspec.Struct, frozen=True):
    """Columns of a payee's tags."""

    payee: str
    sector: str


class PayeeConventionRow(msgspec.Struct, frozen=True):
    """Columns of a convention with a payee."""

    convention: str
    payee: str
    signed_on: date
    ends_on: date
    reference: str | None


class BudgetLineRow(msgspec.Struct, frozen=True):
    """Columns of a budget line; the lists have one place per year."""

    line: str
    name: str
    kind: str
    body_kind: str
    nature: str
    chapter: str | None
    ceiling_cents: int
    years: list[int]
    payable_cents: list[int]

    def payable_in(self, year: int) -> int | None:
        """Return the credits of a year, None where the line sets none for any year."""
        if not self.years:
            return None
        return dict(zip(self.years, self.payable_cents, strict=True)).get(year, 0)


class RuleRow(msgspec.Struct, frozen=True):
    """Columns of a rule."""

    rule: str
    scope: str
    scope_id: str | None
    kind: str
    source: str
    share: str | None
    higher_share: str | None
    months: int | None
    amount_cents: int | None
    line_kind: str | None
    natures: list[str]


class EnforcedRuleRow(RuleRow, frozen=True):
    """Columns of a rule and the days it is enforced, none where it never was."""

    enforced_from: date | None
    enforced_until: date | None

    def counts_on(self, day: date) -> bool:
        """Tell whether the rule is enforced on a day."""
        return (
            self.enforced_from is not None
            and self.enforced_from <= day
            and (self.enforced_until is None or day <= self.enforced_until)
        )


class ProofRow(msgspec.Struct, frozen=True):
    """Columns of a proof."""

    proof: str
    kind: str
    amount_cents: int
    issued_on: date
    paid_on: date | None
    agreement: str | None
    tranche: str | None


class ClaimRow(msgspec.Struct, frozen=True):
    """Columns of a claim; the lists have one place per proof."""

    claim: str
    fund: str
    claimed_on: date
    advanced_by: str | None
    reference: str | None
    proofs: list[str]
    eligible_cents: list[int]
    ineligible_cents: list[int]


class InKindRow(msgspec.Struct, frozen=True):
    """Columns of a contribution in kind."""

    contribution: str
    funder: str
    action: str | None
    kind: str
    what: str
    value_cents: int
    method: str
    received_on: date


class SolicitationRow(msgspec.Struct, frozen=True):
    """Columns of a contribution asked for."""

    solicitation: str
    organisation: str
    sector: str
    dematerialises: str
    asked_on: date
    asked_cents: int | None


class AnswerRow(msgspec.Struct, frozen=True):
    """Columns of an answer to a contribution asked for."""

    solicitation: str
    answer: str
    status: str
    answered_on: date
    amount_cents: int | None
    fund: str | None
