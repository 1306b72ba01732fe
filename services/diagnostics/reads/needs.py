"""Questions about reported needs one by one, and about their sums by domain and public."""

from collections.abc import Callable
from uuid import UUID

from contracts.http.diagnostics.needs import NeedGroup
from services.chassis.database import Connection
from services.diagnostics.model import follow_up as rules
from services.diagnostics.model import groups
from services.diagnostics.model.follow_up import NeedKind, NeedRow, Place, Wanted
from services.diagnostics.store import follow_up as rows


async def need(
    connection: Connection,
    coordination: str,
    signal_id: UUID,
    *,
    institution: str | None,
    own: str | None,
) -> NeedRow:
    """Return one need; with `own`, if that organisation reported it or answers for it.

    Raises:
        NoSuchNeed: there is none that may be seen.
        SeveralNeeds: two institutions use this id, and none was given.
    """
    found = await rows.records(connection, coordination, signal_id, institution)
    return rules.the_one(found, signal_id, own=own)


async def needs(
    connection: Connection,
    coordination: str,
    wanted: Wanted,
    *,
    before: Place | None,
    own: str | None,
    most: int,
) -> tuple[list[NeedRow], Place | None]:
    """Return a page of needs, the latest first, and where the next begins, None at the end."""
    found = await rows.listed(
        connection, coordination, wanted, before=before, own=own, most=most + 1
    )
    last = found[most - 1] if len(found) > most else None
    place = Place(last.reported_at, last.signal_id, last.institution) if last else None
    return found[:most], place


async def grouped(
    connection: Connection,
    coordination: str,
    period: str | None,
    *,
    by: Callable[[NeedKind], str],
    threshold: int | None,
) -> list[NeedGroup]:
    """Return the needs of a coordination summed by group; sums below `threshold` are hidden."""
    kinds = await rows.summed(connection, coordination, period)
    return groups.grouped(kinds, by=by, threshold=threshold)
