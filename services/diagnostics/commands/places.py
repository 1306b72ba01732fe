"""Keep the places of a territory, a batch at a time; tell how communes changed."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import structs

from contracts.events.diagnostics.places import CommunePlaces, PlacesChanged
from services.chassis import outbox
from services.chassis.database import Connection
from services.chassis.importer import Doubt, Outcome, RowIsRefused
from services.diagnostics.model.places import Perimeter, Place, PlaceRow, moved, row_of
from services.diagnostics.store import geography
from services.diagnostics.store import places as store

SOURCE = "urn:ctin:service:diagnostics"
COMMUNES_PER_FACT = 500


async def bring_places(
    connection: Connection,
    coordination: str,
    rows: Sequence[Place],
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> list[Outcome]:
    """Keep places; return whether each is new or changed, or why it is refused.

    A place of another territory is refused: it is its coordination's to keep. What a producer
    tells again unchanged changes nothing; an older telling does not replace a newer one.
    """
    found: list[Outcome] = []
    written: dict[UUID, PlaceRow] = {}
    await store.hold(connection, coordination)
    communes = await store.commune_names(connection, coordination)
    names = {one.code: one.name for one in communes}
    perimeter = Perimeter(communes, await geography.former_communes(connection, sorted(names)))
    before = await store.hashes(connection, coordination, [one.place_id for one in rows])
    for place in rows:
        told = perimeter.commune_of(place)
        commune = told or perimeter.successor_of(place)
        if commune is None:
            found.append(_elsewhere(place))
            continue
        named = place.commune_name or names[commune]
        row = row_of(structs.replace(place, commune_name=named), coordination, commune)
        known = before.get(row.id)
        if known and (known.content == row.content or known.updated_on > row.updated_on):
            found.append(False)
            continue
        written[row.id] = row
        found.append(True if told else _gone(place, commune))
    if written:
        changed = list(written.values())
        await store.put(connection, changed)
        counted = moved(before, changed)
        facts = await _facts(connection, coordination, counted)
        await outbox.put(connection, facts, source=SOURCE, now=now, new_id=new_id)
    return found


async def _facts(
    connection: Connection, coordination: str, counted: dict[str, tuple[int, int]]
) -> list[PlacesChanged]:
    """Return what is told of communes that changed, in as few facts as messages hold."""
    codes = sorted(counted)
    now_there = await store.per_commune(connection, coordination, codes)
    places = {one.commune: one.places for one in now_there}
    told = [
        CommunePlaces(
            commune=code,
            places=places.get(code, 0),
            added=counted[code][0],
            changed=counted[code][1],
        )
        for code in codes
    ]
    return [
        PlacesChanged(coordination=coordination, communes=told[at : at + COMMUNES_PER_FACT])
        for at in range(0, len(told), COMMUNES_PER_FACT)
    ]


def _gone(place: Place, commune: str) -> Doubt:
    return Doubt(
        is_new=True,
        detail=f"La commune {place.commune_name or place.insee_code} n'existe plus ; le lieu est "
        f"gardé dans {commune}, où son territoire est.",
        column="code_insee" if place.insee_code else "commune",
        code="W_AREA_GONE",
    )


def _elsewhere(place: Place) -> RowIsRefused:
    shown = f"{place.commune_name} ({place.insee_code or place.postal_code})"
    return RowIsRefused(
        f"{shown} n'est pas une commune de cette coordination, ou son nom n'y est pas chargé.",
        column="code_insee" if place.insee_code else "commune",
        code="E_PERIMETER",
    )
