"""Bodies of the sheet of a commune: all that is known of it, on one page."""

from datetime import datetime

import msgspec

from contracts.http.diagnostics.versions import Share, Tier, VersionElement


class SimilarValue(msgspec.Struct, frozen=True, kw_only=True):
    """A similar commune, and what the same edition of an indicator says of it."""

    commune: str
    name: str
    population: int
    value: str


class SheetLine(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of a commune, brought to its inhabitants and set beside similar communes.

    `per_thousand` is for a thousand inhabitants, null for what is no count or where nobody is
    counted. `similar_median` is the middle of `similar`. `licence` says under what it may be read.
    """

    figure: VersionElement
    licence: str
    per_thousand: str | None
    similar: list[SimilarValue] = []
    similar_median: str | None = None


class SheetSection(msgspec.Struct, frozen=True, kw_only=True):
    """What another room keeps of a commune, as a table; `more` is how many rows are not shown.

    The last four cells of each row say its source, its period, its licence and its status.
    """

    name: str
    title: str
    columns: list[str]
    rows: list[list[str]]
    more: int = 0


class SheetSource(msgspec.Struct, frozen=True, kw_only=True):
    """A source of the sheet and how fresh its latest figure is."""

    source: str
    period: str
    freshness: Share | None


class CommuneSheet(msgspec.Struct, frozen=True, kw_only=True):
    """Everything known of a commune on a day, each figure with source, period, age and status."""

    coordination: str
    commune: str
    name: str
    population: int
    tier: Tier
    at: datetime
    as_of_seq: int
    exposures: list[SheetLine]
    needs: list[SheetLine]
    indicators: list[SheetLine]
    similar_method: str
    sections: list[SheetSection]
    sources: list[SheetSource]
