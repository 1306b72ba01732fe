"""Rankings of action sheets counted by Borda's method, college by college, in exact fractions.

Why Borda: a place is worth points whatever the others gave, so that partial rankings count, the
result needs no rounds that a reader would have to replay, and an action that every college finds
good goes before one that a single college puts first. It orders advice on priorities; money is
never awarded by it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from uuid import UUID

import msgspec

from services.members.errors.priorities import RankingDoesNotFit


class Ballot(msgspec.Struct, frozen=True):
    """Columns of a prioritisation, in the order of the queries."""

    coordination: str
    prioritisation_id: UUID
    title: str
    committee: str | None
    actions: list[str]
    colleges: list[str]
    weights: list[str]
    closes_at: datetime
    opened_at: datetime
    closed_at: datetime | None

    def weight_of(self) -> dict[str, Fraction]:
        """Return the weight of each college, as it was when the ballot opened."""
        return {c: Fraction(w) for c, w in zip(self.colleges, self.weights, strict=True)}


class CastRanking(msgspec.Struct, frozen=True):
    """Columns of a ranking, in the order of the queries."""

    member_id: UUID
    college: str
    actions: list[str]
    times: int


class Place(msgspec.Struct, frozen=True):
    """An action at its place."""

    action: str
    rank: int
    score: Fraction


def must_rank(actions: Sequence[str], ranked: Sequence[str]) -> None:
    """Refuse a ranking that names an action twice, or one that is not ranked here.

    Raises:
        RankingDoesNotFit: it does.
    """
    for place, action in enumerate(ranked):
        if action not in actions:
            raise RankingDoesNotFit(action, "n'est pas à classer ici")
        if action in ranked[:place]:
            raise RankingDoesNotFit(action, "est classée deux fois")


def points(actions: Sequence[str], ranked: Sequence[str]) -> dict[str, int]:
    """Return twice the points of each action in one ranking.

    Of n actions the first is worth n - 1, the last 0; those left out share equally the points of
    the places that are left, which doubling keeps whole. They add up to n x (n - 1).
    """
    count, left = len(actions), len(actions) - len(ranked)
    given = dict.fromkeys(actions, left - 1)
    given.update({action: 2 * (count - place) for place, action in enumerate(ranked, start=1)})
    assert sum(given.values()) == count * (count - 1)
    return given


def scores(actions: Sequence[str], rankings: Sequence[Sequence[str]]) -> dict[str, Fraction]:
    """Return each action's score in one college, between 0 (always last) and 1 (always first)."""
    assert len(actions) > 1, "one action alone is not ranked"
    total = dict.fromkeys(actions, 0)
    for ranked in rankings:
        for action, given in points(actions, ranked).items():
            total[action] += given
    most = 2 * (len(actions) - 1) * len(rankings)
    return {action: Fraction(given, most) for action, given in total.items()} if rankings else {}


def by_college(ballot: Ballot, rankings: Sequence[CastRanking]) -> dict[str, dict[str, Fraction]]:
    """Return the scores of each college that gave at least one ranking."""
    cast: dict[str, list[list[str]]] = {}
    for one in rankings:
        cast.setdefault(one.college, []).append(one.actions)
    return {college: scores(ballot.actions, cast[college]) for college in sorted(cast)}


def places(
    actions: Sequence[str],
    found: Mapping[str, Mapping[str, Fraction]],
    weights: Mapping[str, Fraction],
) -> list[Place]:
    """Rank actions by the weighted mean of the colleges' scores; equal scores share a rank.

    A college without a ranking gives its weight to the others, in proportion. After two actions
    that share rank 1 comes rank 3. With no ranking at all, nothing is ranked.
    """
    total = sum((weights[college] for college in found), Fraction(0))
    if not total:
        return []
    mean = {
        action: sum((weights[c] * found[c][action] for c in found), Fraction(0)) / total
        for action in actions
    }
    ordered = sorted(actions, key=lambda action: (-mean[action], action))
    return [
        Place(action, 1 + sum(other > mean[action] for other in mean.values()), mean[action])
        for action in ordered
    ]
