"""Bodies of the routes of indicators."""

from datetime import datetime

import msgspec

from contracts.events.diagnostics import (
    ExposureFigure,
    FigureStatus,
    IndicatorFigure,
    NeedFigure,
)


class WiderArea(msgspec.Struct, frozen=True, kw_only=True):
    """The EPCI, a QPV or the département of a commune, with what is told of it as a whole.

    Its counts are at its own level, never a share of the commune.
    """

    area: str
    name: str
    population: int | None
    indicators: list[IndicatorFigure]
    exposures: list[ExposureFigure] = []
    needs: list[NeedFigure] = []


class IndicatorEdition(msgspec.Struct, frozen=True, kw_only=True):
    """One edition of an indicator, and how much of the coordination it covers.

    `is_national` tells an edition that every coordination reads from one of the coordination's
    own. `areas` counts its territories there, `known` those that have a value, `secret` those
    whose producer keeps it secret.
    """

    indicator: str
    label: str
    unit: str
    source: str
    licence: str
    vintage: str
    is_national: bool
    brought_at: datetime
    areas: int
    known: int
    secret: int


class IndicatorCatalogue(msgspec.Struct, frozen=True, kw_only=True):
    """Every edition that says something of a coordination's territories, the latest first."""

    items: list[IndicatorEdition]
    cursor: str | None = None


class AreaValue(msgspec.Struct, frozen=True, kw_only=True):
    """One value: as its producer wrote it, how far it is known, and for a thousand inhabitants.

    `per_thousand` is null where the unit counts neither people nor things.
    """

    area: str
    kind: str
    name: str
    population: int | None
    value: str | None
    per_thousand: str | None
    status: FigureStatus
    reading: str
    revision: int | None
    observed_at: datetime | None


class IndicatorValues(msgspec.Struct, frozen=True, kw_only=True):
    """One edition on a coordination's communes, the wider territories beside them.

    `summary` is the sum of the communes' counts that are known, null for what cannot be added up;
    `missing` counts the communes it lacks.
    """

    edition: IndicatorEdition
    vintages: list[str]
    communes: list[AreaValue]
    wider: list[AreaValue]
    summary: str | None
    missing: int


class Targeted(msgspec.Struct, frozen=True, kw_only=True):
    """A commune or a QPV that an indicator points to; `districts` are the QPV of a commune."""

    area: str
    kind: str
    name: str
    population: int | None
    value: str
    reading: str
    districts: list[str] = []


class Targets(msgspec.Struct, frozen=True, kw_only=True):
    """Where an edition is at `least` or more, the most first; `more` is how many are not shown.

    `unknown` is how many communes have no value: they may be targets as well.
    """

    edition: IndicatorEdition
    least: str | None
    items: list[Targeted]
    more: int
    unknown: int


class PastValue(msgspec.Struct, frozen=True, kw_only=True):
    """A value that was told of an area; `replaced_at` is null for the one that holds."""

    vintage: str
    is_national: bool
    source: str
    licence: str
    revision: int
    value: str | None
    status: FigureStatus
    reading: str
    observed_at: datetime
    replaced_at: datetime | None


class SimilarCommune(msgspec.Struct, frozen=True, kw_only=True):
    """A commune one may compare with, and its value in the same edition."""

    commune: str
    name: str
    population: int
    value: str
    reading: str


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Similar communes, how they were chosen, and the middle of their values."""

    method: str
    communes: list[SimilarCommune]
    median: str | None


class AreaIndicator(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one indicator ever said of one area, and similar ones beside it."""

    area: str
    indicator: str
    label: str
    unit: str
    history: list[PastValue]
    similar: Comparison | None
