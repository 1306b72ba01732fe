"""Keep what files observe of areas; a value that is replaced stays as a revision."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from uuid import UUID

from services.chassis.database import Connection
from services.chassis.importer import Doubt, Outcome
from services.diagnostics import store
from services.diagnostics.commands.geography import place_districts
from services.diagnostics.model.observed import SHARED, AreaRow, Edition, area_kind
from services.diagnostics.store import geography, observed


async def bring_observed(
    connection: Connection,
    coordination: str,
    rows: Sequence[AreaRow],
    *,
    now: datetime,
    new_id: Callable[[], UUID],  # noqa: ARG001  # An observation is named by its place.
) -> list[Outcome]:
    """Write what rows observe; a coordination's own file keeps what is about its areas.

    A commune that is gone is kept as it was observed, with the doubt that says so.
    """
    hosts = {row.area: row.hosts for row in rows if row.hosts}
    if hosts:
        await place_districts(connection, coordination, hosts)
    own = await _own_areas(connection, coordination) if coordination != SHARED else None
    kept = [row for row in rows if own is None or row.area in own]
    editions: dict[tuple[str, str], Edition] = {
        (one.edition.indicator, one.edition.vintage): one.edition
        for row in kept
        for one in row.observed
    }
    for _, edition in sorted(editions.items()):
        await observed.put_edition(connection, coordination, edition, now=now)
    told = [(row.area, one) for row in kept for one in row.observed]
    changed = await observed.put_observed(connection, coordination, told, now=now) if told else ()
    areas = {one.commune for one in changed}
    communes = sorted(code for code in areas if area_kind(code) == "commune")
    await observed.touch(connection, coordination, communes, now=now)
    places = {(one.commune, one.indicator, one.vintage) for one in changed}
    codes = [row.area for row in kept if area_kind(row.area) == "commune"]
    gone = await geography.successors(connection, codes)
    return [_outcome(row, places, gone, own) for row in rows]


def _outcome(
    row: AreaRow,
    places: Collection[tuple[str, str, str]],
    gone: dict[str, str],
    own: frozenset[str] | None,
) -> Outcome:
    if own is not None and row.area not in own:
        return None
    is_new = any(
        (row.area, one.edition.indicator, one.edition.vintage) in places for one in row.observed
    )
    if row.area not in gone:
        return is_new
    after = gone[row.area]
    became = f"son territoire est dans {after}" if after else "aucun mouvement connu ne le dit"
    detail = f"La commune {row.area} n'existe plus ({became}) ; gardée telle qu'observée."
    return Doubt(is_new, detail, code="W_AREA_GONE")


async def _own_areas(connection: Connection, coordination: str) -> frozenset[str]:
    """Return a coordination's communes, with their EPCI, their départements and their QPV."""
    codes = await store.covered_codes(connection, coordination)
    known = await geography.national_communes(connection, sorted(codes))
    wider = {one.epci for one in known.values() if one.epci}
    districts = await geography.districts(connection, coordination, sorted(codes))
    within = {one.district for one in districts}
    return codes | wider | within | {one.department for one in known.values()}
