"""Rows of places and of their services."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from services.chassis.database import Connection
from services.diagnostics.model.place_services import PlaceServiceRow
from services.diagnostics.model.places import (
    CommuneCount,
    CommuneName,
    NearRow,
    PlaceFilter,
    PlaceHash,
    PlaceRow,
    Point,
    Twins,
)
from services.diagnostics.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "commune_names": CommuneName,
    "place_hashes": PlaceHash,
    "place": PlaceRow,
    "places_listed": PlaceRow,
    "places_found": PlaceRow,
    "places_near": NearRow,
    "places_per_commune": CommuneCount,
    "place_twins": Twins,
    "place_services": PlaceServiceRow,
}


async def commune_names(connection: Connection, coordination: str) -> list[CommuneName]:
    """Return the communes of a coordination with their names."""
    rows = await connection.fetch(SQL["commune_names"], coordination)
    return [CommuneName(*row) for row in rows]


async def hold(connection: Connection, coordination: str) -> None:
    """Wait until no other transaction writes places of a coordination."""
    await connection.execute(SQL["hold_places"], coordination)


async def hashes(
    connection: Connection, coordination: str, ids: Sequence[UUID]
) -> dict[UUID, PlaceHash]:
    """Return what is kept of places, by id."""
    rows = await connection.fetch(SQL["place_hashes"], coordination, ids)
    return {row["id"]: PlaceHash(*row) for row in rows}


async def put(connection: Connection, written: Sequence[PlaceRow]) -> None:
    """Write places, each once."""
    await connection.execute(SQL["put_places"], msgspec.json.encode(written).decode())


async def place(connection: Connection, coordination: str, place_id: UUID) -> PlaceRow | None:
    """Return one place."""
    row = await connection.fetchrow(SQL["place"], coordination, place_id)
    return PlaceRow(**dict(row)) if row else None


async def listed(
    connection: Connection,
    coordination: str,
    kept: PlaceFilter,
    after: tuple[str, UUID],
    most: int,
) -> list[PlaceRow]:
    """Return the places after a name that the filter keeps, at most `most`."""
    asked: list[Any] = [coordination, *kept.columns(), *after, most]
    if kept.words is None:
        rows = await connection.fetch(SQL["places_listed"], *asked)
    else:
        rows = await connection.fetch(SQL["places_found"], *asked, kept.words)
    return [PlaceRow(**dict(row)) for row in rows]


async def near(
    connection: Connection,
    coordination: str,
    kept: PlaceFilter,
    point: Point,
    after: tuple[float, UUID],
    most: int,
) -> list[NearRow]:
    """Return the places around a point beyond a distance that the filter keeps."""
    rows = await connection.fetch(
        SQL["places_near"],
        coordination,
        *kept.columns(),
        *after,
        most,
        kept.words,
        point.latitude,
        point.longitude,
        point.within_km,
        *point.box(),
    )
    return [NearRow(**dict(row)) for row in rows]


async def per_commune(
    connection: Connection, coordination: str, communes: Sequence[str] | None = None
) -> list[CommuneCount]:
    """Return how many places communes have."""
    rows = await connection.fetch(SQL["places_per_commune"], coordination, communes)
    return [CommuneCount(*row) for row in rows]


async def twins(
    connection: Connection, coordination: str, after: tuple[UUID, UUID], most: int
) -> list[Twins]:
    """Return pairs that may be one place."""
    rows = await connection.fetch(SQL["place_twins"], coordination, *after, most)
    return [Twins(*row) for row in rows]


async def local_ids(connection: Connection, coordination: str) -> list[tuple[str, str]]:
    """Return the source and the producer's id of every place."""
    rows = await connection.fetch(SQL["place_local_ids"], coordination)
    return [(row["source"], row["local_id"]) for row in rows]


async def put_services(connection: Connection, written: Sequence[PlaceServiceRow]) -> set[UUID]:
    """Write services of places, each once; return the ids of those that changed."""
    told = msgspec.json.encode(written).decode()
    return {row["id"] for row in await connection.fetch(SQL["put_place_services"], told)}


async def services_of(
    connection: Connection, coordination: str, place_id: UUID
) -> list[PlaceServiceRow]:
    """Return what a place offers, as data·inclusion tells it."""
    rows = await connection.fetch(SQL["place_services"], coordination, place_id)
    return [PlaceServiceRow(**dict(row)) for row in rows]
