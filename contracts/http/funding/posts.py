"""Bodies of adviser posts, of the programmes that pay them and of their allocations."""

from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from contracts.http.funding.values import Line, Reference
from contracts.values import Cents, CentsOrZero, Slug

MONTHS_MAX = 120
STEPS_MAX = 12
HOLDERS_MAX = 20

Steps = Annotated[list[CentsOrZero], Meta(max_length=STEPS_MAX)]


class Sector(StrEnum):
    """Whose law a body follows; rates of posts and duties of payees depend on it."""

    PUBLIC = "PUBLIC"
    PRIVATE = "PRIVATE"


class EmployerKind(StrEnum):
    """What an employer of advisers is."""

    LOCAL_AUTHORITY = "LOCAL_AUTHORITY"
    OTHER_PUBLIC = "OTHER_PUBLIC"
    ASSOCIATION = "ASSOCIATION"
    COMPANY = "COMPANY"


class AdviserRole(StrEnum):
    """What the person of a post does, in the words of the field."""

    CONUM = "conum"
    COORDO = "coordo"
    DNS = "dns"


class PostState(StrEnum):
    """Whether someone holds a post, nobody does, or it went back to its funder for good."""

    VACANT = "VACANT"
    FILLED = "FILLED"
    RETURNED = "RETURNED"


class Contract(StrEnum):
    """The contract of work under which a post is filled."""

    CDD = "CDD"
    CDI = "CDI"
    CDP = "CDP"
    PEC = "PEC"


class PostEventKind(StrEnum):
    """What happens to a post."""

    FILLED = "filled"
    VACATED = "vacated"
    RETURNED = "returned"
    TRANSFERRED = "transferred"
    PAYMENT = "payment"
    BONUS = "bonus"
    CREDIT_NOTE = "credit_note"


class Rate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one post brings over its months, in instalments of equal length.

    `bonuses_cents` adds to the instalments of the same place, once the post is granted the bonus.
    """

    sector: Sector
    months: Annotated[int, Meta(ge=1, le=MONTHS_MAX)]
    instalments_cents: Annotated[list[Cents], Meta(min_length=1, max_length=STEPS_MAX)]
    bonuses_cents: Steps = []


class WriteProgramme(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A programme that pays adviser posts; its slug is in the address.

    `vacancy_months_max` is how long a post may stay vacant before it must be returned. The
    allocations of a programme stay within `envelope_cents` and `posts_max` where they are given.
    """

    name: Line
    funder: Slug
    rates: Annotated[list[Rate], Meta(min_length=1, max_length=2)]
    vacancy_months_max: Annotated[int, Meta(ge=0, le=MONTHS_MAX)] | None = None
    posts_max: Annotated[int, Meta(ge=1, le=10**6)] | None = None
    envelope_cents: Cents | None = None


class Programme(msgspec.Struct, frozen=True, kw_only=True):
    """A programme as it is known."""

    id: str
    name: str
    funder: str
    rates: list[Rate]
    vacancy_months_max: int | None
    posts_max: int | None
    envelope_cents: int | None


class Programmes(msgspec.Struct, frozen=True, kw_only=True):
    """A page of programmes; `cursor` asks for the next one, null at the end."""

    items: list[Programme]
    cursor: str | None = None


class Holder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A body that holds an allocation, alone or with others in proportion to their weights."""

    holder: Slug
    weight: Annotated[int, Meta(ge=1, le=10**6)] = 1


class WriteAllocation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Posts given to one holder or to several together; its slug is in the address.

    `estimated_cents` is what the State says it invests; it is shown and never counted as money
    of the holders.
    """

    programme: Slug
    holders: Annotated[list[Holder], Meta(min_length=1, max_length=HOLDERS_MAX)]
    posts: Annotated[int, Meta(ge=1, le=10**5)]
    amount_cents: CentsOrZero
    estimated_cents: CentsOrZero | None = None
    reference: Line | None = None


class HolderShare(msgspec.Struct, frozen=True, kw_only=True):
    """A holder's part of an allocation; the parts add up to the cent."""

    holder: str
    weight: int
    amount_cents: int


class Allocation(msgspec.Struct, frozen=True, kw_only=True):
    """An allocation as it is known. `per_post_cents` is null where cents would be left over."""

    id: str
    programme: str
    holders: list[HolderShare]
    posts: int
    amount_cents: int
    per_post_cents: int | None
    estimated_cents: int | None
    reference: str | None


class Allocations(msgspec.Struct, frozen=True, kw_only=True):
    """A page of allocations; the totals are those of all the coordination's, not of the page."""

    items: list[Allocation]
    posts_total: int
    amount_cents_total: int
    cursor: str | None = None


class WritePost(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An adviser post as it is opened, vacant; its slug is in the address.

    Who funds, who employs, who hosts and who deploys are four parties, often different. Without
    `ends_on`, the post lasts the months of its programme's rate.
    """

    programme: Slug
    employer: Slug
    host: Slug
    deployer: Slug
    employer_kind: EmployerKind
    starts_on: date
    funder: Slug | None = None
    ends_on: date | None = None
    role: AdviserRole = AdviserRole.CONUM
    allocation: Slug | None = None
    fund: Slug | None = None
    yearly_cost_cents: CentsOrZero | None = None
    reference: Line | None = None


class WritePostEvent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What happened to a post; its id is in the address, and events come in the order of days.

    `filled` takes a `contract`; `transferred` at least one new party; `payment` its `rank` and
    amount; `credit_note` its amount and reason; `bonus` and `vacated` nothing more.
    """

    kind: PostEventKind
    effective_on: date
    amount_cents: Cents | None = None
    rank: Annotated[int, Meta(ge=1, le=STEPS_MAX)] | None = None
    contract: Contract | None = None
    employer: Slug | None = None
    host: Slug | None = None
    deployer: Slug | None = None
    employer_kind: EmployerKind | None = None
    reason: Line | None = None


class PostEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An event of a post as it is known."""

    id: Reference
    kind: PostEventKind
    effective_on: date
    amount_cents: int | None = None
    rank: int | None = None
    contract: str | None = None
    employer: str | None = None
    host: str | None = None
    deployer: str | None = None
    employer_kind: str | None = None
    reason: str | None = None


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """A post as it stands on a day.

    `granted_cents` is what its rate brings, with the bonus and less the credit notes; `due_cents`
    the part of it that the months consumed earned; `to_return_cents` what was paid beyond, once
    the post is returned or over. `return_by` is the last day a vacancy may be filled.
    """

    id: str
    programme: str
    role: AdviserRole
    allocation: str | None
    fund: str | None
    funder: str
    employer: str
    host: str
    deployer: str
    employer_kind: EmployerKind
    starts_on: date
    ends_on: date
    reference: str | None
    yearly_cost_cents: int | None
    state: PostState
    since: date
    return_by: date | None
    must_return: bool
    months_total: int
    months_consumed: int
    months_left: int
    bonus_granted: bool
    granted_cents: int
    credit_cents: int
    paid_cents: int
    due_cents: int
    to_return_cents: int


class PostStep(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a post's months and the instalment that pays for it."""

    rank: int
    from_day: date
    until_day: date
    amount_cents: int
    paid_cents: int


class PostHistory(msgspec.Struct, frozen=True, kw_only=True):
    """A post, the steps of its funding and everything that happened to it."""

    post: Post
    steps: list[PostStep]
    events: list[PostEvent]


class EmployerFigure(msgspec.Struct, frozen=True, kw_only=True):
    """How many posts employers of a kind hold."""

    employer_kind: EmployerKind
    posts: int


class Posts(msgspec.Struct, frozen=True, kw_only=True):
    """A page of posts as they stand on `as_of`; `cursor` asks for the next one, null at the end.

    `by_employer` counts all the coordination's posts that were not returned.
    """

    as_of: date
    items: list[Post]
    by_employer: list[EmployerFigure]
    cursor: str | None = None
