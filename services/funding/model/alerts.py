"""What a coordination should look at: a pure function of how things stand and of a day.

Each alert has a key, so that it is raised once; it is over when the same question no longer gives
it. Days are counted exactly: 180 days before an end is an alert, 181 is none yet.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import msgspec

from contracts.events.funding.alerts import AlertKind
from contracts.http.funding.plans import Scenario
from contracts.http.funding.posts import PostState
from contracts.http.funding.proofs import ProofKind
from contracts.http.funding.terms import TrancheKind
from services.funding.model import plan, posts
from services.funding.model.months import add_months, capped
from services.funding.model.posts import KnownPost

NEAR = Fraction(9, 10)
ENDING_DAYS = (30, 90, 180)
LAPSE_DAYS = (30, 90)
PROOF_DAYS = 30
REPORT_DAYS = 30
STEP_DAYS = 90
_YEAR_END = (12, 31)


class WatchedFund(msgspec.Struct, frozen=True):
    """A fund's limits and how far it is from them."""

    fund: str
    ceiling_cents: int | None
    engaged_cents: int
    lapses_on: date
    uncommitted_cents: int
    prefinancing_limit_cents: int | None
    received_cents: int
    paid_cents: int


class WatchedLine(msgspec.Struct, frozen=True):
    """A budget line's ceiling and what is committed on it."""

    line: str
    ceiling_cents: int
    committed_cents: int


class WatchedShare(msgspec.Struct, frozen=True):
    """What a fund awarded to an action, beside the action's budget."""

    fund: str
    action: str
    budget_cents: int
    awarded_cents: int


class WatchedAgreement(msgspec.Struct, frozen=True):
    """An agreement with its schedule, if any; the lists have one place per tranche."""

    agreement: str
    fund: str
    signed_on: date
    ends_on: date | None
    report_due_on: date | None
    tranches: list[str]
    tranche_kinds: list[str]
    tranche_cents: list[int]
    tranche_due_on: list[date]
    tranche_proofs: list[str]


class GivenProof(msgspec.Struct, frozen=True):
    """A proof registered for an agreement."""

    agreement: str
    tranche: str | None
    kind: str
    issued_on: date


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """How things stand; `received` is by agreement and tranche, `share_max` by fund."""

    funds: Iterable[WatchedFund] = ()
    lines: Iterable[WatchedLine] = ()
    shares: Iterable[WatchedShare] = ()
    share_max: Mapping[str, Fraction] = {}
    agreements: Iterable[WatchedAgreement] = ()
    received: Mapping[tuple[str, str], int] = {}
    proofs: Iterable[GivenProof] = ()
    report_months: int | None = None
    posts: Iterable[KnownPost] = ()


class Warned(msgspec.Struct, frozen=True):
    """An alert: its key, what it is about, by when, and what is at stake."""

    key: str
    kind: AlertKind
    about: str
    due_on: date | None = None
    amount_cents: int | None = None


def evaluate(watched: Watched, day: date) -> list[Warned]:
    """Return every alert of a day, the soonest due first, then by key."""
    found = [
        *_funds(watched, day),
        *_lines(watched),
        *_shares(watched),
        *_agreements(watched, day),
        *_posts(watched.posts, day),
        *_cliff(watched.posts, day),
    ]
    assert len({one.key for one in found}) == len(found), "a key is one alert"
    return sorted(found, key=lambda one: (one.due_on or date.max, one.key))


def _near(used_cents: int, most_cents: int) -> bool:
    return most_cents > 0 and used_cents >= NEAR * most_cents


def _within(day: date, end: date, thresholds: Iterable[int]) -> int | None:
    """Return the closest threshold an end is within; None when it is farther, or past."""
    left = (end - day).days
    return next((days for days in sorted(thresholds) if 0 <= left <= days), None)


def _funds(watched: Watched, day: date) -> Iterator[Warned]:
    for one in watched.funds:
        most = one.ceiling_cents
        if most is not None and _near(one.engaged_cents, most):
            yield Warned(
                f"ceiling_near:fund/{one.fund}",
                AlertKind.CEILING_NEAR,
                one.fund,
                None,
                max(0, most - one.engaged_cents),
            )
        days = _within(day, one.lapses_on, LAPSE_DAYS)
        if days is not None and one.uncommitted_cents > 0:
            yield Warned(
                f"lapse:{one.fund}:{days}",
                AlertKind.LAPSE,
                one.fund,
                one.lapses_on,
                one.uncommitted_cents,
            )
        limit, ahead = one.prefinancing_limit_cents, one.received_cents - one.paid_cents
        if limit is not None and _near(ahead, limit):
            yield Warned(
                f"cap_near:prefinancing/{one.fund}",
                AlertKind.CAP_NEAR,
                one.fund,
                None,
                max(0, limit - ahead),
            )


def _lines(watched: Watched) -> Iterator[Warned]:
    for one in watched.lines:
        if _near(one.committed_cents, one.ceiling_cents):
            yield Warned(
                f"ceiling_near:line/{one.line}",
                AlertKind.CEILING_NEAR,
                one.line,
                None,
                one.ceiling_cents - one.committed_cents,
            )


def _shares(watched: Watched) -> Iterator[Warned]:
    for one in watched.shares:
        share = watched.share_max.get(one.fund)
        if share is None:
            continue
        most = capped(share, one.budget_cents)
        if _near(one.awarded_cents, most):
            yield Warned(
                f"cap_near:{one.fund}/{one.action}",
                AlertKind.CAP_NEAR,
                f"{one.fund}/{one.action}",
                None,
                max(0, most - one.awarded_cents),
            )


def _agreements(watched: Watched, day: date) -> Iterator[Warned]:
    given: dict[str, list[GivenProof]] = {}
    for proof in watched.proofs:
        given.setdefault(proof.agreement, []).append(proof)
    for one in watched.agreements:
        proofs = given.get(one.agreement, [])
        left = {
            name: cents - watched.received.get((one.agreement, name), 0)
            for name, cents in zip(one.tranches, one.tranche_cents, strict=True)
        }
        days = None if one.ends_on is None else _within(day, one.ends_on, ENDING_DAYS)
        if days is not None:
            yield Warned(
                f"agreement_ending:{one.agreement}:{days}",
                AlertKind.AGREEMENT_ENDING,
                one.agreement,
                one.ends_on,
                sum(left.values()),
            )
        yield from _missing_proofs(one, proofs, left, day)
        yield from _balance(one, left, day)
        yield from _report(one, proofs, day, watched.report_months)


def _missing_proofs(
    one: WatchedAgreement, proofs: Iterable[GivenProof], left: Mapping[str, int], day: date
) -> Iterator[Warned]:
    there = {(proof.tranche, proof.kind) for proof in proofs}
    parts = zip(one.tranches, one.tranche_due_on, one.tranche_proofs, strict=True)
    for name, due_on, wanted in parts:
        lacking = [
            kind
            for kind in wanted.split(",")
            if kind and (name, kind) not in there and (None, kind) not in there
        ]
        if lacking and left[name] > 0 and day >= due_on - timedelta(days=PROOF_DAYS):
            yield Warned(
                f"proof_missing:{one.agreement}/{name}",
                AlertKind.PROOF_MISSING,
                f"{one.agreement}/{name}",
                due_on,
                left[name],
            )


def _balance(one: WatchedAgreement, left: Mapping[str, int], day: date) -> Iterator[Warned]:
    kinds = dict(zip(one.tranches, one.tranche_kinds, strict=True))
    balance = {name for name, kind in kinds.items() if kind == TrancheKind.BALANCE}
    rest = sum(left[name] for name in balance)
    before = sum(left[name] for name in left if name not in balance)
    over = one.ends_on is not None and day > one.ends_on
    if rest > 0 and (before <= 0 or over):
        yield Warned(
            f"balance_to_claim:{one.agreement}",
            AlertKind.BALANCE_TO_CLAIM,
            one.agreement,
            one.ends_on,
            rest,
        )


def _report(
    one: WatchedAgreement, proofs: Iterable[GivenProof], day: date, months: int | None
) -> Iterator[Warned]:
    """Warn of a financial report due: on the agreement's day, or months after each year's end."""
    reports = [proof for proof in proofs if proof.kind == ProofKind.FINANCIAL_REPORT]
    due, year_end = one.report_due_on, None
    if due is None and months is not None:
        year_end = date(day.year - 1, *_YEAR_END)
        first = one.signed_on <= year_end
        on_going = one.ends_on is None or one.ends_on >= date(day.year - 1, 1, 1)
        due = add_months(year_end, months) if first and on_going else None
    if due is None or day < due - timedelta(days=REPORT_DAYS):
        return
    if any(year_end is None or proof.issued_on > year_end for proof in reports):
        return
    yield Warned(f"report_due:{one.agreement}:{due.year}", AlertKind.REPORT_DUE, one.agreement, due)


def _posts(found: Iterable[KnownPost], day: date) -> Iterator[Warned]:
    for one in found:
        if one.standing.state is PostState.RETURNED or day > one.row.ends_on:
            continue
        name = one.row.post
        last = posts.return_by(one.standing, one.programme)
        if last is not None and day >= last:
            yield Warned(f"vacancy:{name}", AlertKind.VACANCY, name, last)
        days = _within(day, one.row.ends_on, ENDING_DAYS)
        if days is not None:
            yield Warned(f"post_ending:{name}:{days}", AlertKind.POST_ENDING, name, one.row.ends_on)
        steps = plan.parts(one)
        for (_, _, before), (first, _, cents) in pairwise(steps):
            if cents < before and 0 <= (first - day).days <= STEP_DAYS:
                yield Warned(
                    f"degressive_step:{name}:{first}",
                    AlertKind.DEGRESSIVE_STEP,
                    name,
                    first,
                    before - cents,
                )


def _cliff(found: Iterable[KnownPost], day: date) -> Iterator[Warned]:
    """Warn, all the year before, that the posts' funding falls unless it is renewed."""
    following = day.year + 1
    (year,) = plan.plan(
        found, scenario=Scenario.NOT_RENEWED, share=Fraction(0), first_year=following, years=1
    ).years
    if year.cliff_cents > 0:
        yield Warned(
            f"funding_cliff:{following}",
            AlertKind.FUNDING_CLIFF,
            str(following),
            date(following, 1, 1),
            year.cliff_cents,
        )
