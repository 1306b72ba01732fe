"""What is not told of communes, beside what versions told of them already."""

from collections.abc import Mapping, Sequence

from contracts.http.diagnostics import Area, PartArea
from contracts.values import AreaKind
from services.chassis.database import Connection
from services.diagnostics import store
from services.diagnostics.model import leaving_parts, leaving_wider, parts
from services.diagnostics.model.carrying import Place
from services.diagnostics.model.figures import CoverageRow
from services.diagnostics.model.leaving_parts import Hidden, Series, Told, ToldRow
from services.diagnostics.model.leaving_wider import Beside
from services.diagnostics.model.tiers import Leaving
from services.diagnostics.reads import parts as wider
from services.diagnostics.store import parts as part_rows
from services.diagnostics.store import versions as rows

PAGE = 500


async def told_of(
    connection: Connection, coordination: str, codes: Sequence[str], measure: str | None = None
) -> Mapping[str, Told]:
    """Return what versions told of communes, by commune, of one measure if one is given."""
    return leaving_parts.told_by_commune(await rows.told(connection, coordination, codes, measure))


async def hidden_in(
    connection: Connection,
    coordination: str,
    areas: Sequence[Area],
    *,
    threshold: int,
    measure: str | None = None,
) -> dict[str, Hidden]:
    """Return what is not told of communes that are read without their IRIS."""
    told = await told_of(connection, coordination, [one.commune for one in areas], measure)
    return {
        one.commune: leaving_parts.hidden_of(one, told.get(one.commune, {}), threshold)
        for one in leaving_parts.with_parts(
            areas, await _iris(connection, coordination, areas, measure)
        )
    }


async def _iris(
    connection: Connection, coordination: str, areas: Sequence[Area], measure: str | None = None
) -> list[PartArea]:
    codes = [one.commune for one in areas]
    cells = await part_rows.of_iris(connection, coordination, codes, measure)
    return parts.areas(cells, [], threshold=None)


async def next_telling(
    connection: Connection, coordination: str, *, number: int, threshold: int
) -> tuple[dict[str, Hidden], list[ToldRow]]:
    """Return what the next version does not tell, by commune, and what is to be kept of it.

    What is read beside it of IRIS, EPCI and QPV is kept too.
    """
    communes = await store.communes(connection, coordination)
    codes = [one.code for one in communes]
    held = await store.exposures(connection, coordination, codes, changed=False)
    bare = leaving_parts.counted(held)
    areas = leaving_parts.with_parts(bare, await _iris(connection, coordination, bare))
    told = await told_of(connection, coordination, codes)
    hidden: dict[str, Hidden] = {}
    kept: list[ToldRow] = []
    for one in areas:
        before = told.get(one.commune, {})
        hidden[one.commune] = leaving_parts.hidden_of(one, before, threshold)
        kept += leaving_parts.newly_told(one.commune, hidden[one.commune], before, number=number)
    around = leaving_wider.sums(hidden)
    last = leaving_wider.sums(leaving_wider.last_told(told))
    after: str | None = ""
    while after is not None:
        found, after = await wider.listed(connection, coordination, after=after, most=PAGE)
        known = await told_of(connection, coordination, [one.area_code for one in found])
        for part in found:
            before = known.get(part.area_code, {})
            own = leaving_wider.hidden_of_wider(part, around, last, before, threshold)
            kept += leaving_parts.newly_told(part.area_code, own, before, number=number)
    return hidden, kept


async def leaving_around(
    connection: Connection, coordination: str, found: Sequence[PartArea], to: Leaving
) -> list[PartArea]:
    """Return EPCI and QPV as those of a tier that is not inside may read them."""
    told = await told_of(connection, coordination, [one.area_code for one in found])
    now: dict[tuple[Series, Place], Beside] = {}
    last: dict[tuple[Series, Place], Beside] = {}
    epcis = [one for one in found if one.area_kind is AreaKind.EPCI]
    for measure in sorted({figure.measure for one in epcis for figure in one.exposures}):
        areas = leaving_parts.counted(await rows.of_measure(connection, coordination, measure))
        hidden = await hidden_in(
            connection, coordination, areas, threshold=to.threshold, measure=measure
        )
        before = await told_of(connection, coordination, sorted(hidden), measure)
        now |= leaving_wider.sums(hidden)
        last |= leaving_wider.sums(leaving_wider.last_told(before))
    left: list[PartArea] = []
    for one in found:
        own = leaving_wider.hidden_of_wider(
            one, now, last, told.get(one.area_code, {}), to.threshold
        )
        left.append(leaving_wider.leaving_wider(one, to, own))
    return left


async def hidden_on_map(
    connection: Connection, coordination: str, series: CoverageRow, *, threshold: int
) -> set[str]:
    """Return the communes whose undivided count of a series is not told."""
    areas = leaving_parts.counted(await rows.of_measure(connection, coordination, series.measure))
    hidden = await hidden_in(
        connection, coordination, areas, threshold=threshold, measure=series.measure
    )
    of = (series.institution, series.measure, series.unit, series.period)
    place = (series.grid, "", "")
    return {code for code, one in hidden.items() if place in one.places.get(of, ())}
