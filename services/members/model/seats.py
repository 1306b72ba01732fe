"""What a membership is, how it moves, and whether it votes."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from contracts.http.members.membership import MemberActKind
from contracts.http.members.seats import MemberRole, MemberState
from services.members.errors.membership import DayIsToCome
from services.members.model.days import day_of

PARIS = ZoneInfo("Europe/Paris")
WITHOUT_VOTE = frozenset({MemberRole.ADVISER, MemberRole.OBSERVER})
STEPS: dict[MemberActKind, tuple[frozenset[MemberState], MemberState]] = {
    MemberActKind.APPLIED: (
        frozenset({MemberState.WITHDRAWN, MemberState.REFUSED}),
        MemberState.CANDIDATE,
    ),
    MemberActKind.CONFIRMED: (frozenset({MemberState.CANDIDATE}), MemberState.CONFIRMED),
    MemberActKind.REFUSED: (frozenset({MemberState.CANDIDATE}), MemberState.REFUSED),
    MemberActKind.WITHDRAWN: (
        frozenset({MemberState.CANDIDATE, MemberState.CONFIRMED}),
        MemberState.WITHDRAWN,
    ),
}
"""From where an act takes a membership, and where to; a candidate may withdraw its demand."""


class Membership(msgspec.Struct, frozen=True):
    """Columns of a member with those of its organisation, in the order of the queries."""

    coordination: str
    member_id: UUID
    organization: str
    name: str
    kind: str
    college: str
    section: str | None
    roles: list[str]
    units: int
    state: str
    effective_on: date


class MemberAct(msgspec.Struct, frozen=True):
    """Columns of an act of a membership's history, in the order of the queries."""

    coordination: str
    act_id: UUID
    member_id: UUID
    act: str
    effective_on: date
    reason: str | None
    college: str
    roles: list[str]
    units: int
    subject: str | None


class MemberActTold(msgspec.Struct, frozen=True):
    """An act as it is shown: its place in the history, and when it was recorded."""

    number: int
    act_id: UUID
    act: str
    effective_on: date
    reason: str | None
    college: str
    roles: list[str]
    units: int
    subject: str | None
    acted_at: datetime


class Candidate(msgspec.Struct, frozen=True):
    """A member of the queue: its place, and what it said when it asked."""

    number: int
    reason: str | None
    coordination: str
    member_id: UUID
    organization: str
    name: str
    kind: str
    college: str
    section: str | None
    roles: list[str]
    units: int
    state: str
    effective_on: date


class KindThere(msgspec.Struct, frozen=True):
    """A kind of organisation that a college has a confirmed member of."""

    college: str
    section: str | None
    kind: str


def votes(roles: Iterable[str]) -> bool:
    """Tell whether a confirmed member with these roles has a vote.

    An adviser or an observer, and nothing else, has none; with no role at all a member votes.
    """
    held = set(roles)
    return not held or not held <= WITHOUT_VOTE


def is_open(act: MemberActKind, state: str) -> bool:
    """Tell whether an act may be done to a membership that is in `state`."""
    return state in STEPS[act][0]


def must_have_come(day: date, now: datetime, *, field: str) -> None:
    """Refuse a day after today, for an act that holds as soon as it is recorded.

    Raises:
        DayIsToCome: it is.
    """
    if day > day_of(now):
        raise DayIsToCome(field, day)
