"""Which rules count for an act, and how their shares are read."""

from collections.abc import Iterator
from fractions import Fraction

from contracts.http.funding import TransferAsked
from contracts.http.funding.rules import RuleKind, RuleScope
from services.funding.errors.limits import RuleCapReached
from services.funding.model.limits import Limits
from services.funding.model.terms import EnforcedRuleRow


def in_force(kind: RuleKind, act: TransferAsked, limits: Limits) -> Iterator[EnforcedRuleRow]:
    """Yield the rules of a kind that count for an act on its day."""
    for rule in limits.rules:
        if rule.kind == kind and rule.counts_on(act.effective_on) and _covers(rule, act, limits):
            yield rule


def _covers(rule: EnforcedRuleRow, act: TransferAsked, limits: Limits) -> bool:
    fund = limits.funds.get(act.fund or "")
    match rule.scope:
        case RuleScope.FUND:
            return act.fund == rule.scope_id
        case RuleScope.PROGRAMME:
            return fund is not None and fund.programme == rule.scope_id
        case RuleScope.BODY_KIND:
            line = limits.lines.get(act.line or "")
            if line is not None:
                return line.body_kind == rule.scope_id
            return fund is not None and fund.level == rule.scope_id
        case _:
            return True


def share_of(rule: EnforcedRuleRow, *, higher: bool = False) -> Fraction:
    """Return the share a rule is about, the higher one where it has one and its case is met."""
    told = rule.higher_share if higher and rule.higher_share is not None else rule.share
    assert told is not None, "rules of shares have one"
    return Fraction(told)


def percent(share: Fraction) -> str:
    """Return a share as French writes it: `80 %`."""
    return f"{float(share * 100):g}".replace(".", ",") + "\u00a0%"


def within(
    rule: EnforcedRuleRow, what: str, *, most_cents: int, used_cents: int, asked_cents: int
) -> None:
    """Refuse what a rule caps.

    Raises:
        RuleCapReached: what is used and what is asked are more than the most.
    """
    if used_cents + asked_cents > most_cents:
        raise RuleCapReached(
            rule.rule,
            rule.source,
            what,
            most_cents=most_cents,
            used_cents=used_cents,
            asked_cents=asked_cents,
        )
