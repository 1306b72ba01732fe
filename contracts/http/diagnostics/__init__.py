"""Bodies of the diagnostics service's routes."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from contracts.events.diagnostics import ExposureFigure, IndicatorFigure, NeedFigure
from contracts.http.diagnostics.indicators import WiderArea
from contracts.values import AreaKind, CommuneCode, Label, Slug


class CommuneFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A commune as the reference data has it. Longitude and latitude are degrees, WGS 84."""

    code: CommuneCode
    name: Label
    population: Annotated[int, Meta(ge=0)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    latitude: Annotated[float, Meta(ge=-90, le=90)]


class LoadCommunes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Communes of a coordination, with the source and vintage of their facts."""

    source: Label
    vintage: Label
    communes: Annotated[list[CommuneFacts], Meta(min_length=1, max_length=2000)]


class Observation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One value of an indicator, as its producer wrote it; null is secrecy or absence, not zero."""

    commune: CommuneCode
    value: Annotated[str, Meta(pattern="^-?[0-9]{1,12}(\\.[0-9]{1,20})?$")] | None


class LoadIndicator(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Observations of one indicator in one edition."""

    indicator: Slug
    label: Label
    unit: Label
    source: Label
    licence: Label
    vintage: Label
    observations: Annotated[list[Observation], Meta(min_length=1, max_length=2000)]


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows of a load were new or changed, and how many were known already."""

    accepted: int
    unchanged: int


class PartArea(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an IRIS, an EPCI or a QPV by itself, as it was sent on that grid.

    `communes` are those of the coordination that an EPCI has or that a QPV is in: nothing of it is
    ever spread over them.
    """

    area_kind: AreaKind
    area_code: str
    name: str = ""
    communes: list[str] = []
    as_of_seq: int = 0
    as_of: datetime | None = None
    exposures: list[ExposureFigure] = []
    needs: list[NeedFigure] = []


class PartAreas(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the areas beyond communes that something is known of, by code."""

    items: list[PartArea]
    cursor: str | None = None


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """Everything known of a commune, each figure with its source, its period and its status.

    `as_of_seq` is the highest place in `IN` of the signals that changed it; what came by HTTP has
    none and moves `as_of` alone, the instant of the last change. `parts` are its IRIS, apart.
    """

    commune: str
    name: str
    population: int
    as_of_seq: int
    as_of: datetime | None = None
    exposures: list[ExposureFigure]
    needs: list[NeedFigure]
    indicators: list[IndicatorFigure]
    parts: list[PartArea] = []
    wider: list[WiderArea] = []
    """Its EPCI, its QPV and its département, where the national files say which."""


class MapPoint(msgspec.Struct, frozen=True, kw_only=True):
    """One commune on the map: where it is and the one figure asked for, with how it reads.

    Without coordinates in the reference data, longitude and latitude are null.
    """

    commune: str
    name: str
    population: int
    longitude: float | None
    latitude: float | None
    value: int | None
    observed: str | None = None
    status: str
    reading: str


class MapData(msgspec.Struct, frozen=True, kw_only=True):
    """The communes of a coordination with one measure, and the measures there are to choose."""

    measure: str | None
    label: str
    source: str
    period: str
    points: list[MapPoint]
    measures: dict[str, str]
    """Code of each measure that was ever received here, with its French label."""
    updated_at: datetime | None
    unplaced: int = 0
    """How many communes have no coordinates in the reference data: no map can show them."""
