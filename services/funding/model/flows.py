"""Transfers folded by where they go: what a day's balance is made of, however long the history."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec

from contracts.http.funding import Phase, TransferKind
from services.funding.model.figures import Amount
from services.funding.model.kinds import CLAWBACK_DUE, place
from services.funding.model.ledger import Balance, Movement

DAY, MONTH = "day", "month"
Way = tuple[str, str, str, str, str, str]
"""Fund, kind, phase, debit, credit and agreement."""
_DONE = frozenset({Phase.SINGLE.value, Phase.POST.value})


class Flow(msgspec.Struct, frozen=True):
    """What went one way: the cents moved or held, and those of the holds it resolved."""

    fund: str
    kind: str
    phase: str
    debit: str
    credit: str
    agreement: str
    cents: int
    released_cents: int


class DatedFlow(msgspec.Struct, frozen=True):
    """A flow of one day, or of the month that begins on this day."""

    span: str
    day: date
    flow: Flow


def dated(movements: Iterable[Movement], recorded: Mapping[UUID, Movement]) -> list[DatedFlow]:
    """Return what `movements` add to each day and to each month, in the order of their keys.

    Args:
        movements: what is being recorded.
        recorded: what is known by id; every hold that a movement resolves is there.
    """
    days: dict[tuple[date, Way], list[int]] = {}
    for one in movements:
        key = (one.fund, one.kind, one.phase, one.debit, one.credit, one.agreement or "")
        sums = days.setdefault((one.effective_on, key), [0, 0])
        sums[0] += one.amount_cents
        if one.pending_id is not None:
            sums[1] += recorded[one.pending_id].amount_cents
    spans: dict[tuple[str, date, Way], list[int]] = {}
    for (day, key), (cents, released) in days.items():
        for span, first in ((DAY, day), (MONTH, day.replace(day=1))):
            sums = spans.setdefault((span, first, key), [0, 0])
            sums[0] += cents
            sums[1] += released
    return [
        DatedFlow(span, day, _flow(key, spans[span, day, key])) for span, day, key in sorted(spans)
    ]


def _flow(way: Way, sums: Sequence[int]) -> Flow:
    cents, released_cents = sums
    return Flow(*way, cents, released_cents)


def without(flows: Iterable[Flow], later: Iterable[Flow]) -> list[Flow]:
    """Return `flows` less those of `later`, which are among them."""
    sums: dict[Way, list[int]] = {}
    for sign, part in ((1, flows), (-1, later)):
        for one in part:
            key = (one.fund, one.kind, one.phase, one.debit, one.credit, one.agreement)
            cents = sums.setdefault(key, [0, 0])
            cents[0] += sign * one.cents
            cents[1] += sign * one.released_cents
    assert all(cents >= 0 and released >= 0 for cents, released in sums.values())
    return [_flow(key, cents) for key, cents in sums.items() if cents[0]]


def balances(flows: Iterable[Flow]) -> list[Balance]:
    """Return each account these flows touch, by code."""
    sums: dict[str, list[int]] = {}
    for one in flows:
        debit = sums.setdefault(one.debit, [0, 0, 0, 0])
        credit = sums.setdefault(one.credit, [0, 0, 0, 0])
        pending = one.cents if one.phase == Phase.HOLD else -one.released_cents
        debit[0] += pending
        credit[2] += pending
        if one.phase in _DONE:
            debit[1] += one.cents
            credit[3] += one.cents
    return [Balance(code, *sums[code]) for code in sorted(sums)]


def stages(flows: Iterable[Flow]) -> list[Amount]:
    """Return what each stage of each fund holds after these flows."""
    sums: dict[tuple[str, str], int] = {}
    for one in balances(flows):
        where = place(one.code)
        key = (where.fund, where.stage)
        sums[key] = sums.get(key, 0) + one.credits_posted - one.debits_posted
    return [Amount(fund, stage, cents) for (fund, stage), cents in sums.items()]


def kinds(flows: Iterable[Flow]) -> list[Amount]:
    """Return what each fund did in all per kind of act; what comes back is no receipt."""
    sums: dict[tuple[str, str], int] = {}
    for one in flows:
        if one.phase not in _DONE or (
            one.kind == TransferKind.RECEIVE and place(one.debit).stage == CLAWBACK_DUE
        ):
            continue
        sums[one.fund, one.kind] = sums.get((one.fund, one.kind), 0) + one.cents
    return [Amount(fund, kind, cents) for (fund, kind), cents in sums.items()]


def agreed_cents(flows: Iterable[Flow], agreements: Iterable[tuple[str, str]]) -> int:
    """Return what was agreed under these agreements, each with its fund."""
    among = frozenset(agreements)
    return sum(
        one.cents
        for one in flows
        if one.kind == TransferKind.AGREE and (one.agreement, one.fund) in among
    )
