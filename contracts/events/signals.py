"""Need signals: what institutions publish. Two families that are never summed together.

Both are closed (an unknown field is refused) and hold no free text. A count speaks of an area, a
period and a kind of people, never of one person.
"""

from enum import StrEnum
from typing import Annotated, ClassVar, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.values import AreaKind, Slug

Period = Annotated[
    str,
    Meta(
        pattern="^20[0-9]{2}(-S[12]|-(0[1-9]|1[0-2]))?$",
        description="A year `2021`, a half-year `2021-S1` or a month `2021-06`.",
    ),
]
Count = Annotated[int, Meta(ge=0, le=10**8)]
Revision = Annotated[
    int, Meta(ge=1, le=10**6, description="1 at first; a higher one replaces the cell.")
]
InSeq = Annotated[
    int,
    Meta(
        ge=0,
        description="Sequence of the message in `IN`, as its PubAck said; 0 when it came by HTTP.",
    ),
]
AreaCode = Annotated[
    str,
    Meta(
        pattern="^[0-9A-Z]{5,9}$",
        description="INSEE code of a commune, SIREN of an EPCI, code of a QPV or of an IRIS.",
    ),
]


class Unit(StrEnum):
    """What one unit of a count is."""

    HOUSEHOLD = "household"
    INSURED_PERSON = "insured_person"
    PERSON = "person"
    VISIT = "visit"
    BUSINESS = "business"
    RATE = "rate"


class ReporterKind(StrEnum):
    """Who met the need."""

    REFERRER = "referrer"
    TOWN_HALL = "town_hall"
    CCAS = "ccas"
    ADVISER = "adviser"
    COUNTER = "counter"
    SOCIAL_CENTRE = "social_centre"


class TimeSlot(StrEnum):
    """When the people who have the need are free."""

    DAY = "day"
    EVENING = "evening"
    WEEK_END = "week_end"


class SignalFamily(StrEnum):
    """The two families of signals."""

    EXPOSURE_COUNT = "exposure_count"
    REPORTED_NEED = "reported_need"


class Signal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What everything that is sent says: which signal it is about, and under which right.

    Exactly one of `agreement` (a signed sharing agreement) and `licence` (open data) is given.
    """

    TYPE: ClassVar[str]

    signal_id: UUID
    revision: Revision = 1
    agreement: UUID | None = None
    licence: Slug | None = None
    purpose: Slug

    def __post_init__(self) -> None:
        """Refuse a signal that has no right to be sent, or two.

        Raises:
            ValueError: neither or both of `agreement` and `licence` are given.
        """
        if (self.agreement is None) == (self.licence is None):
            raise ValueError("give exactly one of agreement and licence")


class PlacedSignal(Signal, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said of an area and a period."""

    period: Period
    area_kind: AreaKind
    area_code: AreaCode


class ExposureCount(PlacedSignal, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many people or households of a kind live somewhere; `"s"` when the count is secret.

    `denominator` is required for a rate, whose `count` is then its numerator. The breakdown has
    at most two of its four dimensions.
    """

    TYPE: ClassVar[str] = "fr.ctin.signals.exposure_count.v1"

    measure: Slug
    unit: Unit
    count: Count | Literal["s"]
    denominator: Annotated[int, Meta(ge=1, le=10**8)] | None = None
    age_band: Slug | None = None
    household_type: Slug | None = None
    equipment: Slug | None = None
    autonomy: Slug | None = None

    @property
    def breakdown(self) -> dict[str, str]:
        """The dimensions that are given, by name."""
        named = ("age_band", "household_type", "equipment", "autonomy")
        return {name: getattr(self, name) for name in named if getattr(self, name) is not None}


class ReportedNeed(PlacedSignal, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A need that someone met: the people's problem first, the digital theme second."""

    TYPE: ClassVar[str] = "fr.ctin.signals.reported_need.v1"

    reporter_kind: ReporterKind
    problem: Slug
    theme: Slug
    public: Slug
    unit: Unit
    count: Annotated[int, Meta(ge=1, le=10**6)]
    place_kind: Slug | None = None
    time_slots: Annotated[list[TimeSlot], Meta(max_length=3)] = []


class SignalWithdrawn(Signal, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A signal counts no more: its sender takes back `revision` and all those before it.

    A later revision, sent under the same `signal_id`, counts again. To withdraw twice is free.
    """

    TYPE: ClassVar[str] = "fr.ctin.signals.signal_withdrawn.v1"

    withdraws: SignalFamily

    @property
    def withdrawn_type(self) -> str:
        """The type of the signals it takes back."""
        return f"fr.ctin.signals.{self.withdraws.value}.v1"


AnySignal = ExposureCount | ReportedNeed | SignalWithdrawn
