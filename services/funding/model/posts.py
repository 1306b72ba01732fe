"""Adviser posts: a post is its opening and the events since, and every figure is told from them."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction

import msgspec

from contracts.http.funding.posts import EmployerKind, PostEventKind, PostState, Sector
from services.funding.errors.posts import (
    BonusGranted,
    PostAmountTooHigh,
    PostDayNotOpen,
    PostEventLacks,
    PostStateForbids,
)
from services.funding.model.months import add_months, half_up, months_over

_DAY = timedelta(days=1)
NEEDS: dict[PostEventKind, tuple[str, ...]] = {
    PostEventKind.FILLED: ("contract",),
    PostEventKind.PAYMENT: ("rank", "amount_cents"),
    PostEventKind.CREDIT_NOTE: ("amount_cents", "reason"),
}
"""What an event cannot be told without."""
ADMITS: dict[PostEventKind, frozenset[PostState]] = {
    PostEventKind.FILLED: frozenset({PostState.VACANT}),
    PostEventKind.VACATED: frozenset({PostState.FILLED}),
    PostEventKind.RETURNED: frozenset({PostState.VACANT, PostState.FILLED}),
    PostEventKind.TRANSFERRED: frozenset({PostState.VACANT, PostState.FILLED}),
    PostEventKind.BONUS: frozenset({PostState.VACANT, PostState.FILLED}),
    PostEventKind.PAYMENT: frozenset(PostState),
    PostEventKind.CREDIT_NOTE: frozenset(PostState),
}
"""The states in which an event may come; money may still move after a post was returned."""
PARTIES = ("employer", "host", "deployer", "employer_kind")


class ProgrammeRow(msgspec.Struct, frozen=True):
    """Columns of a programme."""

    programme: str
    name: str
    funder: str
    vacancy_months_max: int | None
    posts_max: int | None
    envelope_cents: int | None


class RateRow(msgspec.Struct, frozen=True):
    """Columns of a programme's rate for employers of a sector."""

    programme: str
    sector: str
    months: int
    instalments_cents: list[int]
    bonuses_cents: list[int]

    @property
    def step_months(self) -> int:
        """How long each instalment pays for."""
        return self.months // len(self.instalments_cents)

    def step_cents(self, rank: int, *, bonus: bool) -> int:
        """What the instalment of a rank brings, the first being 1."""
        extra = self.bonuses_cents[rank - 1] if bonus and rank <= len(self.bonuses_cents) else 0
        return self.instalments_cents[rank - 1] + extra


class AllocationRow(msgspec.Struct, frozen=True):
    """Columns of an allocation."""

    allocation: str
    programme: str
    posts: int
    amount_cents: int
    estimated_cents: int | None
    reference: str | None


class HolderRow(msgspec.Struct, frozen=True):
    """Columns of a holder of an allocation."""

    allocation: str
    holder: str
    weight: int


class PostRow(msgspec.Struct, frozen=True):
    """Columns of a post as it was opened."""

    post: str
    programme: str
    role: str
    funder: str
    employer: str
    host: str
    deployer: str
    employer_kind: str
    starts_on: date
    ends_on: date
    allocation: str | None
    fund: str | None
    yearly_cost_cents: int | None
    reference: str | None


class PostEventRow(msgspec.Struct, frozen=True):
    """Columns of an event of a post."""

    post: str
    event: str
    kind: str
    effective_on: date
    amount_cents: int | None = None
    rank: int | None = None
    contract: str | None = None
    employer: str | None = None
    host: str | None = None
    deployer: str | None = None
    employer_kind: str | None = None
    reason: str | None = None


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where a post is after some of its events; a filled period ends before its second day."""

    state: PostState
    since: date
    last_on: date
    employer: str
    host: str
    deployer: str
    employer_kind: str
    filled: tuple[tuple[date, date | None], ...] = ()
    contract: str | None = None
    bonus: bool = False
    credit_cents: int = 0
    paid: dict[int, int] = {}


class KnownPost(msgspec.Struct, frozen=True):
    """A post with all that its figures are told from."""

    row: PostRow
    programme: ProgrammeRow
    rate: RateRow
    events: list[PostEventRow]
    standing: Standing


def sector_of(employer_kind: str) -> Sector:
    """Return the sector whose rate a post of such an employer follows."""
    public = {EmployerKind.LOCAL_AUTHORITY, EmployerKind.OTHER_PUBLIC}
    return Sector.PUBLIC if employer_kind in public else Sector.PRIVATE


def opened(post: PostRow) -> Standing:
    """Return a post before any event: vacant from its first day."""
    return Standing(
        state=PostState.VACANT,
        since=post.starts_on,
        last_on=post.starts_on,
        **{name: getattr(post, name) for name in PARTIES},
    )


def told(
    post: PostRow, programme: ProgrammeRow, rate: RateRow, events: Iterable[PostEventRow]
) -> Standing:
    """Return where a post is after its events, which were all accepted in this order."""
    standing = opened(post)
    for event in events:
        standing = after(standing, event, post, programme, rate)
    return standing


def after(
    standing: Standing,
    event: PostEventRow,
    post: PostRow,
    programme: ProgrammeRow,
    rate: RateRow,
) -> Standing:
    """Return where a post is after one more event, or refuse it.

    Raises:
        Refusal: the event lacks something, the post's state or days forbid it, or its amount is
            over what the programme grants.
    """
    kind = PostEventKind(event.kind)
    for name in NEEDS.get(kind, ()):
        if getattr(event, name) is None:
            raise PostEventLacks(kind, name)
    if kind is PostEventKind.TRANSFERRED and all(getattr(event, one) is None for one in PARTIES):
        raise PostEventLacks(kind, "host")
    if standing.state not in ADMITS[kind]:
        raise PostStateForbids(post.post, standing.state, standing.since, kind)
    if event.effective_on < standing.last_on:
        raise PostDayNotOpen(post.post, event.effective_on, since=standing.last_on)
    changed = {"last_on": event.effective_on, **_change(kind, standing, event, post, rate)}
    if kind is PostEventKind.FILLED:
        _must_fill_in_time(standing, event, post, programme)
    return msgspec.structs.replace(standing, **changed)


def _change(
    kind: PostEventKind, standing: Standing, event: PostEventRow, post: PostRow, rate: RateRow
) -> dict[str, object]:
    on = event.effective_on
    match kind:
        case PostEventKind.FILLED:
            periods = (*standing.filled, (on, None))
            return {
                "state": PostState.FILLED,
                "since": on,
                "filled": periods,
                "contract": event.contract,
            }
        case PostEventKind.VACATED | PostEventKind.RETURNED:
            state = PostState(kind.name) if kind is PostEventKind.RETURNED else PostState.VACANT
            periods = tuple((start, end or on) for start, end in standing.filled)
            return {"state": state, "since": on, "filled": periods, "contract": None}
        case PostEventKind.TRANSFERRED:
            return {name: got for name in PARTIES if (got := getattr(event, name)) is not None}
        case PostEventKind.BONUS:
            if standing.bonus:
                raise BonusGranted(post.post)
            if not rate.bonuses_cents:
                raise PostAmountTooHigh(post.post, "bonification", most_cents=0, asked_cents=None)
            return {"bonus": True}
        case PostEventKind.PAYMENT:
            return {"paid": _paid(standing, event, post, rate)}
        case PostEventKind.CREDIT_NOTE:
            asked, left = event.amount_cents or 0, granted_cents(standing, rate)
            if asked > left:
                raise PostAmountTooHigh(post.post, "avoir", most_cents=left, asked_cents=asked)
            return {"credit_cents": standing.credit_cents + asked}


def _paid(standing: Standing, event: PostEventRow, post: PostRow, rate: RateRow) -> dict[int, int]:
    rank, cents = event.rank or 0, event.amount_cents or 0
    what = f"versement {rank}"
    if rank > len(rate.instalments_cents) or rank in standing.paid:
        raise PostAmountTooHigh(post.post, what, most_cents=0, asked_cents=cents)
    most = rate.step_cents(rank, bonus=standing.bonus)
    left = granted_cents(standing, rate) - sum(standing.paid.values())
    if cents > min(most, left):
        raise PostAmountTooHigh(post.post, what, most_cents=min(most, left), asked_cents=cents)
    return {**standing.paid, rank: cents}


def _must_fill_in_time(
    standing: Standing, event: PostEventRow, post: PostRow, programme: ProgrammeRow
) -> None:
    last = return_by(standing, programme)
    if last is not None and event.effective_on > last:
        raise PostDayNotOpen(
            post.post,
            event.effective_on,
            since=standing.since,
            until=last,
            vacancy_months_max=programme.vacancy_months_max,
        )
    if event.effective_on > post.ends_on:
        raise PostDayNotOpen(
            post.post, event.effective_on, since=post.starts_on, until=post.ends_on
        )


def return_by(standing: Standing, programme: ProgrammeRow) -> date | None:
    """Return the last day a vacant post may be filled, None where nothing limits it."""
    if standing.state is not PostState.VACANT or programme.vacancy_months_max is None:
        return None
    return add_months(standing.since, programme.vacancy_months_max)


def granted_cents(standing: Standing, rate: RateRow) -> int:
    """Return what a post's rate brings, with its bonus and less its credit notes."""
    ranks = range(1, len(rate.instalments_cents) + 1)
    whole = sum(rate.step_cents(rank, bonus=standing.bonus) for rank in ranks)
    return whole - standing.credit_cents


def consumed(standing: Standing, post: PostRow, rate: RateRow, *, day: date) -> int:
    """Return the months of funding used by the end of a day, whoever held the post."""
    over = min(day, post.ends_on) + _DAY
    periods = [(start, min(end or over, over)) for start, end in standing.filled if start < over]
    return min(rate.months, months_over(periods))


def due_cents(standing: Standing, post: PostRow, rate: RateRow, *, day: date) -> int:
    """Return what the months consumed by a day earned of what is granted."""
    used = consumed(standing, post, rate, day=day)
    return half_up(Fraction(granted_cents(standing, rate) * used, rate.months))


def to_return_cents(standing: Standing, post: PostRow, rate: RateRow, *, day: date) -> int:
    """Return what was paid beyond what was earned, once a post is returned or over."""
    if standing.state is not PostState.RETURNED and day <= post.ends_on:
        return 0
    return max(0, sum(standing.paid.values()) - due_cents(standing, post, rate, day=day))


def steps(post: PostRow, rate: RateRow) -> list[tuple[int, date, date]]:
    """Return the rank, first day and last day of each part of a post's months.

    A post that ends early or late has its last part end with it; parts beyond its end are empty
    and left out.
    """
    count = len(rate.instalments_cents)
    found = []
    for rank in range(1, count + 1):
        first = add_months(post.starts_on, rate.step_months * (rank - 1))
        last = add_months(post.starts_on, rate.step_months * rank) - _DAY
        last = post.ends_on if rank == count else min(last, post.ends_on)
        if first <= last:
            found.append((rank, first, last))
    return found


def whole_end(starts_on: date, rate: RateRow) -> date:
    """Return the last day of a post that lasts all the months of its rate."""
    return add_months(starts_on, rate.months) - _DAY


def by_post(events: Sequence[PostEventRow]) -> dict[str, list[PostEventRow]]:
    """Return the events of each post, in order."""
    found: dict[str, list[PostEventRow]] = {}
    for event in events:
        found.setdefault(event.post, []).append(event)
    return found
