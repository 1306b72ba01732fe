"""Testimonies, visits and tours: their rows, and how a visit ends."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from uuid import UUID

import msgspec

from contracts.events.signals import ReporterKind
from contracts.http.diagnostics.needs import ReportNeed
from contracts.http.diagnostics.visits import Met, ReportVisit, VisitState
from services.diagnostics.errors.visits import NeedIsHeardTwice, VisitIsOver
from services.diagnostics.model.wording import must_have_come

PERCENT = 100
SOURCE_LABEL = "visite"
"""Where a need is from that was heard on a visit, as it is shown."""
THEMES = {
    "online_procedure": "administrative_procedures",
    "access_rights": "administrative_procedures",
    "find_job": "professional_insertion",
    "health_care": "administrative_procedures",
    "housing": "administrative_procedures",
    "school_follow_up": "parenting_education",
    "business_administration": "administrative_procedures",
    "stay_in_touch": "daily_tools",
    "buy_online": "safe_use",
    "find_information": "digital_culture",
    "practise_hobby": "leisure_creation",
}
"""What a problem asks for first, where the visit does not say."""
_TOWN_HALL = frozenset({Met.MAYOR, Met.DEPUTY_MAYOR, Met.COUNCILLOR, Met.SECRETARY, Met.MANAGER})
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


def heard(visit: VisitRow, told: ReportVisit) -> dict[str, ReportNeed]:
    """Return the needs that a visit reports, each by what names it within the visit.

    They are the town hall's where someone of it was met, else the CCAS's, else of whoever visited.

    Raises:
        NeedIsHeardTwice: one is told again of other people.
    """
    reporter = ReporterKind.ADVISER
    if Met.CCAS in told.met:
        reporter = ReporterKind.CCAS
    if not _TOWN_HALL.isdisjoint(told.met):
        reporter = ReporterKind.TOWN_HALL
    found: dict[str, ReportNeed] = {}
    for need in told.needs:
        theme = need.theme or THEMES[need.problem]
        name = f"{need.problem}:{need.public}:{theme}"
        report = ReportNeed(
            reporter_kind=reporter,
            period=f"{told.done_on:%Y-%m}",
            area_code=visit.commune,
            problem=need.problem,
            theme=theme,
            public=need.public,
            count=need.count,
        )
        if found.setdefault(name, report) != report:
            raise NeedIsHeardTwice(need.problem, need.public)
    return found


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
