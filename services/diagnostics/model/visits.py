"""Testimonies, visits and tours: their rows, and how a visit ends."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from uuid import UUID

import msgspec

from contracts.http.diagnostics.visits import VisitState
from services.diagnostics.errors.visits import VisitIsOver
from services.diagnostics.model.wording import must_have_come

PERCENT = 100
HALF = Fraction(1, 2)
STATES = {
    VisitState.PLANNED: "prévue",
    VisitState.DONE: "faite",
    VisitState.CANCELLED: "annulée",
}


class TestimonyRow(msgspec.Struct, frozen=True):
    """Columns of a testimony, in the order of the queries; `said` is gone once withdrawn."""

    coordination: str
    testimony_id: UUID
    target_kind: str
    target: str
    commune: str
    public: str
    said: str | None
    heard_on: date
    organization: str


class VisitRow(msgspec.Struct, frozen=True):
    """Columns of a visit, in the order of the queries; a need is `problem:public`."""

    coordination: str
    visit_id: UUID
    commune: str
    planned_on: date
    state: str
    done_on: date | None
    met: list[str]
    needs: list[str]


class TourRow(msgspec.Struct, frozen=True):
    """Columns of a tour: a post, and the last day it was filled."""

    post: str
    filled_on: date


class StopRow(msgspec.Struct, frozen=True):
    """Columns of a stop: a commune, when it was last visited, when it is to be."""

    commune: str
    name: str
    done_on: date | None
    planned_on: date | None


class StopState(msgspec.Struct, frozen=True):
    """Where a stop stands."""

    state: VisitState | None
    on: date | None


def reported(
    visit: VisitRow, done_on: date, *, met: Sequence[str], needs: Sequence[str], today: date
) -> VisitRow:
    """Return the visit as it was made.

    Raises:
        VisitIsOver: it was made otherwise, or cancelled.
        DayIsAhead: its day is to come.
    """
    must_have_come("done_on", done_on, today=today)
    done = msgspec.structs.replace(
        visit,
        state=VisitState.DONE.value,
        done_on=done_on,
        met=sorted(set(met)),
        needs=sorted(set(needs)),
    )
    if visit.state != VisitState.PLANNED.value and visit != done:
        raise VisitIsOver(STATES[VisitState(visit.state)])
    return done


def cancelled(visit: VisitRow) -> VisitRow:
    """Return the visit as it is cancelled; again changes nothing.

    Raises:
        VisitIsOver: it was made.
    """
    if visit.state == VisitState.DONE.value:
        raise VisitIsOver(STATES[VisitState.DONE])
    return msgspec.structs.replace(visit, state=VisitState.CANCELLED.value)


def stands(stop: StopRow) -> StopState:
    """Return where a stop stands: visited, else planned, else nothing."""
    if stop.done_on is not None:
        return StopState(VisitState.DONE, stop.done_on)
    if stop.planned_on is not None:
        return StopState(VisitState.PLANNED, stop.planned_on)
    return StopState(None, None)


def percent_of(part: int, whole: int) -> int:
    """Return a percentage, halves rounded up; nothing of nothing is zero."""
    assert 0 <= part <= whole, "a part is no more than its whole"
    return int(Fraction(part * PERCENT, whole) + HALF) if whole else 0
