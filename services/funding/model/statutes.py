"""What a rule must say for its kind, and which lines it keeps out."""

from fractions import Fraction

from contracts.http.funding.rules import RuleKind, RuleScope
from services.funding.model.terms import BudgetLineRow, EnforcedRuleRow, RuleRow

NEEDS: dict[RuleKind, tuple[str, ...]] = {
    RuleKind.FUND_SHARE_MAX: ("share",),
    RuleKind.PUBLIC_SHARE_MAX: ("share",),
    RuleKind.OWNER_SHARE_MIN: ("share",),
    RuleKind.ADVANCE_MAX: ("share",),
    RuleKind.INSTALMENTS_MAX: ("share",),
    RuleKind.PREFINANCING_MAX: ("amount_cents",),
    RuleKind.PAYEE_CONVENTION: ("amount_cents",),
    RuleKind.LINE_EXCLUDES: ("natures",),
    RuleKind.REPORT_WITHIN: ("months",),
}
"""The fields that a rule of each kind cannot be without."""


def lacks(rule: RuleRow) -> str | None:
    """Return the first field that a rule of its kind or scope needs and has not."""
    if rule.scope != RuleScope.COORDINATION and rule.scope_id is None:
        return "scope_id"
    for name in NEEDS.get(RuleKind(rule.kind), ()):
        if not getattr(rule, name):
            return name
    return None


def share_too_high(rule: RuleRow) -> str | None:
    """Return the field of a share over the whole; an owner's minimum is less than the whole."""
    for name in ("share", "higher_share"):
        told = getattr(rule, name)
        if told is not None:
            share = Fraction(told)
            if share > 1 or (share == 1 and rule.kind == RuleKind.OWNER_SHARE_MIN):
                return name
    return None


def keeps_out(rule: EnforcedRuleRow, line: BudgetLineRow) -> bool:
    """Tell whether a rule looks at the natures of a line: enforced and not ended, of its body."""
    return (
        rule.kind == RuleKind.LINE_EXCLUDES
        and rule.enforced_until is None
        and (rule.scope != RuleScope.BODY_KIND or rule.scope_id == line.body_kind)
        and rule.scope in {RuleScope.BODY_KIND, RuleScope.COORDINATION}
    )
