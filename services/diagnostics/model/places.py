"""Places of digital mediation, as the national schema tells them, and what is made of them."""

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from services.diagnostics.model.geography import FormerCommune
from services.diagnostics.model.place_hours import opening
from services.diagnostics.model.place_words import key

NO_PIVOT = "00000000000000"
"""What the schema's required pivot says where nobody knows it."""
EARTH_KM = 6371.0088
_ORDINAL = re.compile(r"\d*(?:er|e|eme|nd)?|cedex")
FRESH_DAYS, STALE_DAYS = 183, 730
ARRONDISSEMENTS = {
    **{f"132{number:02}": "13055" for number in range(1, 17)},
    **{f"6938{number}": "69123" for number in range(1, 10)},
    **{f"751{number:02}": "75056" for number in range(1, 21)},
}
"""Arrondissements with a code of their own, and the commune that each is of."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A place as its producer tells it, cleaned; which commune it is in is found later."""

    local_id: str
    source: str = ""
    pivot: str | None = None
    name: str
    commune_name: str
    postal_code: str
    insee_code: str | None = None
    address: str
    address_extra: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    kinds: list[str] = []
    phone: str | None = None
    emails: list[str] = []
    websites: list[str] = []
    hours: str | None = None
    summary: str | None = None
    detail: str | None = None
    itinerance: list[str] = []
    parent: str | None = None
    updated_on: date
    services: list[str] = []
    publics: list[str] = []
    special_care: list[str] = []
    fees: list[str] = []
    programmes: list[str] = []
    labels: list[str] = []
    other_labels: list[str] = []
    access_modes: list[str] = []
    support_modes: list[str] = []
    access_sheet: str | None = None
    booking: str | None = None

    @property
    def place_id(self) -> UUID:
        """Its id everywhere: a producer's id names one place, with the producer's name or not."""
        return uuid5(NAMESPACE_URL, f"urn:ctin:place:{key(self.source)}:{self.own_id}")

    @property
    def own_id(self) -> str:
        """Its producer's id without the producer's name before it."""
        if not self.source:
            return self.local_id
        return self.local_id.removeprefix(f"{self.source}--").removeprefix(f"{self.source}_")


class PlaceRow(Place, frozen=True, kw_only=True):
    """A place in its coordination, with what searches read."""

    coordination: str
    id: UUID
    commune: str
    name_key: str
    address_key: str
    words: str
    opens_evening: bool | None
    opens_weekend: bool | None
    content: str


class NearRow(PlaceRow, frozen=True, kw_only=True):
    """A place, and how far it is from the point asked for."""

    km: float


class PlaceFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What places must be to be listed; `words` is a text query."""

    services: list[str] | None = None
    publics: list[str] | None = None
    label: str | None = None
    fee: str | None = None
    commune: str | None = None
    evening: bool = False
    weekend: bool = False
    itinerance: str | None = None
    open_at: datetime | None = None
    words: str | None = None

    def columns(self) -> tuple[Any, ...]:
        """Return what the queries of places ask for, in their order."""
        return (
            *(self.services, self.publics, self.label, self.fee, self.commune),
            *(self.evening, self.weekend, self.itinerance, self.open_at is not None),
        )


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """Where places are looked for: degrees, WGS 84, and how far around."""

    latitude: float
    longitude: float
    within_km: float

    def box(self) -> tuple[float, float]:
        """Return the degrees of latitude and of longitude that hold the circle."""
        north = math.degrees(self.within_km / EARTH_KM) * 1.001
        shrink = math.cos(math.radians(min(89.0, abs(self.latitude) + north)))
        return north, min(360.0, north / shrink)


class CommuneName(msgspec.Struct, frozen=True):
    """A commune of a coordination and its name, empty where reference data is not loaded."""

    code: str
    name: str


class PlaceHash(msgspec.Struct, frozen=True):
    """What is kept of a place before a batch is written."""

    id: UUID
    commune: str
    content: str
    updated_on: date


class Twins(msgspec.Struct, frozen=True):
    """Two places that may be one."""

    id: UUID
    name: str
    source: str
    other_id: UUID
    other_name: str
    other_source: str
    reason: str


class CommuneCount(msgspec.Struct, frozen=True):
    """How many places a commune has."""

    commune: str
    places: int


def row_of(place: Place, coordination: str, commune: str) -> PlaceRow:
    """Return a place as its coordination keeps it."""
    told = {name: getattr(place, name) for name in Place.__struct_fields__}
    told["insee_code"] = place.insee_code or commune
    hours = opening(place.hours) if place.hours else None
    named = (place.name, place.commune_name, place.address, place.postal_code, place.source)
    words = " ".join(map(key, (*named, *place.services, *place.programmes)))
    content = hashlib.sha256(
        msgspec.json.encode([commune, {**told, "local_id": place.own_id}])
    ).hexdigest()
    return PlaceRow(
        **told,
        coordination=coordination,
        id=place.place_id,
        commune=commune,
        name_key=key(place.name),
        address_key=key(place.address),
        words=words,
        opens_evening=hours.evening if hours else None,
        opens_weekend=hours.weekend if hours else None,
        content=content,
    )


class Perimeter:
    """The communes of a coordination, by code and by name."""

    def __init__(
        self, communes: Sequence[CommuneName], former: Sequence[FormerCommune] = ()
    ) -> None:
        """Index them; two of one name are told apart by their département."""
        self._former_codes = {one.code: one.commune for one in former}
        self._former_names: dict[tuple[str, str], set[str]] = {}
        for gone in former:
            for postal_code in gone.postal_codes:
                named = self._former_names.setdefault((commune_key(gone.name), postal_code), set())
                named.add(gone.commune)
        self._codes = {one.code for one in communes}
        self._named: dict[str, list[str]] = {}
        for one in communes:
            self._named.setdefault(commune_key(one.name), []).append(one.code)
        for name, codes in list(self._named.items()):
            self._named.setdefault(name.removeprefix(_article(name)), codes)

    def commune_of(self, place: Place) -> str | None:
        """Return the commune a place is in, None where it is none of these."""
        if place.insee_code:
            code = ARRONDISSEMENTS.get(place.insee_code, place.insee_code)
            return code if code in self._codes else None
        name = commune_key(place.commune_name)
        found = self._named.get(name) or self._named.get(name.removeprefix(_article(name)), [])
        near = [code for code in found if _department(code) == _postal_department(place)]
        return near[0] if len(near) == 1 else None

    def successor_of(self, place: Place) -> str | None:
        """Return the commune that a place is in which tells one that is gone, None without one.

        By its code; or by its name, where the commune of today has its postal code.
        """
        if place.insee_code:
            return self._former_codes.get(place.insee_code)
        found = self._former_names.get((commune_key(place.commune_name), place.postal_code), set())
        return next(iter(found)) if len(found) == 1 else None


def commune_key(name: str) -> str:
    """Return a commune's name as it is compared: `ST-JORIOZ` and `Saint Jorioz` are one.

    An arrondissement (`MARSEILLE 11`), a `Cedex` and what stands in parentheses are left out.
    """
    words = key(name.partition("(")[0]).split()
    while words and (_ORDINAL.fullmatch(words[-1])):
        words.pop()
    full = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
    return " ".join(full.get(word, word) for word in words if word != "arrondissement")


def _article(name: str) -> str:
    """Return the article that a commune's name begins with, which many leave out."""
    found = next((one for one in ("le ", "la ", "les ", "l ") if name.startswith(one)), "")
    return found if name.removeprefix(found) else ""


def _department(code: str) -> str:
    return code[:3] if code.startswith(("97", "98")) else code[:2]


def _postal_department(place: Place) -> str:
    if place.postal_code.startswith("20"):
        south = ("200", "201")
        return "2A" if place.postal_code.startswith(south) else "2B"
    return _department(place.postal_code)


def freshness(updated_on: date, today: date) -> float:
    """Return 1.0 under six months, then less each day until 0 at two years.

    Source: data·inclusion, score_qualite.py.
    """
    age = (today - updated_on).days
    if age < FRESH_DAYS:
        return 1.0
    return round(max(0.0, 1 - (age - FRESH_DAYS) / (STALE_DAYS - FRESH_DAYS)), 4)


def distance_km(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Return the great-circle distance between two points, latitude then longitude in degrees."""
    (one, here), (other, there) = (tuple(map(math.radians, point)) for point in (first, second))
    half = (
        math.sin((other - one) / 2) ** 2
        + math.cos(one) * math.cos(other) * math.sin((there - here) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def words_begun(asked: str) -> str:
    """Return a text query that finds places in which each word of `asked` begins a word."""
    return " & ".join(f"{word}:*" for word in key(asked).split())


def moved(
    before: Mapping[UUID, PlaceHash], written: Sequence[PlaceRow]
) -> dict[str, tuple[int, int]]:
    """Return how many places each commune gained or saw change: new ones, changed ones."""
    counted: dict[str, list[int]] = {}
    for row in written:
        known = before.get(row.id)
        if known and known.content == row.content:
            continue
        is_new = known is None or known.commune != row.commune
        counted.setdefault(row.commune, [0, 0])[0 if is_new else 1] += 1
        if known and known.commune != row.commune:
            counted.setdefault(known.commune, [0, 0])[1] += 1
    return {commune: (new, changed) for commune, (new, changed) in counted.items()}


def twin_keys(place: Place) -> list[tuple[str, str]]:
    """Return what two rows of one file share when they may be one place."""
    found = []
    if place.pivot:
        found.append(("pivot et adresse", f"{place.pivot} {key(place.address)}"))
    if place.latitude is not None and place.longitude is not None:
        spot = f"{place.latitude:.3f} {place.longitude:.3f}"
        found.append(("nom et point", f"{key(place.name)} {spot}"))
    return found
