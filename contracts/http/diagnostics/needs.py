"""Bodies of reported needs: what people report, what becomes of it, sums by domain and public."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.events.diagnostics import FigureStatus
from contracts.events.diagnostics.needs import NeedOutcome, NeedState
from contracts.events.signals import AreaCode, Period, ReporterKind, Revision, TimeSlot, Unit
from contracts.values import AreaKind, Slug


class ReportNeed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A need that a town hall, a CCAS, an adviser or a referrer met: what a machine would send.

    `signal_id` stays the same for the same need: sent again, it changes nothing; with a higher
    revision it replaces what was told. There is no free text, and no word about a person.
    """

    signal_id: UUID | None = None
    revision: Revision = 1
    reporter_kind: ReporterKind
    period: Period
    area_kind: AreaKind = AreaKind.COMMUNE
    area_code: AreaCode
    problem: Slug
    theme: Slug
    public: Slug
    unit: Unit = Unit.PERSON
    count: Annotated[int, Meta(ge=1, le=10**6)]
    place_kind: Slug | None = None
    time_slots: Annotated[list[TimeSlot], Meta(max_length=3)] = []


class TakeInCharge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The organisation of the coordination that answers for a need from now on."""

    organization: Slug


class CloseNeed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a need came to."""

    outcome: NeedOutcome


class NeedRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A reported need and what becomes of it."""

    signal_id: UUID
    institution: str
    source: str
    revision: int
    reporter_kind: ReporterKind
    period: str
    area_kind: AreaKind
    area_code: str
    problem: str
    label: str
    theme: str
    public: str
    unit: Unit
    count: int
    place_kind: str | None
    time_slots: list[str]
    reported_at: datetime
    state: NeedState
    organization: str | None
    taken_at: datetime | None
    outcome: NeedOutcome | None
    closed_at: datetime | None


class NeedRecords(msgspec.Struct, frozen=True, kw_only=True):
    """A page of reported needs, the latest first; `cursor` asks for the next, null at the end."""

    items: list[NeedRecord]
    cursor: str | None = None


class NeedSum(msgspec.Struct, frozen=True, kw_only=True):
    """Needs of one unit and period summed: `count` is null where it may not be shown."""

    unit: Unit
    period: str
    count: int | None
    status: FigureStatus
    reading: str


class NeedGroup(msgspec.Struct, frozen=True, kw_only=True):
    """What is needed in one policy domain, or by one public; units are never added together."""

    code: str
    label: str
    sums: list[NeedSum]


class NeedGroups(msgspec.Struct, frozen=True, kw_only=True):
    """Reported needs of a coordination, each in one group alone."""

    items: list[NeedGroup]


class Rebuilt(msgspec.Struct, frozen=True, kw_only=True):
    """How many figures the kept signals of a coordination fold to, and how many were not that."""

    figures: int
    corrected: int
