"""The steps of an action sheet, as values and pure functions."""

import msgspec

from contracts.http.roadmap import MoveActionSheet, SheetState

STEPS: dict[SheetState, frozenset[SheetState]] = {
    SheetState.PROPOSED: frozenset(
        {SheetState.PRIORITISED, SheetState.VALIDATED, SheetState.DROPPED}
    ),
    SheetState.PRIORITISED: frozenset({SheetState.VALIDATED, SheetState.DROPPED}),
    SheetState.VALIDATED: frozenset({SheetState.STARTED, SheetState.DROPPED}),
    SheetState.STARTED: frozenset({SheetState.DONE, SheetState.DROPPED}),
    SheetState.DONE: frozenset(),
    SheetState.DROPPED: frozenset(),
}


class Sheet(msgspec.Struct, frozen=True):
    """Columns of a sheet, in the order of the queries."""

    coordination: str
    action: str
    number: int
    title: str
    category: str
    leads: list[str]
    territories: list[str]
    publics: list[str]
    budget_cents: int
    state: str


def is_open(state: SheetState, to: SheetState) -> bool:
    """Tell whether a sheet in `state` may become `to`."""
    return to in STEPS[state]


def lacking(asked: MoveActionSheet) -> str | None:
    """Return the field this step must have and has not, None when it has all.

    A validation names its decision, a drop its reason.
    """
    if asked.to is SheetState.VALIDATED and asked.decision is None:
        return "decision"
    if asked.to is SheetState.DROPPED and asked.reason is None:
        return "reason"
    return None
