"""Bring the Code officiel géographique, a batch of lines at a time."""

from collections.abc import Sequence

import msgspec

from services.chassis.database import Connection
from services.members.model.territories import Commune, Movement
from services.members.store import territories as rows


async def bring_territories(
    connection: Connection, told: Sequence[Commune | Movement]
) -> list[bool]:
    """Write lines of the national files and return, for each, whether it changed anything."""
    communes = [one for one in told if isinstance(one, Commune)]
    movements = [one for one in told if isinstance(one, Movement)]
    async with connection.transaction():
        known = await rows.known_communes(connection, [one.code for one in communes])
        fresh = [one for one in communes if known.get(one.code) != one]
        if fresh:
            await rows.put_communes(connection, fresh)
        before = await rows.known_movements(connection, [one.code_before for one in movements])
        already = set(map(msgspec.structs.astuple, before))
        moved = {
            msgspec.structs.astuple(one)[:6]: one
            for one in movements
            if msgspec.structs.astuple(one) not in already
        }
        if moved:
            await rows.put_movements(connection, list(moved.values()))
    return [
        known.get(one.code) != one
        if isinstance(one, Commune)
        else msgspec.structs.astuple(one) not in already
        for one in told
    ]
