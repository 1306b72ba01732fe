"""Bodies of the directory of places and of what it says of a territory."""

from datetime import date
from uuid import UUID

import msgspec


class MediationPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A place of digital mediation; lists hold the words of the national schema.

    `id` is the same in every coordination; `local_id` is the producer's own. `freshness` is 1.0
    under six months and 0 from two years on. `opens_evening` and `opens_weekend` are null where
    the hours are not known or cannot be read. `distance_km` is from the point that was asked for.
    """

    id: UUID
    local_id: str
    source: str
    pivot: str | None
    name: str
    commune: str
    commune_name: str
    postal_code: str
    address: str
    address_extra: str | None
    latitude: float | None
    longitude: float | None
    kinds: list[str]
    phone: str | None
    emails: list[str]
    websites: list[str]
    hours: str | None
    opens_evening: bool | None
    opens_weekend: bool | None
    summary: str | None
    detail: str | None
    itinerance: list[str]
    parent: str | None
    updated_on: date
    freshness: float
    services: list[str]
    publics: list[str]
    special_care: list[str]
    fees: list[str]
    programmes: list[str]
    labels: list[str]
    other_labels: list[str]
    access_modes: list[str]
    support_modes: list[str]
    access_sheet: str | None
    booking: str | None
    distance_km: float | None = None


class MediationPlaces(msgspec.Struct, frozen=True, kw_only=True):
    """A page of places; `cursor` asks for the next one, null at the end.

    With `open_at`, a page may be short, even empty, and more may follow.
    """

    items: list[MediationPlace]
    cursor: str | None = None


class PlaceTwins(msgspec.Struct, frozen=True, kw_only=True):
    """Two places that may be one; `reason` is pivot_and_address or name_and_spot."""

    id: UUID
    name: str
    source: str
    other_id: UUID
    other_name: str
    other_source: str
    reason: str


class PlaceTwinsPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of pairs that may be one place: a person decides, nothing is merged by itself."""

    items: list[PlaceTwins]
    cursor: str | None = None


class PlaceServiceShown(msgspec.Struct, frozen=True, kw_only=True):
    """A service of a place in the words of data·inclusion; `local_id` is the producer's own."""

    id: UUID
    place_id: UUID
    local_id: str
    source: str
    name: str
    description: str
    kind: str | None
    themes: list[str]
    fees: str | None
    fees_detail: str | None
    publics: list[str]
    publics_detail: str | None
    conditions: str | None
    reception_modes: list[str]
    eligible_areas: list[str]
    mobilisation_modes: list[str]
    mobilisable_by: list[str]
    link: str | None
    phone: str | None
    email: str | None
    hours: str | None
    weekly_hours: float | None
    weeks: int | None
    updated_on: date


class PlaceServices(msgspec.Struct, frozen=True, kw_only=True):
    """The services of a place."""

    items: list[PlaceServiceShown]
