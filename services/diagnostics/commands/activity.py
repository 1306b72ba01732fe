"""Keep what advisers did, by place."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from services.chassis.database import Connection
from services.chassis.importer import Outcome
from services.diagnostics import store
from services.diagnostics.model.activity import ActivityPlace, ActivityRow
from services.diagnostics.model.observed import SHARED
from services.diagnostics.store import activity, geography


async def bring_activity(
    connection: Connection,
    coordination: str,
    rows: Sequence[ActivityRow],
    *,
    now: datetime,
    new_id: Callable[[], UUID],  # noqa: ARG001  # Activity is named by its place.
) -> list[Outcome]:
    """Write what is told of places; a coordination's own file keeps what is about its places."""
    kept = list(rows)
    if coordination != SHARED:
        codes = await store.covered_codes(connection, coordination)
        known = (await geography.national_communes(connection, sorted(codes))).values()
        own = {code for one in known for code in one.postal_codes}
        own |= {one.department for one in known}
        kept = [row for row in rows if row.place in own]
    changed = await activity.put(connection, coordination, kept, now=now) if kept else set()
    here = set(map(_place, kept))
    return [_place(row) in changed if _place(row) in here else None for row in rows]


def _place(row: ActivityRow) -> ActivityPlace:
    return ActivityPlace(row.place_kind, row.place, row.vintage)
