"""Questions about reported needs one by one, and about their sums by domain and public."""

from collections.abc import Callable
from uuid import UUID

from contracts.http.diagnostics.needs import NeedGroup
from contracts.http.diagnostics.versions import Tier
from services.chassis.database import Connection
from services.diagnostics.model import follow_up as rules
from services.diagnostics.model import groups
from services.diagnostics.model.follow_up import NeedKind, NeedRow, Place, Wanted
from services.diagnostics.model.tiers import ROUNDED_TO, Leaving
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
    to: Leaving,
    with_small: bool,
) -> list[NeedGroup]:
    """Return the needs of a coordination summed by group, as they may leave."""
    inside = to.tier is Tier.INSIDE
    kinds = await rows.summed(
        connection,
        coordination,
        period,
        least=1 if inside else to.threshold,
        rounded_to=ROUNDED_TO if to.tier is Tier.PUBLIC else 1,
    )
    return groups.grouped(kinds, by=by, to=to, with_small=with_small)
