"""Recompute the result of a vote in whole numbers, over common denominators.

Written again on purpose, from the published rules and not from the service: an auditor that shared
the service's arithmetic would share its mistakes. A ratio is a pair, numerator and denominator.
"""

import math
import re
from typing import Any, NamedTuple

Ratio = tuple[int, int]
HALF = (1, 2)
_RATIO = re.compile(r"(0|[1-9][0-9]*)(?:/([1-9][0-9]*))?")


class Units(NamedTuple):
    """The units of a college: on the roll, recused, and what the others said."""

    roll: int
    recused: int
    yes: int
    no: int
    abstained: int


def ratio(text: object) -> Ratio:
    """Read a ratio as it is written: `7/20`, or a whole number.

    Raises:
        ValueError: it is not one.
    """
    found = _RATIO.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError(f"« {text} » n'est pas un nombre rationnel")
    return int(found[1]), int(found[2] or 1)


def written(one: Ratio) -> str:
    """Write a ratio in its lowest terms."""
    top, bottom = one
    shared = math.gcd(top, bottom)
    return str(top // shared) if bottom == shared else f"{top // shared}/{bottom // shared}"


def above(one: Ratio, other: Ratio) -> bool:
    """Tell whether a ratio is strictly greater than another."""
    return one[0] * other[1] > other[0] * one[1]


def same(one: Ratio, other: Ratio) -> bool:
    """Tell whether two ratios are equal."""
    return one[0] * other[1] == other[0] * one[1]


def unsound(rule: dict[str, Any]) -> str | None:
    """Say why a rule book has no meaning, None when it has one."""
    weights = [ratio(weight) for weight in rule["colleges"].values()]
    if any(above((1, 10), one) or above(one, HALF) for one in weights):
        return "un poids du règlement sort de 1/10 à 1/2"
    if not weights or not same(_sum(weights), (1, 1)):
        return "les poids du règlement ne font pas 1"
    threshold = ratio(rule["threshold"])
    if above(HALF, threshold) or above(threshold, (1, 1)):
        return "le seuil du règlement sort de 1/2 à 1"
    return None


def _sum(ratios: list[Ratio]) -> Ratio:
    bottom = math.lcm(*(one[1] for one in ratios)) if ratios else 1
    return sum(top * (bottom // under) for top, under in ratios), bottom


def recompute(
    rule: dict[str, Any], counted: dict[str, Units], *, call: int = 1, casting: str | None = None
) -> dict[str, Any]:
    """Return the result of a vote as it is published, from the units of its colleges.

    Args:
        rule: the rule book as it is published.
        counted: by college; one that is absent has nobody on its roll.
        call: 2 takes the quorums of the second call.
        casting: the chair's own vote, where the rule book lets it break a tie.
    """
    quorums = rule if call == 1 else rule["second_call"]
    colleges = {
        name: _college(rule, weight, counted.get(name, Units(0, 0, 0, 0, 0)))
        for name, weight in rule["colleges"].items()
    }
    present = [
        (one["voted"] * ratio(one["weight"])[0], one["units"] * ratio(one["weight"])[1])
        for one in colleges.values()
        if one["units"]
    ]
    participation = _sum(present)
    quorum = not above(ratio(quorums["quorum"]), participation)
    if quorums.get("quorum_per_college") is not None:
        least = ratio(quorums["quorum_per_college"])
        quorum &= not any(
            above(least, (one["voted"], one["units"])) for one in colleges.values() if one["units"]
        )
    score = _score(rule, colleges)
    majorities = sum(one["majority"] for one in colleges.values())
    reason = "NO_QUORUM"
    if quorum:
        reason = _reason(rule, score, majorities, colleges, casting)
    return {
        "quorum": quorum,
        "adopted": reason == "ADOPTED",
        "score": None if score is None else written(score),
        "reason": reason,
        "participation": written(participation),
        "majorities": majorities,
        "colleges": colleges,
    }


def _college(rule: dict[str, Any], weight: str, one: Units) -> dict[str, Any]:
    units, voted = one.roll - one.recused, one.yes + one.no + one.abstained
    counted = one.yes + one.no if rule["base"] == "expressed" else voted
    share = (one.yes, counted) if counted else None
    if share is None and rule["empty"] == "as_zero":
        share = (0, 1)
    return {
        "weight": written(ratio(weight)),
        "roll": one.roll,
        "recused": one.recused,
        "units": units,
        "for": one.yes,
        "against": one.no,
        "abstain": one.abstained,
        "voted": voted,
        "counted": counted,
        "turnout": written((voted, units)) if units else None,
        "share": None if share is None else written(share),
        "majority": share is not None and above(share, HALF),
    }


def _score(rule: dict[str, Any], colleges: dict[str, dict[str, Any]]) -> Ratio | None:
    defined = [one for one in colleges.values() if one["share"] is not None]
    if not defined or (rule["empty"] == "invalid" and len(defined) < len(colleges)):
        return None
    if rule["mode"] == "winner_takes_all":
        return _sum([ratio(one["weight"]) for one in defined if one["majority"]])
    weights = [ratio(one["weight"]) for one in defined]
    shares = [ratio(one["share"]) for one in defined]
    products = [
        (weight[0] * share[0], weight[1] * share[1])
        for weight, share in zip(weights, shares, strict=True)
    ]
    top, bottom = _sum(products), _sum(weights)
    return top[0] * bottom[1], top[1] * bottom[0]


def is_tied(rule: dict[str, Any], score: Ratio | None) -> bool:
    """Tell whether a vote is at one half, where more is asked for."""
    return score is not None and same(score, HALF) and same(ratio(rule["threshold"]), HALF)


def _reason(
    rule: dict[str, Any],
    score: Ratio | None,
    majorities: int,
    colleges: dict[str, dict[str, Any]],
    casting: str | None,
) -> str:
    if score is None:
        some = any(one["share"] is not None for one in colleges.values())
        return "INVALID" if some else "NOTHING_EXPRESSED"
    if is_tied(rule, score):
        if casting != "for":
            return "TIED"
    elif above(ratio(rule["threshold"]), score):
        return "BELOW_THRESHOLD"
    if majorities < rule["majority_of_colleges"]:
        return "TOO_FEW_COLLEGES"
    return "ADOPTED"
