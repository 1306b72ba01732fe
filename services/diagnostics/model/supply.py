"""What is offered against what is needed, commune by commune, and where nothing is near."""

from collections.abc import Mapping, Sequence

import msgspec

from contracts.events.diagnostics import FigureStatus
from contracts.http.diagnostics.supply import (
    CommuneSupply,
    DepartmentWhiteZones,
    MatchedNeed,
    OfferedService,
    WhiteZone,
)
from contracts.http.diagnostics.versions import Tier
from contracts.vocabulary import VOCABULARY
from services.diagnostics.model.place_words import SERVICES
from services.diagnostics.model.tiers import ROUNDED_TO, Leaving

DEGREE_KM = 110.0
"""Less than a degree of latitude is anywhere on Earth, in kilometres."""
LOOKED_KM_MIN = 50.0
"""How far the nearest place is looked for, at least."""
PUBLIC_OF = {
    "young": "Jeunes",
    "students": "Étudiants",
    "families": "Familles et/ou enfants",
    "seniors": "Seniors",
    "women": "Femmes",
}
"""The public of the national schema that a public of needs is; the others have none."""


class CommuneRow(msgspec.Struct, frozen=True):
    """A commune with the places around it; it is at zero degree where reference data is missing."""

    code: str
    name: str
    population: int
    latitude: float
    longitude: float
    here: int
    near: int
    nearest_km: float | None

    @property
    def is_placed(self) -> bool:
        """Whether where it is is known."""
        return bool(self.latitude or self.longitude)


class OfferRow(msgspec.Struct, frozen=True):
    """How many places offer a service to some publics, in a commune and around it."""

    commune: str
    service: str
    for_all: bool
    publics: list[str]
    here: int
    near: int


class ReportedRow(msgspec.Struct, frozen=True):
    """What was reported in a commune, by theme and public."""

    commune: str
    theme: str
    public: str
    unit: str
    period: str
    count_sum: int


def degrees_around(within_km: float) -> float:
    """Return the degrees of latitude in which the nearest place is looked for."""
    return max(within_km, LOOKED_KM_MIN) / DEGREE_KM


def white_zone(row: CommuneRow, within_km: float) -> WhiteZone:
    """Return whether a commune has no place, and none near; null where it cannot be known."""
    nearest = row.nearest_km if row.is_placed else None
    beyond: bool | None = False
    if row.here == 0:
        beyond = (nearest is None or nearest > within_km) if row.is_placed else None
    return WhiteZone(
        commune=row.code,
        name=row.name,
        population=row.population,
        department=department_of(row.code),
        places=row.here,
        nearest_km=None if nearest is None else round(nearest, 3),
        is_white=beyond,
    )


def department_of(code: str) -> str:
    """Return the département of a commune's code."""
    return code[:3] if code.startswith(("97", "98")) else code[:2]


def by_department(zones: Sequence[WhiteZone]) -> list[DepartmentWhiteZones]:
    """Return how many communes of each département have no place, and none near."""
    found: dict[str, list[WhiteZone]] = {}
    for one in zones:
        found.setdefault(one.department, []).append(one)
    return [
        DepartmentWhiteZones(
            department=department,
            communes=len(there),
            without_place=sum(one.places == 0 for one in there),
            white=sum(one.is_white is True for one in there),
            unknown=sum(one.is_white is None for one in there),
            population_white=sum(one.population for one in there if one.is_white),
        )
        for department, there in sorted(found.items())
    ]


def matched(
    row: CommuneRow,
    offers: Sequence[OfferRow],
    needs: Sequence[ReportedRow],
    *,
    to: Leaving,
) -> CommuneSupply:
    """Return what a commune is offered against what was reported; small needs hide."""
    told = [_matched(need, offers, to) for need in needs]
    offered = _by_service(offers)
    return CommuneSupply(
        commune=row.code,
        name=row.name,
        population=row.population,
        places=row.here,
        places_near=row.near if row.is_placed else None,
        nearest_km=round(row.nearest_km, 3)
        if row.is_placed and row.nearest_km is not None
        else None,
        services=[
            OfferedService(service=service, here=here, near=near)
            for service, (here, near) in sorted(
                offered.items(), key=lambda one: SERVICES.index(one[0])
            )
        ],
        needs=told,
        gaps=sorted({one.theme for one in told if not one.is_answered}),
    )


def _by_service(offers: Sequence[OfferRow]) -> Mapping[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for one in offers:
        here, near = found.get(one.service, (0, 0))
        found[one.service] = (here + one.here, near + one.near)
    return found


def _matched(need: ReportedRow, offers: Sequence[OfferRow], to: Leaving) -> MatchedNeed:
    """Return a need and the places that answer it: those of its theme, open to its public."""
    service = VOCABULARY.themes.get(need.theme)
    public = PUBLIC_OF.get(need.public)
    fit = [
        one
        for one in offers
        if one.service == service and (one.for_all or public is None or public in one.publics)
    ]
    hidden = to.tier is not Tier.INSIDE and need.count_sum < to.threshold
    step = ROUNDED_TO if to.tier is Tier.PUBLIC else 1
    near = sum(one.near for one in fit)
    return MatchedNeed(
        theme=need.theme,
        label=service or need.theme,
        public=need.public,
        public_label=VOCABULARY.publics.get(need.public, need.public),
        unit=need.unit,
        period=need.period,
        count=None if hidden else (need.count_sum + step // 2) // step * step,
        status=FigureStatus.SECRET if hidden else FigureStatus.COMPLETE,
        places_here=sum(one.here for one in fit),
        places_near=near,
        is_answered=near > 0,
    )
