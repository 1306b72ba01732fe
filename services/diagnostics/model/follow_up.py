"""What becomes of a reported need: who takes it in charge, its outcome, and when to recall it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from contracts.events.diagnostics.needs import NeedState
from services.diagnostics.errors.needs import (
    NeedIsClosed,
    NeedIsNotTaken,
    NoSuchNeed,
    SeveralNeeds,
)

PARIS = ZoneInfo("Europe/Paris")
REMINDER_DAYS = (7, 14, 21, 30)
"""Days after the report on which a need that is not closed is recalled."""


class NeedRow(msgspec.Struct, frozen=True):
    """Columns of the queries on needs one by one, in their order."""

    institution: str
    signal_id: UUID
    label: str
    revision: int
    reporter_kind: str
    period: str
    grid: str
    area_code: str
    problem: str
    theme: str
    public: str
    unit: str
    count: int
    place_kind: str | None
    time_slots: list[str]
    reported_at: datetime
    state: str
    taken_by: str | None
    taken_at: datetime | None
    outcome: str | None
    closed_at: datetime | None
    withdrawn: bool

    @property
    def shown_state(self) -> NeedState:
        """How far it is, as a reader is told."""
        return NeedState.WITHDRAWN if self.withdrawn else NeedState(self.state)

    def concerns(self, organization: str) -> bool:
        """Tell whether an organisation reported it or answers for it."""
        return organization in {self.institution, self.taken_by}


class FollowedRow(msgspec.Struct, frozen=True):
    """Columns of `needs_followed`: how many are in a state, or came to an outcome."""

    unit: str
    state: str
    outcome: str | None
    count: int


class ReminderRow(msgspec.Struct, frozen=True):
    """Columns of `needs_to_remind`."""

    coordination: str
    institution: str
    signal_id: UUID
    state: str
    taken_by: str | None
    reported_at: datetime
    reminder_on: date


class NeedKind(msgspec.Struct, frozen=True):
    """Columns of `needs_summed`: the sum of what is shown, and of how many small ones beside."""

    problem: str
    theme: str
    public: str
    unit: str
    period: str
    count_sum: int
    hidden_sum: int
    hidden_parts: int


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of needs is narrowed to."""

    area: str | None = None
    state: str | None = None
    theme: str | None = None
    public: str | None = None


class Place(msgspec.Struct, frozen=True):
    """Where a page of needs begins: after this one."""

    reported_at: datetime
    signal_id: UUID
    institution: str


def first_reminder(reported_at: datetime) -> date:
    """Return the day of the first reminder of a need reported at an instant."""
    return reported_at.astimezone(PARIS).date() + timedelta(days=REMINDER_DAYS[0])


def due(reported_at: datetime, today: date) -> tuple[int, date | None]:
    """Return the number of days to recall by `today`, and the day of the next reminder.

    After days without a look, only the latest is recalled: a burst would tell nothing more.
    """
    reported_on = reported_at.astimezone(PARIS).date()
    elapsed = (today - reported_on).days
    assert elapsed >= REMINDER_DAYS[0], "nothing is recalled before the first day"
    reached = max(day for day in REMINDER_DAYS if day <= elapsed)
    left = [day for day in REMINDER_DAYS if day > elapsed]
    return reached, reported_on + timedelta(days=left[0]) if left else None


def the_one(rows: Sequence[NeedRow], signal_id: UUID, *, own: str | None) -> NeedRow:
    """Return the one need that is meant, of those an organisation may see when `own` is given.

    Raises:
        NoSuchNeed: there is none, or none that may be seen.
        SeveralNeeds: two institutions use this id; it takes the institution to tell them apart.
    """
    seen = [row for row in rows if own is None or row.concerns(own)]
    if not seen:
        raise NoSuchNeed(signal_id)
    if len(seen) > 1:
        raise SeveralNeeds(signal_id)
    return seen[0]


def may_take(row: NeedRow, organization: str) -> bool:
    """Tell whether taking a need in charge changes anything; the same again does not.

    Raises:
        NoSuchNeed: its sender withdrew it.
        NeedIsClosed: it came to an outcome.
    """
    _must_stand(row)
    return row.taken_by != organization


def may_close(row: NeedRow, outcome: str) -> bool:
    """Tell whether an outcome changes anything; the same again does not.

    Raises:
        NoSuchNeed: its sender withdrew it.
        NeedIsNotTaken: no organisation answers for it.
        NeedIsClosed: it came to another outcome.
    """
    if row.outcome == outcome and not row.withdrawn:
        return False
    _must_stand(row)
    if row.taken_by is None:
        raise NeedIsNotTaken(row.signal_id)
    return True


def _must_stand(row: NeedRow) -> None:
    if row.withdrawn:
        raise NoSuchNeed(row.signal_id)
    if row.outcome is not None:
        raise NeedIsClosed(row.signal_id, row.outcome)
