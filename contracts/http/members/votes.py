"""Bodies of rule books, resolutions and ballots."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.events.members import AwardShare
from contracts.events.members.votes import (
    Choice,
    EmptyCollege,
    Ratio,
    RecusalGround,
    ResolutionObject,
    RuleBook,
    SecondCall,
    VoteBase,
    VoteMode,
    VoteResult,
)
from contracts.http.members.values import Awards
from contracts.values import Label, Slug

BALLOTS_MAX = 500
TEXT_CHARS_MAX = 20_000
CollegeName = Annotated[str, Meta(pattern="^[A-Z][A-Z0-9_]{0,39}$")]


class AdoptRuleBook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule book to adopt, under the next version number; what is left out is the model's.

    Weights are between 1/10 and 1/2 and add up to 1.
    """

    id: UUID | None = None
    adopted_on: date
    colleges: Annotated[dict[CollegeName, Ratio], Meta(min_length=1, max_length=10)]
    mode: VoteMode = VoteMode.PROPORTIONAL
    base: VoteBase = VoteBase.EXPRESSED
    empty: EmptyCollege = EmptyCollege.REDISTRIBUTE
    quorum: Ratio = "0"
    quorum_per_college: Ratio | None = "1/2"
    threshold: Ratio = "1/2"
    majority_of_colleges: Annotated[int, Meta(ge=0, le=10)] = 2
    proxies_max_per_holder: Annotated[int, Meta(ge=0, le=100)] = 2
    second_call: SecondCall | None = None
    casting_vote: bool = False


class AdoptedRuleBook(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a rule book and the SHA-256 of its canonical JSON; it never changes."""

    coordination: str
    version: int
    adopted_on: date
    rule_book: RuleBook
    sha256: str


class AdoptedRuleBooks(msgspec.Struct, frozen=True, kw_only=True):
    """A page of rule books, the latest first; `cursor` asks for the next one, null at the end."""

    items: list[AdoptedRuleBook]
    cursor: str | None = None


class OpenResolution(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the colleges are asked to vote on; the roll is frozen as it opens.

    `rule_book` is a version, the latest by default. `interested` are the organisations that lead
    what is voted or would be paid: they and their representatives leave the roll. `chair` is the
    member whose vote breaks a tie where the rule book says so. A resolution that is the second
    call of another repeats its agenda.
    """

    id: UUID | None = None
    title: Label
    text: Annotated[str, Meta(min_length=1, max_length=TEXT_CHARS_MAX)]
    object: ResolutionObject
    session: UUID | None = None
    committee: Slug | None = None
    rule_book: Annotated[int, Meta(ge=1, le=10**6)] | None = None
    diagnostic_version: Annotated[int, Meta(ge=1, le=10**6)] | None = None
    awards: Awards = []
    interested: Annotated[list[Slug], Meta(max_length=20)] = []
    chair: UUID | None = None
    closes_at: Annotated[datetime, Meta(tz=True)] | None = None
    second_call_of: UUID | None = None


class VoteState(StrEnum):
    """Where a vote stands; one past its hour receives nothing more and waits for its close."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"


class Resolution(msgspec.Struct, frozen=True, kw_only=True):
    """What the colleges vote on; `ballots` is the last sequence number given."""

    id: UUID
    coordination: str
    title: str
    text: str
    object: ResolutionObject
    session: UUID | None
    committee: str | None
    rule_book: int
    rule_book_sha256: str
    diagnostic_version: int | None
    awards: list[AwardShare]
    total_cents: int
    interested: list[str]
    chair: UUID | None
    call: int
    second_call_of: UUID | None
    opened_at: datetime
    closes_at: datetime | None
    closed_at: datetime | None
    state: VoteState
    ballots: int


class Resolutions(msgspec.Struct, frozen=True, kw_only=True):
    """A page of resolutions by id; `cursor` asks for the next one, null at the end."""

    items: list[Resolution]
    cursor: str | None = None


class Voter(msgspec.Struct, frozen=True, kw_only=True):
    """A member on the frozen roll; a `recusal` says why it left."""

    member: UUID
    organization: str
    college: str
    units: int
    recusal: RecusalGround | None


class Roll(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the roll by member; `cursor` asks for the next one, null at the end."""

    items: list[Voter]
    cursor: str | None = None


class DeclareRecusal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member that leaves the debate and the vote; it does not come back."""

    member: UUID


class CastBallot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ballot of `member`; `holder` is the member that casts it by proxy, if one does."""

    id: UUID | None = None
    member: UUID
    choice: Choice
    holder: UUID | None = None


class BallotStatus(StrEnum):
    """What became of a ballot: taken now, taken before, or refused."""

    CAST = "cast"
    EXISTS = "exists"
    REFUSED = "refused"


class BallotAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a ballot; a refused one has a code, a field and a sentence, and no `seq`."""

    id: UUID
    member: UUID
    choice: Choice
    holder: UUID | None = None
    status: BallotStatus
    seq: int | None = None
    code: str | None = None
    field: str | None = None
    detail: str | None = None


class BallotAnswers(msgspec.Struct, frozen=True, kw_only=True):
    """An answer to each ballot of a list, in order."""

    items: list[BallotAnswer]


class Ballot(msgspec.Struct, frozen=True, kw_only=True):
    """A ballot as it was received."""

    seq: int
    member: UUID
    college: str
    choice: Choice
    holder: UUID | None
    cast_at: datetime


class Ballots(msgspec.Struct, frozen=True, kw_only=True):
    """A page of ballots by sequence number; `cursor` asks for the next one, null at the end."""

    items: list[Ballot]
    cursor: str | None = None


class Result(VoteResult, frozen=True, kw_only=True):
    """What a vote decided, as `ctin tally` gives it, and what it was decided on.

    `digest` is that of the fact that closes the vote: whoever has it knows the whole chain.
    """

    resolution: UUID
    call: int
    rule_book: int
    rule_book_sha256: str
    ballots: int
    closed_at: datetime | None
    casting_vote: Choice | None
    digest: str
