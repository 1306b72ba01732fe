"""A coordination's figures as GeoJSON (RFC 7946): a point a commune."""

from typing import Literal

import msgspec


class PointGeometry(msgspec.Struct, frozen=True, kw_only=True):
    """Where a commune is: longitude then latitude, degrees, WGS 84."""

    type: Literal["Point"] = "Point"
    coordinates: tuple[float, float]


class FigureProperties(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a commune, with where it is from."""

    commune: str
    name: str
    population: int
    figure: str
    label: str
    value: str | None
    status: str
    reading: str
    source: str
    period: str


class CommuneFeature(msgspec.Struct, frozen=True, kw_only=True):
    """One commune; without coordinates in the reference data its geometry is null."""

    type: Literal["Feature"] = "Feature"
    id: str
    geometry: PointGeometry | None
    properties: FigureProperties


class CommuneFeatures(msgspec.Struct, frozen=True, kw_only=True):
    """Every commune of a coordination with one figure."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[CommuneFeature]
