"""Rows of the activity of advisers."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from services.chassis.database import Connection
from services.diagnostics.model.activity import (
    LICENCE,
    SOURCE,
    ActivityKept,
    ActivityPlace,
    ActivityRow,
)
from services.diagnostics.model.geography import NationalCommune
from services.diagnostics.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "put_activity": ActivityPlace,
    "activity_of": ActivityKept,
    "communes_of_postal_codes": NationalCommune,
}


async def put(
    connection: Connection, coordination: str, rows: Sequence[ActivityRow], *, now: datetime
) -> set[ActivityPlace]:
    """Write what is told of places, each given once; return those that are new or changed."""
    found = await connection.fetch(
        SQL["put_activity"],
        coordination,
        [one.place_kind for one in rows],
        [one.place for one in rows],
        [one.vintage for one in rows],
        [msgspec.json.encode(one.figures, order="sorted").decode() for one in rows],
        SOURCE,
        LICENCE,
        now,
    )
    return {ActivityPlace(*row) for row in found}


async def of_places(
    connection: Connection,
    coordination: str,
    *,
    postal_codes: Sequence[str],
    departments: Sequence[str],
) -> list[ActivityKept]:
    """Return the latest activity told of some places."""
    rows = await connection.fetch(SQL["activity_of"], coordination, postal_codes, departments)
    return [ActivityKept(*row) for row in rows]


async def sharing(connection: Connection, postal_codes: Sequence[str]) -> list[NationalCommune]:
    """Return every commune of the country that has one of these postal codes."""
    rows = await connection.fetch(SQL["communes_of_postal_codes"], postal_codes)
    return [NationalCommune(*row) for row in rows]
