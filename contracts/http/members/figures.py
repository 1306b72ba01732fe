"""Bodies of alerts and of figures about how a coordination meets and decides."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from contracts.values import College


class AlertKind(StrEnum):
    """What an alert is about."""

    COMMITTEE_IS_LATE = "COMMITTEE_IS_LATE"
    MANDATE_ENDS = "MANDATE_ENDS"


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """Something to look after: `days` late since `due_on`, or left until it when not late."""

    kind: AlertKind
    due_on: date
    is_late: bool
    days: int
    committee: str | None = None
    last_met_on: date | None = None
    convened_for: datetime | None = None
    member: UUID | None = None
    seat: UUID | None = None
    detail: str


class Alerts(msgspec.Struct, frozen=True, kw_only=True):
    """A page of alerts, committees first; `cursor` asks for the next one, null at the end."""

    items: list[Alert]
    cursor: str | None = None


class LeadTime(msgspec.Struct, frozen=True, kw_only=True):
    """Days from the convocation of a session to the opinion it adopted."""

    opinion: UUID
    title: str
    session: UUID
    convened_on: date
    adopted_on: date
    days: int


class LeadTimes(msgspec.Struct, frozen=True, kw_only=True):
    """A page of lead times by opinion; `median_days` is of all of them, the lower of two."""

    items: list[LeadTime]
    count: int
    median_days: int | None
    cursor: str | None = None


class CollegeAttendance(msgspec.Struct, frozen=True, kw_only=True):
    """How many members of a college came to a session, and how many of those who came before.

    `share` is present / roll; `retention` is returned / present at the session before.
    """

    college: College
    roll: int
    present: int
    represented: int
    share: str | None
    returned: int
    retention: str | None


class SessionAttendance(msgspec.Struct, frozen=True, kw_only=True):
    """Who came to one session, by college."""

    session: UUID
    title: str
    starts_at: datetime
    present: int
    returned: int
    retention: str | None
    colleges: list[CollegeAttendance]


class AttendanceFigures(msgspec.Struct, frozen=True, kw_only=True):
    """A page of sessions that were held, by their beginning; `cursor` asks for the next one."""

    items: list[SessionAttendance]
    cursor: str | None = None
