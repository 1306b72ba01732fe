"""What changed in the shared diagnostic of a commune."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from contracts.envelope import Fact
from contracts.events.signals import InSeq, Period, Unit
from contracts.values import AreaKind, CommuneCode, InstitutionSlug, Label, Slug


class FigureStatus(StrEnum):
    """How far a figure is known."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    SECRET = "secret"  # noqa: S105
    NOT_COVERED = "not_covered"


class ExposureFigure(msgspec.Struct, frozen=True, kw_only=True):
    """A count folded to one area. `known` is the sum of the parts that are known.

    `known` is null when nothing is known. `reading` is the French sentence a reader sees: "1 184",
    "≥ 1 184, 2 IRIS masqués", "secret statistique" or "non diffusé à cette maille".
    """

    institution: InstitutionSlug
    source: Label
    measure: Slug
    label: Label
    unit: Unit
    period: Period
    grid: AreaKind
    breakdown: dict[str, str] = {}
    known: int | None
    known_parts: Annotated[int, Meta(ge=0)]
    secret_parts: Annotated[int, Meta(ge=0)]
    denominator: int | None = None
    status: FigureStatus
    reading: str


class NeedFigure(msgspec.Struct, frozen=True, kw_only=True):
    """Reported needs of one kind summed over an area; `count` is null below the threshold."""

    problem: Slug
    label: Label
    theme: Slug
    public: Slug
    unit: Unit
    period: Period
    count: int | None
    status: FigureStatus
    reading: str
    source: Label


class IndicatorFigure(msgspec.Struct, frozen=True, kw_only=True):
    """An indicator as its producer published it, never recomputed.

    A null `value` is secrecy (`secret`) or absence (`not_covered`), never zero. `revision` counts
    the values that this edition gave of the area, the last of which came at `observed_at`.
    """

    indicator: Slug
    label: Label
    value: str | None
    unit: Label
    source: Label
    vintage: str
    licence: str | None = None
    revision: Annotated[int, Meta(ge=1)] | None = None
    observed_at: datetime | None = None
    status: FigureStatus
    reading: str


class AreaUpdated(Fact, frozen=True, kw_only=True):
    """The shared diagnostic of a commune changed: the figures that changed, each whole.

    A receiver keeps each figure in the place of the one of the same institution, measure, unit,
    period, grid and breakdown. `as_of_seq` is the highest place in `IN` of the signals that
    changed the commune. What does not fit one message comes in `parts`; none is worth less alone.
    """

    TYPE: ClassVar[str] = "fr.ctin.diagnostics.area_updated.v1"
    TIER: ClassVar[Literal["evt", "pub", "out"]] = "pub"

    commune: CommuneCode
    name: Label
    as_of_seq: InSeq
    as_of: datetime
    part: Annotated[int, Meta(ge=1)] = 1
    parts: Annotated[int, Meta(ge=1)] = 1
    exposures: list[ExposureFigure]
    needs: list[NeedFigure]
    indicators: list[IndicatorFigure]

    @property
    def area(self) -> str:
        """The commune."""
        return f"c{self.commune}"

    @property
    def aggregate(self) -> str:
        """The commune, in its coordination."""
        return f"{self.coordination}/c{self.commune}"
