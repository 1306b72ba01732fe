"""Rows of indicators: editions, what they observe of areas, and what they said before."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from services.chassis.database import Connection
from services.diagnostics.model.figures import ObservationRow
from services.diagnostics.model.observed import (
    SIMILAR_MAX,
    ChangedRow,
    Edition,
    EditionRow,
    HistoryRow,
    Observed,
    Place,
    SimilarRow,
    ValueRow,
    population_class,
)
from services.diagnostics.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "changed_observations": ChangedRow,
    "observations": ObservationRow,
    "editions": EditionRow,
    "area_values": ValueRow,
    "area_history": HistoryRow,
    "similar_communes": SimilarRow,
}


async def put_edition(
    connection: Connection, coordination: str, edition: Edition, *, now: datetime
) -> None:
    """Write one edition of an indicator, and keep others that write it waiting."""
    told = msgspec.structs.astuple(edition)
    await connection.execute(SQL["put_edition"], coordination, *told, now)


async def put_observed(
    connection: Connection,
    coordination: str,
    told: Sequence[tuple[str, Observed]],
    *,
    now: datetime,
) -> set[Place]:
    """Write values by area, each given once; return those that are new or changed.

    A value that is replaced is kept as a revision. The editions' rows are locked.
    """
    rows = await connection.fetch(SQL["changed_observations"], coordination, *_columns(told))
    fresh = [(told[row["nth"] - 1], row["is_known"]) for row in rows]
    if not fresh:
        return set()
    replaced = [one for one, is_known in fresh if is_known]
    if replaced:
        await connection.execute(SQL["keep_replaced"], coordination, *_columns(replaced)[:3], now)
    changed = [one for one, _ in fresh]
    await connection.execute(SQL["put_observed"], coordination, *_columns(changed), now)
    return {Place(area, one.edition.indicator, one.edition.vintage) for area, one in changed}


def _columns(told: Sequence[tuple[str, Observed]]) -> tuple[list[Any], ...]:
    return (
        [area for area, _ in told],
        [one.edition.indicator for _, one in told],
        [one.edition.vintage for _, one in told],
        [one.value for _, one in told],
        [one.secret for _, one in told],
    )


async def touch(
    connection: Connection, coordination: str, codes: Sequence[str], *, now: datetime
) -> None:
    """Make the updates of communes wait, in one coordination or, where it is empty, in all."""
    await connection.execute(SQL["touch_everywhere"], codes, coordination, now)


async def latest(
    connection: Connection, coordination: str, areas: Sequence[str]
) -> list[ObservationRow]:
    """Return the latest edition of every indicator on areas, the national ones among them."""
    rows = await connection.fetch(SQL["observations"], coordination, areas)
    return [ObservationRow(*row) for row in rows]


async def editions(
    connection: Connection, coordination: str, areas: Sequence[str], indicator: str | None = None
) -> list[EditionRow]:
    """Return what was brought of some areas, the latest edition of each indicator first."""
    rows = await connection.fetch(SQL["editions"], coordination, areas, indicator)
    return [EditionRow(*row) for row in rows]


async def area_values(
    connection: Connection, edition: EditionRow, areas: Sequence[str]
) -> dict[str, ValueRow]:
    """Return one edition on some areas, by area."""
    rows = await connection.fetch(
        SQL["area_values"], edition.coordination, edition.indicator, edition.vintage, areas
    )
    return {row["commune"]: ValueRow(*row) for row in rows}


async def history(
    connection: Connection, coordination: str, area: str, indicator: str
) -> list[HistoryRow]:
    """Return every value ever told of one indicator on one area, the latest first."""
    rows = await connection.fetch(SQL["area_history"], coordination, area, indicator)
    return [HistoryRow(*row) for row in rows]


async def similar(
    connection: Connection, commune: str, population: int, edition: HistoryRow, indicator: str
) -> list[SimilarRow]:
    """Return the communes nearest in inhabitants, in the same class, that an edition gives."""
    least, most = population_class(population)
    rows = await connection.fetch(
        SQL["similar_communes"],
        commune,
        population,
        least,
        most,
        edition.coordination,
        indicator,
        edition.vintage,
        SIMILAR_MAX,
    )
    return [SimilarRow(*row) for row in rows]
