"""Questions about the directory of places."""

from collections.abc import AsyncIterator
from typing import TypeVar
from uuid import UUID

import msgspec

from services.chassis.database import Connection
from services.diagnostics.errors.places import CursorIsNotOurs, NoSuchPlace, SearchIsEmpty
from services.diagnostics.model.place_hours import is_open
from services.diagnostics.model.place_services import PlaceServiceRow
from services.diagnostics.model.places import (
    NearRow,
    PlaceFilter,
    PlaceRow,
    Point,
    Twins,
    words_begun,
)
from services.diagnostics.store import places as rows

EXPORT_PAGE = 1000
SEEN_MAX = 2000
"""How many places one page looks at for those open at an instant."""
FIRST = UUID(int=0)
T = TypeVar("T")
By = tuple[str, UUID] | tuple[float, UUID]


def words(q: str | None) -> str | None:
    """Return the text query of what a reader typed, None where nothing was.

    Raises:
        SearchIsEmpty: it holds no letter and no digit.
    """
    found = words_begun(q) if q is not None else None
    if found == "":
        raise SearchIsEmpty
    return found


def after(cursor: str, kind: type[T]) -> T:
    """Return what a cursor stands for.

    Raises:
        CursorIsNotOurs: no page gave it for such a list.
    """
    try:
        return msgspec.json.decode(bytes.fromhex(cursor), type=kind)
    except (ValueError, msgspec.DecodeError):
        raise CursorIsNotOurs from None


def cursor_of(last: By | tuple[UUID, UUID]) -> str:
    """Return the cursor of the page after this."""
    return msgspec.json.encode(last).hex()


async def place(connection: Connection, coordination: str, place_id: UUID) -> PlaceRow:
    """Return one place.

    Raises:
        NoSuchPlace: it is not one of this coordination's.
    """
    found = await rows.place(connection, coordination, place_id)
    if found is None:
        raise NoSuchPlace(place_id)
    return found


async def places(
    connection: Connection,
    coordination: str,
    kept: PlaceFilter,
    *,
    point: Point | None,
    cursor: str | None,
    most: int,
) -> tuple[list[PlaceRow], str | None]:
    """Return a page of places by name, or the nearest first, and the cursor of the next."""
    if point is None:
        by_name = after(cursor, tuple[str, UUID]) if cursor else ("", FIRST)
    else:
        by_distance = after(cursor, tuple[float, UUID]) if cursor else (-1.0, FIRST)
    found: list[PlaceRow] = []
    seen = 0
    while True:
        batch: list[PlaceRow]
        if point is None:
            batch = await rows.listed(connection, coordination, kept, by_name, most + 1)
        else:
            near = await rows.near(connection, coordination, kept, point, by_distance, most + 1)
            batch = list(near)
        more = len(batch) > most
        for row in batch[:most]:
            seen += 1
            if isinstance(row, NearRow):
                by_distance = (row.km, row.id)
            else:
                by_name = (row.name_key, row.id)
            if kept.open_at is None or (row.hours and is_open(row.hours, kept.open_at)):
                found.append(row)
            if len(found) == most:
                more = more or row is not batch[min(most, len(batch)) - 1]
                break
        if not more or len(found) == most or seen >= SEEN_MAX:
            return found, cursor_of(by_name if point is None else by_distance) if more else None


async def services_of(
    connection: Connection, coordination: str, place_id: UUID
) -> list[PlaceServiceRow]:
    """Return what a place offers, as data·inclusion tells it.

    Raises:
        NoSuchPlace: it is not one of this coordination's.
    """
    await place(connection, coordination, place_id)
    return await rows.services_of(connection, coordination, place_id)


async def local_ids(connection: Connection, coordination: str) -> list[tuple[str, str]]:
    """Return the source and the producer's id of every place."""
    return await rows.local_ids(connection, coordination)


async def every_place(connection: Connection, coordination: str) -> AsyncIterator[PlaceRow]:
    """Yield every place of a coordination by name."""
    by_name = ("", FIRST)
    while True:
        batch = await rows.listed(connection, coordination, PlaceFilter(), by_name, EXPORT_PAGE)
        for row in batch:
            yield row
        if len(batch) < EXPORT_PAGE:
            return
        by_name = (batch[-1].name_key, batch[-1].id)


async def twins(
    connection: Connection, coordination: str, *, cursor: str | None, most: int
) -> tuple[list[Twins], str | None]:
    """Return a page of pairs that may be one place."""
    start = after(cursor, tuple[UUID, UUID]) if cursor else (FIRST, FIRST)
    found = await rows.twins(connection, coordination, start, most + 1)
    page = found[:most]
    more = len(found) > most
    return page, cursor_of((page[-1].id, page[-1].other_id)) if more else None
