"""Elements of the diagnostic: their rows, and the one way they go on."""

from collections.abc import Collection, Sequence
from datetime import date
from fractions import Fraction
from uuid import UUID

import msgspec

from contracts.http.diagnostics.elements import ElementState
from services.diagnostics.errors.field import StepIsWrong, StepNeedsEvidence
from services.diagnostics.model.wording import must_follow, must_have_come

ONWARD: dict[ElementState, frozenset[ElementState]] = {
    ElementState.RISK_OBSERVED: frozenset({ElementState.SURVEYED}),
    ElementState.SURVEYED: frozenset({ElementState.QUALIFIED, ElementState.REFUTED}),
    ElementState.QUALIFIED: frozenset(),
    ElementState.REFUTED: frozenset(),
}
FINDINGS = frozenset({ElementState.QUALIFIED, ElementState.REFUTED})
STATES = {
    ElementState.RISK_OBSERVED: "risque observé",
    ElementState.SURVEYED: "enquêté",
    ElementState.QUALIFIED: "qualifié",
    ElementState.REFUTED: "écarté",
}


class ElementRow(msgspec.Struct, frozen=True):
    """Columns of an element, in the order of the queries."""

    coordination: str
    element_id: UUID
    title: str
    problem: str
    public: str
    communes: list[str]
    figure_kind: str
    figure: str
    reading: str
    source: str
    vintage: str
    observed_on: date
    organization: str
    state: str
    changed_on: date


class StepRow(msgspec.Struct, frozen=True):
    """Columns of a step of an element, in the order of the queries."""

    coordination: str
    step_id: UUID
    element_id: UUID
    state: str
    decided_on: date
    organization: str
    capacity: str
    campaign: UUID | None
    evidence: list[UUID]
    reason: str


class EvidenceRow(msgspec.Struct, frozen=True):
    """Columns of a piece of evidence, in the order of the queries."""

    coordination: str
    evidence_id: UUID
    target_kind: str
    target: str
    commune: str | None
    kind: str
    title: str
    source: str
    dated: date
    url: str | None
    sha256: str | None
    size_bytes: int | None


class Wanted(msgspec.Struct, frozen=True):
    """Which elements a list keeps; None keeps all."""

    commune: str | None = None
    state: str | None = None
    problem: str | None = None
    public: str | None = None


class StateCount(msgspec.Struct, frozen=True):
    """How many elements are in a state, and how many of them an action answers."""

    state: str
    count: int
    answered: int


def must_go_on(
    element: ElementRow, step: StepRow, *, attached: Collection[UUID], today: date
) -> ElementRow:
    """Return the element as a step leaves it; `attached` is its evidence.

    Raises:
        StepIsWrong: the state asked for does not follow the one it is in.
        StepNeedsEvidence: nothing supports it, or what is named is not attached to it.
        DaysAreReversed, DayIsAhead: it is before the step it follows, or to come.
    """
    now, asked = ElementState(element.state), ElementState(step.state)
    if asked not in ONWARD[now]:
        possible = sorted(STATES[one] for one in ONWARD[now])
        raise StepIsWrong(STATES[now], STATES[asked], possible)
    must_have_come("decided_on", step.decided_on, today=today)
    must_follow("decided_on", element.changed_on, step.decided_on)
    if asked in FINDINGS and not step.evidence:
        raise StepNeedsEvidence("evidence", STATES[asked])
    if not step.evidence and step.campaign is None:
        raise StepNeedsEvidence("campaign", STATES[asked])
    if not set(step.evidence) <= set(attached):
        raise StepNeedsEvidence("evidence", STATES[asked])
    return msgspec.structs.replace(element, state=asked.value, changed_on=step.decided_on)


def share_of(answered: int, qualified: int) -> str | None:
    """Return which part of the qualified elements an action answers, None when there is none."""
    assert 0 <= answered <= qualified, "a part is no more than its whole"
    return str(Fraction(answered, qualified)) if qualified else None


def counted(rows: Sequence[StateCount]) -> dict[ElementState, int]:
    """Return how many elements are in each state, zero included."""
    found = dict.fromkeys(ElementState, 0)
    for row in rows:
        found[ElementState(row.state)] = row.count
    return found
