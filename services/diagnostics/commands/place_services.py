"""Keep what data·inclusion tells: structures as places, and the services of places."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from services.chassis.database import Connection
from services.chassis.importer import Outcome, RowIsRefused
from services.diagnostics.commands.places import bring_places
from services.diagnostics.model.place_services import (
    PlaceService,
    overlaid,
    service_row,
    with_themes,
)
from services.diagnostics.model.places import Place
from services.diagnostics.store import places as store


async def bring_data_inclusion(
    connection: Connection,
    coordination: str,
    rows: Sequence[Place | PlaceService],
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> list[Outcome]:
    """Keep structures and services; return whether each is new or changed, or why it is refused.

    Structures first: a service whose structure is not here is refused. Its themes of digital tools
    are added to what its place offers in the national schema.
    """
    await store.hold(connection, coordination)
    found: list[Outcome] = [False] * len(rows)
    structures = [(at, one) for at, one in enumerate(rows) if isinstance(one, Place)]
    services = [(at, one) for at, one in enumerate(rows) if isinstance(one, PlaceService)]
    told = [await _overlaid(connection, coordination, one) for _, one in structures]
    outcomes = await bring_places(connection, coordination, told, now=now, new_id=new_id)
    for (at, _), outcome in zip(structures, outcomes, strict=True):
        found[at] = outcome
    kept = await store.hashes(connection, coordination, [one.place_id for _, one in services])
    written = []
    for at, service in services:
        if service.place_id in kept:
            written.append((at, service_row(service, coordination)))
        else:
            found[at] = RowIsRefused(
                f"La structure « {service.structure_id} » n'est pas ici ; importez-la d'abord.",
                column="structure_id",
                code="E_UNKNOWN",
            )
    changed = await store.put_services(connection, [row for _, row in written])
    for at, row in written:
        found[at] = row.id in changed
    places = []
    for place_id in sorted({row.place_id for _, row in written if row.id in changed}):
        place = await store.place(connection, coordination, place_id)
        assert place is not None, "its id was found above"
        themes = [one for _, row in written if row.place_id == place_id for one in row.themes]
        places.append(with_themes(place, themes))
    await bring_places(connection, coordination, places, now=now, new_id=new_id)
    return found


async def _overlaid(connection: Connection, coordination: str, told: Place) -> Place:
    """Return a structure with what is already known of its place."""
    known = await store.place(connection, coordination, told.place_id)
    return overlaid(known, told) if known else told
