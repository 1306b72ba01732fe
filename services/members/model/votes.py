"""Rows of votes, and the documents they are made from."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from contracts.events.members import AwardShare
from contracts.events.members.votes import Choice, RuleBook
from contracts.http.members.votes import AdoptRuleBook
from contracts.values import College
from services.members.model.tally import Rule

GENESIS = "0" * 64
# Sorted keys without spaces are RFC 8785 here: keys are ASCII, numbers whole and below 2**53.
_CANONICAL = msgspec.json.Encoder(order="sorted")
PARIS = ZoneInfo("Europe/Paris")


class RuleBookRow(msgspec.Struct, frozen=True):
    """Columns of a rule book, in the order of the queries; the document is canonical JSON."""

    coordination: str
    version: int
    rule_book_id: UUID
    adopted_on: date
    document: str
    sha256: str


class ResolutionRow(msgspec.Struct, frozen=True):
    """Columns of a resolution, in the order of the queries."""

    coordination: str
    resolution_id: UUID
    session_id: UUID | None
    committee: str | None
    title: str
    text: str
    object: str
    rule_book: int
    rule_book_sha256: str
    diagnostic_version: int | None
    award_actions: list[str]
    award_funds: list[str]
    award_cents: list[int]
    interested: list[str]
    chair: UUID | None
    call: int
    second_call_of: UUID | None
    opened_at: datetime
    closes_at: datetime | None
    clock: datetime
    last_seq: int
    step: int
    fact_digest: str
    entry_digest: str
    closed_at: datetime | None
    casting_vote: str | None
    result: str | None

    @property
    def awards(self) -> list[AwardShare]:
        """What the resolution would give, in order."""
        columns = zip(self.award_actions, self.award_funds, self.award_cents, strict=True)
        return [AwardShare(action=one, fund=two, amount_cents=cents) for one, two, cents in columns]

    @property
    def is_about_money(self) -> bool:
        """Whether money is at stake: then nothing of its vote is secret."""
        return bool(self.award_cents) or self.object in {"FUNDING_RULE", "PROPOSED_AWARD"}


class VoterRow(msgspec.Struct, frozen=True):
    """Columns of a member on a roll, in the order of the queries."""

    member_id: UUID
    organization: str
    college: str
    units: int
    recusal: str | None


class KnownBallot(msgspec.Struct, frozen=True):
    """Columns of a ballot and its resolution, in the order of the queries."""

    resolution_id: UUID
    seq: int
    ballot_id: UUID
    member_id: UUID
    holder_id: UUID | None
    choice: str
    cast_at: datetime


class BallotRow(msgspec.Struct, frozen=True):
    """Columns of a ballot, in the order of the queries."""

    seq: int
    ballot_id: UUID
    member_id: UUID
    holder_id: UUID | None
    choice: str
    cast_at: datetime


class ShownBallot(msgspec.Struct, frozen=True):
    """Columns of a ballot as it is shown, in the order of the queries."""

    seq: int
    member_id: UUID
    college: str
    choice: str
    holder_id: UUID | None
    cast_at: datetime


class ProxyRow(msgspec.Struct, frozen=True):
    """Columns of a proxy that holds, in the order of the queries."""

    giver: UUID
    holder: UUID
    given_on: date


class PlaceRow(msgspec.Struct, frozen=True):
    """The committee of a session, its kind when it is one; all colleges when it has none."""

    committee: str | None
    type: str | None


class FactRow(msgspec.Struct, frozen=True):
    """A published fact, in the order of the queries."""

    event_id: UUID
    aggregate: str
    version: int
    type: str
    source: str
    causation_id: str | None
    correlation_id: str | None
    data: bytes
    at: datetime


def rule_book_of(asked: AdoptRuleBook) -> RuleBook:
    """Return the rule book that is asked for, without its id and its day."""
    named = {name: getattr(asked, name) for name in RuleBook.__struct_fields__}
    return RuleBook(**named)


MODEL = rule_book_of(
    AdoptRuleBook(
        adopted_on=date.min,
        colleges={
            College.PRIVATE.value: "2/5",
            College.DIGITAL_MEDIATION.value: "7/20",
            College.INSTITUTIONAL.value: "1/4",
        },
    )
)
"""What a coordination of three colleges may start from."""


def rule_of(book: RuleBook, *, call: int = 1) -> Rule:
    """Return the rule of a call; a second call has the quorums that the rule book gives it."""
    again = book.second_call if call > 1 else None
    assert call == 1 or again is not None, "a second call was open to this rule book"
    per_college = again.quorum_per_college if again else book.quorum_per_college
    return Rule(
        weights={college: Fraction(weight) for college, weight in book.colleges.items()},
        mode=book.mode,
        base=book.base,
        empty=book.empty,
        quorum=Fraction(again.quorum if again else book.quorum),
        quorum_per_college=None if per_college is None else Fraction(per_college),
        threshold=Fraction(book.threshold),
        majority_of_colleges=book.majority_of_colleges,
    )


def canonical(content: object) -> str:
    """Return a document in canonical JSON (RFC 8785)."""
    return _CANONICAL.encode(content).decode()


def sha256(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def link(previous: str, content: Mapping[str, Any]) -> str:
    """Return the digest of what follows `previous` in a chain; its own `digest` is left out."""
    bare = {name: value for name, value in content.items() if name != "digest"}
    return hashlib.sha256(bytes.fromhex(previous) + _CANONICAL.encode(bare)).hexdigest()


def closed_since(row: ResolutionRow, at: datetime) -> datetime | None:
    """Return since when a vote receives nothing, None while it is open at `at`."""
    if row.closed_at is not None:
        return row.closed_at
    return row.closes_at if row.closes_at is not None and row.closes_at <= at else None


def casting_vote(book: RuleBook, ballot: BallotRow | None) -> Choice | None:
    """Return how the chair breaks a tie, from its own ballot, where the rule book lets it."""
    if not book.casting_vote or ballot is None:
        return None
    choice = Choice(ballot.choice)
    return choice if choice in {Choice.FOR, Choice.AGAINST} else None
