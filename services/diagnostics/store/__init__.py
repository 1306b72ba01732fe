"""The only room of the diagnostics service that runs SQL."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

import msgspec

from contracts.http.diagnostics import LoadCommunes
from services.chassis.database import Connection
from services.diagnostics.model.cells import (
    Cell,
    Change,
    FigureKey,
    Need,
    NeedKey,
    Presence,
    SeriesKey,
)
from services.diagnostics.model.figures import (
    AreaRows,
    CommuneRow,
    CoverageRow,
    ExposureRow,
    MapRow,
    NeedSumRow,
    SeriesRow,
)
from services.diagnostics.store import (
    activity,
    contributions,
    elements,
    follow_up,
    geography,
    observed,
    parts,
    places,
    proofs,
    rebuild,
    retention,
    supply,
    surveys,
    versions,
    visits,
)
from services.diagnostics.store.queries import SQL

Key = TypeVar("Key", FigureKey, NeedKey, SeriesKey)
Told = TypeVar("Told")
ROWS: dict[str, type[msgspec.Struct]] = {
    **activity.ROWS,
    **geography.ROWS,
    **observed.ROWS,
    "communes": CommuneRow,
    "series": SeriesRow,
    "exposures": ExposureRow,
    "need_sums": NeedSumRow,
    "coverage": CoverageRow,
    "map_figures": MapRow,
    "cells": Cell,
    "needs": Need,
    **versions.ROWS,
    **follow_up.ROWS,
    **parts.ROWS,
    **rebuild.ROWS,
    **retention.ROWS,
    **places.ROWS,
    **supply.ROWS,
    **contributions.ROWS,
    **elements.ROWS,
    **proofs.ROWS,
    **surveys.ROWS,
    **visits.ROWS,
}


async def cover_communes(connection: Connection, coordination: str, codes: Sequence[str]) -> None:
    """Make communes a coordination's."""
    await connection.execute(SQL["cover_communes"], coordination, codes)


async def put_communes(connection: Connection, coordination: str, asked: LoadCommunes) -> list[str]:
    """Name and place communes; return the codes of those that changed."""
    rows = await connection.fetch(
        SQL["put_communes"],
        coordination,
        [one.code for one in asked.communes],
        [one.name for one in asked.communes],
        [one.population for one in asked.communes],
        [one.longitude for one in asked.communes],
        [one.latitude for one in asked.communes],
        f"{asked.source}, {asked.vintage}",
    )
    return [row["code"] for row in rows]


async def communes(
    connection: Connection, coordination: str, codes: Sequence[str] | None = None
) -> list[CommuneRow]:
    """Return the communes of a coordination, or those of `codes` that are its own."""
    rows = await connection.fetch(SQL["communes"], coordination, codes)
    return [CommuneRow(*row) for row in rows]


async def covered_codes(connection: Connection, coordination: str) -> frozenset[str]:
    """Return the codes of a coordination's communes."""
    rows = await connection.fetch(SQL["covered_codes"], coordination)
    return frozenset(row["code"] for row in rows)


async def touch_communes(
    connection: Connection,
    coordination: str,
    areas: Mapping[str, int],
    *,
    waits: bool,
    now: datetime,
) -> None:
    """Keep how far communes are, and whether their update waits for the job."""
    codes = sorted(areas)
    sequences = [areas[code] for code in codes]
    await connection.execute(SQL["touch_communes"], coordination, codes, sequences, waits, now)


async def take_dirty(connection: Connection, most: int) -> dict[str, list[str]]:
    """Return communes whose update waits, by coordination; from now on it is out."""
    found: dict[str, list[str]] = {}
    for row in await connection.fetch(SQL["take_dirty"], most):
        found.setdefault(row["coordination"], []).append(row["code"])
    return found


async def lock_coordination(connection: Connection, coordination: str) -> None:
    """Let no other transaction fold signals of a coordination before this one is over."""
    await connection.execute(SQL["lock_coordination"], coordination)


async def hold_communes(connection: Connection, coordination: str) -> None:
    """Hold the communes of a coordination: who tells their updates passes them over meanwhile."""
    await connection.execute(SQL["hold_communes"], coordination)


async def cells(
    connection: Connection, coordination: str, signals: Sequence[UUID], keys: Sequence[str]
) -> list[Cell]:
    """Return the cells that a batch may meet again.

    Its plan is made for the table as it is: one kept from when the table was nearly empty takes
    either of its keys for the other, as cheap then, and has read it whole ever since.
    """
    statement = await connection.prepare(SQL["cells"])
    rows = await statement.fetch(coordination, signals, keys)
    return [Cell(*row) for row in rows]


async def put_cells(connection: Connection, written: Sequence[Cell]) -> None:
    """Write cells as a batch leaves them."""
    columns = zip(*map(msgspec.structs.astuple, written), strict=True)
    await connection.execute(SQL["put_cells"], *map(list, columns))


async def needs(connection: Connection, coordination: str, signals: Sequence[UUID]) -> list[Need]:
    """Return the reported needs that a batch may meet again."""
    rows = await connection.fetch(SQL["needs"], coordination, signals)
    return [Need(*row) for row in rows]


async def put_needs(connection: Connection, written: Sequence[Need], *, reminder_on: date) -> None:
    """Write reported needs as a batch leaves them; a new one is first reminded on a day."""
    rows = [(*msgspec.structs.astuple(one), reminder_on) for one in written]
    await connection.executemany(SQL["put_need"], rows)


async def add_figures(connection: Connection, changes: Mapping[FigureKey, Change]) -> None:
    """Fold a batch into the exposures of communes."""
    more, fewer = _parted(changes, lambda one: one.takes)
    for query, part in ((SQL["add_figures"], more), (SQL["take_from_figures"], fewer)):
        if part:
            told = list(part.values())
            await connection.execute(
                query,
                *_columns(part),
                [one.label for one in told],
                [one.known_sum for one in told],
                [one.known_parts for one in told],
                [one.secret_parts for one in told],
                [one.denominator_sum for one in told],
            )


async def add_series(connection: Connection, changes: Mapping[SeriesKey, Presence]) -> None:
    """Remember what a coordination receives, and how many cells of it there are now."""
    more, fewer = _parted(changes, lambda one: one.cells < 0)
    for query, part in ((SQL["add_series"], more), (SQL["take_from_series"], fewer)):
        if part:
            labels = [one.label for one in part.values()]
            await connection.execute(
                query, *_columns(part), labels, [one.cells for one in part.values()]
            )


async def add_need_figures(connection: Connection, changes: Mapping[NeedKey, int]) -> None:
    """Fold a batch into the needs of communes."""
    more, fewer = _parted(changes, lambda one: one < 0)
    for query, part in ((SQL["add_need_figures"], more), (SQL["take_from_need_figures"], fewer)):
        if part:
            await connection.execute(query, *_columns(part), list(part.values()))


def _parted(
    changes: Mapping[Key, Told], takes: Callable[[Told], bool]
) -> tuple[dict[Key, Told], dict[Key, Told]]:
    """Return what only adds and what takes away, each in one order for every writer.

    What takes away has a row: an earlier batch wrote what it takes.
    """
    more: dict[Key, Told] = {}
    fewer: dict[Key, Told] = {}
    for key in sorted(changes):
        (fewer if takes(changes[key]) else more)[key] = changes[key]
    return more, fewer


def _columns(keys: Iterable[FigureKey | NeedKey | SeriesKey]) -> list[list[str]]:
    return [list(column) for column in zip(*map(msgspec.structs.astuple, keys), strict=True)]


async def series(connection: Connection, coordination: str) -> list[SeriesRow]:
    """Return what a coordination ever received."""
    return [SeriesRow(*row) for row in await connection.fetch(SQL["series"], coordination)]


async def exposures(
    connection: Connection, coordination: str, codes: Sequence[str], *, changed: bool
) -> list[ExposureRow]:
    """Return the folded exposures of communes, or those alone that no update has carried."""
    rows = await connection.fetch(SQL["exposures"], coordination, codes, changed)
    return [ExposureRow(*row) for row in rows]


async def need_sums(
    connection: Connection, coordination: str, codes: Sequence[str], *, changed: bool
) -> list[NeedSumRow]:
    """Return the folded needs of communes, or those alone that no update has carried."""
    rows = await connection.fetch(SQL["need_sums"], coordination, codes, changed)
    return [NeedSumRow(*row) for row in rows]


async def coverage(connection: Connection, coordination: str) -> list[CoverageRow]:
    """Return how many communes each undivided series covers."""
    return [CoverageRow(*row) for row in await connection.fetch(SQL["coverage"], coordination)]


async def map_figures(
    connection: Connection, coordination: str, series: CoverageRow
) -> list[MapRow]:
    """Return one series on every commune that has it."""
    rows = await connection.fetch(
        SQL["map_figures"],
        coordination,
        series.institution,
        series.measure,
        series.unit,
        series.grid,
        series.period,
    )
    return [MapRow(*row) for row in rows]


async def area_rows(connection: Connection, coordination: str, codes: Sequence[str]) -> AreaRows:
    """Return all that is kept of communes, in five queries however many they are."""
    return AreaRows(
        communes=await communes(connection, coordination, codes),
        series=await series(connection, coordination),
        exposures=await exposures(connection, coordination, codes, changed=False),
        needs=await need_sums(connection, coordination, codes, changed=False),
        observations=await observed.latest(connection, coordination, codes),
    )


async def take_changes(connection: Connection, coordination: str, codes: Sequence[str]) -> AreaRows:
    """Return what changed in communes since their last update, which now carries it."""
    found = AreaRows(
        communes=await communes(connection, coordination, codes),
        series=[],
        exposures=await exposures(connection, coordination, codes, changed=True),
        needs=await need_sums(connection, coordination, codes, changed=True),
        observations=await observed.latest(connection, coordination, codes),
    )
    await connection.execute(SQL["tell_exposures"], coordination, codes)
    await connection.execute(SQL["tell_needs"], coordination, codes)
    if any(not row.known_parts and not row.secret_parts for row in found.exposures):
        await connection.execute(SQL["forget_empty_exposures"], coordination, codes)
    if any(not row.count_sum for row in found.needs):
        await connection.execute(SQL["forget_empty_needs"], coordination, codes)
    return found
