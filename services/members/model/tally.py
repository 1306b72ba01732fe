"""What a vote decides, in whole numbers and fractions, never in floats.

Source: docs/votes.md, which gives the formulas and the worked examples.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import Annotated

import msgspec
from msgspec import Meta

from contracts.events.members.votes import (
    Choice,
    CollegeResult,
    EmptyCollege,
    VoteBase,
    VoteMode,
    VoteOutcome,
    VoteResult,
)
from services.members.errors.votes import RuleIsNotSound

HALF = Fraction(1, 2)
WEIGHT_MIN, WEIGHT_MAX = Fraction(1, 10), HALF


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """The rule of one vote: of its first call, or of its second."""

    weights: Mapping[str, Fraction]
    mode: VoteMode
    base: VoteBase
    empty: EmptyCollege
    quorum: Fraction
    quorum_per_college: Fraction | None
    threshold: Fraction
    majority_of_colleges: int


class Count(msgspec.Struct, frozen=True):
    """The units of a college: on its roll, recused, and cast each way by those that are not."""

    college: str
    roll: int
    recused: int
    in_favour: int
    against: int
    abstain: int


class Voter(msgspec.Struct, frozen=True, kw_only=True):
    """A member on the roll of a vote."""

    id: str
    college: str
    units: Annotated[int, Meta(ge=0, le=10**9)] = 1


class Vote(msgspec.Struct, frozen=True, kw_only=True):
    """A ballot at its sequence number, proxies resolved."""

    seq: int
    member: str
    choice: Choice


def count(voters: Iterable[Voter], recused: Collection[str], votes: Iterable[Vote]) -> list[Count]:
    """Return the units of each college: each voter's last ballot by sequence, the recused aside."""
    last: dict[str, Vote] = {}
    for vote in votes:
        if vote.member not in last or last[vote.member].seq < vote.seq:
            last[vote.member] = vote
    units: dict[str, Counter[str]] = {}
    for voter in voters:
        found = units.setdefault(voter.college, Counter())
        found["roll"] += voter.units
        if voter.id in recused:
            found["recused"] += voter.units
        elif voter.id in last:
            choice = last[voter.id].choice
            found[Choice.ABSTAIN if choice is Choice.BLANK else choice] += voter.units
    return [
        Count(
            college,
            one["roll"],
            one["recused"],
            one[Choice.FOR],
            one[Choice.AGAINST],
            one[Choice.ABSTAIN],
        )
        for college, one in units.items()
    ]


def must_be_sound(rule: Rule) -> None:
    """Refuse a rule under which a vote would have no meaning.

    Raises:
        RuleIsNotSound: a weight, a quorum, the threshold or the majority is out of its bounds.
    """
    for college, weight in rule.weights.items():
        if not WEIGHT_MIN <= weight <= WEIGHT_MAX:
            raise RuleIsNotSound(
                "colleges", f"Le poids {weight} du collège {college} sort de 1/10 à 1/2."
            )
    whole = sum(rule.weights.values(), Fraction())
    if whole != 1:
        raise RuleIsNotSound("colleges", f"Les poids des collèges font {whole} au lieu de 1.")
    if rule.quorum > 1:
        raise RuleIsNotSound("quorum", f"Le quorum {rule.quorum} dépasse 1.")
    if rule.quorum_per_college is not None and rule.quorum_per_college > 1:
        raise RuleIsNotSound(
            "quorum_per_college", f"Le quorum par collège {rule.quorum_per_college} dépasse 1."
        )
    if not HALF <= rule.threshold <= 1:
        raise RuleIsNotSound("threshold", f"Le seuil {rule.threshold} sort de 1/2 à 1.")
    if not 0 <= rule.majority_of_colleges <= len(rule.weights):
        raise RuleIsNotSound(
            "majority_of_colleges",
            f"{rule.majority_of_colleges} collèges favorables sont demandés, "
            f"{len(rule.weights)} existent.",
        )


def tally(rule: Rule, counts: Iterable[Count], *, casting_vote: Choice | None = None) -> VoteResult:
    """Return what the votes decide under a sound rule.

    A college of the rule without a count has nobody on its roll. `casting_vote` is the chair's,
    given only where the rule book lets it break a tie; it stands for the threshold alone, the
    quorum and the majority of colleges are still asked for.
    """
    counted = {one.college: one for one in counts}
    assert counted.keys() <= rule.weights.keys(), "every member sits in a college of the rule"
    results = {
        college: _college(rule, weight, counted.get(college, Count(college, 0, 0, 0, 0, 0)))
        for college, weight in rule.weights.items()
    }
    participation = sum(
        (rule.weights[name] * Fraction(one.voted, one.units))
        for name, one in results.items()
        if one.units
    )
    quorum = participation >= rule.quorum and all(
        Fraction(one.voted, one.units) >= (rule.quorum_per_college or 0)
        for one in results.values()
        if one.units
    )
    score = _score(rule, results)
    majorities = sum(one.majority for one in results.values())
    reason = VoteOutcome.NO_QUORUM
    if quorum:
        reason = _outcome(rule, score, majorities, results, casting_vote)
    return VoteResult(
        quorum=quorum,
        adopted=reason is VoteOutcome.ADOPTED,
        score=None if score is None else str(score),
        reason=reason,
        participation=str(participation),
        majorities=majorities,
        colleges=results,
    )


def _college(rule: Rule, weight: Fraction, count: Count) -> CollegeResult:
    units = count.roll - count.recused
    expressed = count.in_favour + count.against
    voted = expressed + count.abstain
    assert 0 <= voted <= units, "nobody votes who is not on the roll"
    counted = expressed if rule.base is VoteBase.EXPRESSED else voted
    share = Fraction(count.in_favour, counted) if counted else None
    if share is None and rule.empty is EmptyCollege.AS_ZERO:
        share = Fraction()
    return CollegeResult(
        weight=str(weight),
        roll=count.roll,
        recused=count.recused,
        units=units,
        in_favour=count.in_favour,
        against=count.against,
        abstain=count.abstain,
        voted=voted,
        counted=counted,
        turnout=str(Fraction(voted, units)) if units else None,
        share=None if share is None else str(share),
        majority=share is not None and share > HALF,
    )


def _score(rule: Rule, results: Mapping[str, CollegeResult]) -> Fraction | None:
    """Return the score, None when no college or, where that is the rule, not every one has one."""
    shares = {name: Fraction(one.share) for name, one in results.items() if one.share is not None}
    if not shares or (rule.empty is EmptyCollege.INVALID and len(shares) < len(results)):
        return None
    if rule.mode is VoteMode.WINNER_TAKES_ALL:
        won = (rule.weights[name] for name, share in shares.items() if share > HALF)
        return sum(won, Fraction())
    weighed = sum((rule.weights[name] * share for name, share in shares.items()), Fraction())
    return weighed / sum((rule.weights[name] for name in shares), Fraction())


def _outcome(
    rule: Rule,
    score: Fraction | None,
    majorities: int,
    results: Mapping[str, CollegeResult],
    casting_vote: Choice | None,
) -> VoteOutcome:
    if score is None:
        some = any(one.share is not None for one in results.values())
        return VoteOutcome.INVALID if some else VoteOutcome.NOTHING_EXPRESSED
    if is_tied(rule, score) and casting_vote is not Choice.FOR:
        return VoteOutcome.TIED
    if score < rule.threshold:
        return VoteOutcome.BELOW_THRESHOLD
    if majorities < rule.majority_of_colleges:
        return VoteOutcome.TOO_FEW_COLLEGES
    return VoteOutcome.ADOPTED


def is_tied(rule: Rule, score: Fraction | None) -> bool:
    """Tell whether a vote is at one half where more than one half is asked for."""
    return score == HALF == rule.threshold
