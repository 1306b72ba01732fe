"""Routes of the directory of places."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, get
from litestar.params import PathParameter, QueryParameter

from contracts.http.diagnostics.places import (
    MediationPlace,
    MediationPlaces,
    PlaceServices,
    PlaceServiceShown,
    PlaceTwins,
    PlaceTwinsPage,
)
from contracts.values import Role
from services.chassis import ids
from services.chassis.http import PAGE_MAX, TheService
from services.chassis.policies import Policy
from services.diagnostics.errors.places import InstantHasNoOffset, NoSuchWord, PointIsHalf
from services.diagnostics.model import place_words
from services.diagnostics.model.places import NearRow, PlaceFilter, PlaceRow, Point, freshness
from services.diagnostics.reads import places as reads

READ = Policy("consulter l'annuaire des lieux", frozenset(Role))
SORT = Policy("tenir l'annuaire des lieux", frozenset({Role.COORDINATOR, Role.OPERATOR}))
Here = Annotated[str, PathParameter(pattern="^[a-z][a-z0-9-]{1,39}$")]
Limit = Annotated[int, QueryParameter(ge=1, le=PAGE_MAX)]
Cursor = Annotated[str | None, QueryParameter(pattern="^([0-9a-f]{2})+$", max_length=2000)]
Query = Annotated[str | None, QueryParameter(max_length=100)]
Word = Annotated[str | None, QueryParameter(max_length=100)]
Offers = Annotated[str | None, QueryParameter(name="service", max_length=100)]
Near = Annotated[
    str | None,
    QueryParameter(pattern=r"^-?[0-9]{1,2}(\.[0-9]{1,12})?,-?[0-9]{1,3}(\.[0-9]{1,12})?$"),
]
Within = Annotated[float, QueryParameter(gt=0, le=200)]
Commune = Annotated[
    str | None, QueryParameter(pattern="^([013-9][0-9]|2[AB1-9])[0-9]{3}$", max_length=5)
]


def point_of(near: str | None, within_km: float) -> Point | None:
    """Return the point that a search is around, None where it is around none.

    Raises:
        PointIsHalf: it is not on Earth.
    """
    if near is None:
        return None
    latitude, longitude = map(float, near.split(","))
    if abs(latitude) > 90 or abs(longitude) > 180:  # noqa: PLR2004  # Degrees.
        raise PointIsHalf
    return Point(latitude=latitude, longitude=longitude, within_km=within_km)


def word_of(asked: str | None, name: str, field: str | None) -> list[str] | None:
    """Return the value of the schema that a word means, in either generation; None for none.

    Raises:
        NoSuchWord: the list has no such value; without a `field`, None is returned.
    """
    if asked is None:
        return None
    found = [value for kind, value in place_words.meaning(asked, name) or () if kind == name]
    if not found and field is not None:
        raise NoSuchWord(field, place_words.LISTS[name])
    return found or None


def place_shown(row: PlaceRow) -> MediationPlace:
    """Return a place as readers see it."""
    told = msgspec.structs.asdict(row)
    return MediationPlace(
        **{name: told[name] for name in MediationPlace.__struct_fields__ if name in told},
        freshness=freshness(row.updated_on, ids.now().date()),
        distance_km=round(row.km, 3) if isinstance(row, NearRow) else None,
    )


class Places(Controller):
    """Where inhabitants are helped: searched by words, place, hours and service."""

    tags = ("Lieux",)

    @get("/v1/coordinations/{coordination:str}/places", opt=READ.opt())
    async def places(
        self,
        service: TheService,
        coordination: Here,
        *,
        q: Query = None,
        offers: Offers = None,
        public: Word = None,
        label: Word = None,
        fee: Word = None,
        commune: Commune = None,
        near: Near = None,
        within_km: Within = 10.0,
        itinerance: Word = None,
        open_at: datetime | None = None,
        evening: bool = False,
        weekend: bool = False,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> MediationPlaces:
        """Return a page of places by name, or around a point the nearest first.

        `q` finds words by their beginning, without accents. `evening` keeps places open after
        18:00 on some weekday, `open_at` those open at an instant, which carries its offset.
        """
        if open_at is not None and open_at.tzinfo is None:
            raise InstantHasNoOffset
        kept = PlaceFilter(
            services=word_of(offers, "services", "service"),
            publics=word_of(public, "publics", "public"),
            label=next(iter(word_of(label, "programmes", None) or ()), label),
            fee=next(iter(word_of(fee, "fees", "fee") or ()), None),
            commune=commune,
            evening=evening,
            weekend=weekend,
            itinerance=next(iter(word_of(itinerance, "itinerance", "itinerance") or ()), None),
            open_at=open_at,
            words=reads.words(q),
        )
        point = point_of(near, within_km)
        async with service.read() as connection:
            found, more = await reads.places(
                connection, coordination, kept, point=point, cursor=cursor, most=limit
            )
        return MediationPlaces(items=[place_shown(row) for row in found], cursor=more)

    @get("/v1/coordinations/{coordination:str}/places/duplicates", opt=SORT.opt())
    async def duplicates(
        self, service: TheService, coordination: Here, limit: Limit = 50, cursor: Cursor = None
    ) -> PlaceTwinsPage:
        """Return a page of pairs that may be one place; nothing is merged by itself."""
        async with service.read() as connection:
            found, more = await reads.twins(connection, coordination, cursor=cursor, most=limit)
        items = [PlaceTwins(**msgspec.structs.asdict(row)) for row in found]
        return PlaceTwinsPage(items=items, cursor=more)

    @get("/v1/coordinations/{coordination:str}/places/{place:uuid}", opt=READ.opt())
    async def place(self, service: TheService, coordination: Here, place: UUID) -> MediationPlace:
        """Return one place."""
        async with service.read() as connection:
            found = await reads.place(connection, coordination, place)
        return place_shown(found)

    @get("/v1/coordinations/{coordination:str}/places/{place:uuid}/services", opt=READ.opt())
    async def services(self, service: TheService, coordination: Here, place: UUID) -> PlaceServices:
        """Return what a place offers, as data·inclusion tells it."""
        async with service.read() as connection:
            found = await reads.services_of(connection, coordination, place)
        names = PlaceServiceShown.__struct_fields__
        items = [PlaceServiceShown(**{one: getattr(row, one) for one in names}) for row in found]
        return PlaceServices(items=items)
