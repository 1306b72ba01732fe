"""Facts of a vote, from which anyone recomputes its result.

The facts of one resolution form a chain: each says its rank (`step`), the `digest` of the one
before it (`prev`) and its own, SHA-256 of `prev` in bytes followed by the canonical JSON (RFC 8785)
of the fact without `digest`. The entries inside them, first the members of the roll and then the
ballots, form a second chain of the same make, so that an altered entry is named and not only the
fact that carries it. docs/votes.md shows how to verify both by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.envelope import Fact
from contracts.events.members.acts import AwardShare
from contracts.values import Label, Slug

ENTRIES_MAX = 200
Ratio = Annotated[
    str,
    Meta(
        pattern="^(0|[1-9][0-9]{0,17})(/[1-9][0-9]{0,17})?$",
        description="A rational number, as in `7/20`.",
    ),
]
Digest = Annotated[
    str, Meta(pattern="^[0-9a-f]{64}$", description="SHA-256 of a link, in hexadecimal.")
]
Units = Annotated[int, Meta(ge=0, le=10**15)]
Seq = Annotated[int, Meta(ge=1)]


class VoteMode(StrEnum):
    """How the shares of the colleges make a score."""

    PROPORTIONAL = "proportional"
    WINNER_TAKES_ALL = "winner_takes_all"


class VoteBase(StrEnum):
    """What a college's share is a share of: votes for and against, or all who took part."""

    EXPRESSED = "expressed"
    PRESENT = "present"


class EmptyCollege(StrEnum):
    """What becomes of the weight of a college whose share is undefined."""

    REDISTRIBUTE = "redistribute"
    AS_ZERO = "as_zero"
    INVALID = "invalid"


class Choice(StrEnum):
    """What a ballot says; a blank one counts as an abstention."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"
    BLANK = "blank"


class ResolutionObject(StrEnum):
    """What the colleges are asked to adopt."""

    DEFINITION = "DEFINITION"
    ROADMAP = "ROADMAP"
    PRIORITIES = "PRIORITIES"
    FUNDING_RULE = "FUNDING_RULE"
    PROPOSED_AWARD = "PROPOSED_AWARD"
    ADMISSION = "ADMISSION"
    RULE_BOOK = "RULE_BOOK"
    OTHER = "OTHER"


class RecusalGround(StrEnum):
    """Why a member leaves the roll.

    Its organisation is interested, or its representative is one of an interested organisation's,
    or it said so itself.
    """

    INTERESTED = "INTERESTED"
    REPRESENTATIVE = "REPRESENTATIVE"
    DECLARED = "DECLARED"


class VoteOutcome(StrEnum):
    """Why a resolution is adopted or not: the first condition that fails, in this order."""

    NO_QUORUM = "NO_QUORUM"
    INVALID = "INVALID"
    NOTHING_EXPRESSED = "NOTHING_EXPRESSED"
    TIED = "TIED"
    BELOW_THRESHOLD = "BELOW_THRESHOLD"
    TOO_FEW_COLLEGES = "TOO_FEW_COLLEGES"
    ADOPTED = "ADOPTED"


class SecondCall(msgspec.Struct, frozen=True, kw_only=True):
    """How the same agenda is voted again when the first call had no quorum."""

    days: Annotated[int, Meta(ge=0, le=365)]
    quorum: Ratio
    quorum_per_college: Ratio | None = None


class RuleBook(msgspec.Struct, frozen=True, kw_only=True):
    """How a coordination votes; `colleges` gives the weight of each, which add up to 1.

    A threshold of 1/2 must be passed, a higher one is enough when reached, 1 is unanimity.
    """

    colleges: dict[str, Ratio]
    mode: VoteMode
    base: VoteBase
    empty: EmptyCollege
    quorum: Ratio
    quorum_per_college: Ratio | None
    threshold: Ratio
    majority_of_colleges: Annotated[int, Meta(ge=0, le=10)]
    proxies_max_per_holder: Annotated[int, Meta(ge=0, le=100)]
    second_call: SecondCall | None
    casting_vote: bool


class RollEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A member on the frozen roll of a resolution, its voting units and why it left, if it did."""

    member: UUID
    college: str
    units: Annotated[int, Meta(ge=1, le=10**6)]
    recusal: RecusalGround | None = None
    digest: Digest


class BallotEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A ballot at its sequence number; `holder` is the member that cast it by proxy."""

    seq: Seq
    member: UUID
    choice: Choice
    holder: UUID | None = None
    digest: Digest


class CollegeResult(msgspec.Struct, frozen=True, kw_only=True):
    """The count of a college, in units; `units` are those of the roll less the recused.

    `turnout` is `voted` over `units`, and `share` is `for` over `counted`; null when the divisor
    is zero.
    """

    weight: Ratio
    roll: Units
    recused: Units
    units: Units
    in_favour: Units = msgspec.field(name="for")
    against: Units
    abstain: Units
    voted: Units
    counted: Units
    turnout: Ratio | None
    share: Ratio | None
    majority: bool


class VoteResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a vote decided, with every number needed to recompute it.

    `participation` is what the quorum is held against, `majorities` how many colleges are above
    one half.
    """

    quorum: bool
    adopted: bool
    score: str | None
    reason: VoteOutcome
    participation: str
    majorities: Annotated[int, Meta(ge=0, le=10)]
    colleges: dict[str, CollegeResult]


class RuleBookAdopted(Fact, frozen=True, kw_only=True):
    """A coordination has a new version of its rule book; earlier ones stay as they were."""

    TYPE: ClassVar[str] = "fr.ctin.members.rule_book_adopted.v1"

    version: Annotated[int, Meta(ge=1)]
    adopted_on: date
    rule_book: RuleBook
    sha256: Digest

    @property
    def aggregate(self) -> str:
        """The rule books of the coordination."""
        return f"{self.coordination}/rule-books"


class _Linked(Fact, frozen=True, kw_only=True):
    """What every fact of a resolution says of its place in the chain."""

    resolution_id: UUID
    step: Annotated[int, Meta(ge=1)]
    prev: Digest
    digest: Digest

    @property
    def aggregate(self) -> str:
        """The resolution."""
        return str(self.resolution_id)


class ResolutionOpened(_Linked, frozen=True, kw_only=True):
    """A vote began: what is asked, under which rule book, and the first members of the roll.

    The roll has `roll_members` in all; those that do not fit here follow in `RollContinued`.
    """

    TYPE: ClassVar[str] = "fr.ctin.members.resolution_opened.v1"

    title: Label
    text_sha256: Digest
    object: ResolutionObject
    session_id: UUID | None = None
    committee: Slug | None = None
    call: Annotated[int, Meta(ge=1, le=2)] = 1
    second_call_of: UUID | None = None
    rule_book_version: Annotated[int, Meta(ge=1)]
    rule_book: RuleBook
    rule_book_sha256: Digest
    diagnostic_version: Annotated[int, Meta(ge=1)] | None = None
    awards: Annotated[list[AwardShare], Meta(max_length=200)] = []
    interested: Annotated[list[Slug], Meta(max_length=20)] = []
    chair: UUID | None = None
    opened_at: datetime
    closes_at: datetime | None = None
    roll_members: Annotated[int, Meta(ge=1)]
    roll: Annotated[list[RollEntry], Meta(max_length=ENTRIES_MAX)]


class RollContinued(_Linked, frozen=True, kw_only=True):
    """The next members of the roll of a resolution that was just opened."""

    TYPE: ClassVar[str] = "fr.ctin.members.roll_continued.v1"

    roll: Annotated[list[RollEntry], Meta(min_length=1, max_length=ENTRIES_MAX)]


class RecusalDeclared(_Linked, frozen=True, kw_only=True):
    """A member left the roll; its ballots and the proxies it gave or held count for nothing."""

    TYPE: ClassVar[str] = "fr.ctin.members.recusal_declared.v1"

    member: UUID
    declared_at: datetime


class ProxyUsed(_Linked, frozen=True, kw_only=True):
    """A member is about to vote for another for the first time in this resolution."""

    TYPE: ClassVar[str] = "fr.ctin.members.proxy_used.v1"

    giver: UUID
    holder: UUID
    given_on: date


class BallotCast(_Linked, frozen=True, kw_only=True):
    """Ballots were cast, in order of their sequence numbers, at one instant of the database."""

    TYPE: ClassVar[str] = "fr.ctin.members.ballot_cast.v1"

    cast_at: datetime
    ballots: Annotated[list[BallotEntry], Meta(min_length=1, max_length=ENTRIES_MAX)]


class ResolutionClosed(_Linked, frozen=True, kw_only=True):
    """A vote is over: `ballots` were cast, and this is what they decide, once and for all.

    `casting_vote` is the chair's, when it broke a tie.
    """

    TYPE: ClassVar[str] = "fr.ctin.members.resolution_closed.v1"

    closed_at: datetime
    ballots: Annotated[int, Meta(ge=0)]
    casting_vote: Choice | None = None
    result: VoteResult
