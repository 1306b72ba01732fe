"""Bodies of what is offered against what is needed."""

import msgspec

from contracts.events.diagnostics import FigureStatus


class OfferedService(msgspec.Struct, frozen=True, kw_only=True):
    """How many places offer a service of the national schema, in a commune and within reach."""

    service: str
    here: int
    near: int


class MatchedNeed(msgspec.Struct, frozen=True, kw_only=True):
    """A need reported in a commune, and the places that answer its theme and take its public.

    `count` is null below the threshold; `is_answered` when such a place is within reach.
    """

    theme: str
    label: str
    public: str
    public_label: str
    unit: str
    period: str
    count: int | None
    status: FigureStatus
    places_here: int
    places_near: int
    is_answered: bool


class CommuneSupply(msgspec.Struct, frozen=True, kw_only=True):
    """What a commune is offered against what was reported there; `gaps` are themes unanswered.

    Distances are from its centre to places of the coordination; null where it is not known.
    """

    commune: str
    name: str
    population: int
    places: int
    places_near: int | None
    nearest_km: float | None
    services: list[OfferedService]
    needs: list[MatchedNeed]
    gaps: list[str]


class Supply(msgspec.Struct, frozen=True, kw_only=True):
    """A page of communes by code; `cursor` asks for the next one, null at the end."""

    within_km: float
    items: list[CommuneSupply]
    cursor: str | None = None


class WhiteZone(msgspec.Struct, frozen=True, kw_only=True):
    """A commune and how far help is.

    `is_white` when it has no place and none is within reach; null where its centre is not known.
    """

    commune: str
    name: str
    population: int
    department: str
    places: int
    nearest_km: float | None
    is_white: bool | None


class DepartmentWhiteZones(msgspec.Struct, frozen=True, kw_only=True):
    """The communes of a département, as far as this coordination goes."""

    department: str
    communes: int
    without_place: int
    white: int
    unknown: int
    population_white: int


class WhiteZones(msgspec.Struct, frozen=True, kw_only=True):
    """Communes without a place, by code; `departments` sums all of them."""

    within_km: float
    departments: list[DepartmentWhiteZones]
    items: list[WhiteZone]
    cursor: str | None = None
