"""Rows of what funders and the State published."""

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec

from services.chassis.database import Connection
from services.funding.model.estimates import Estimate, EstimateSum
from services.funding.model.grants import Grant, GrantRow
from services.funding.store.queries import SQL, rows_of

ROWS: dict[str, type[msgspec.Struct]] = {"grants": GrantRow, "estimates": EstimateSum}
Place = tuple[str, int]
"""The key of a row and its place among the equal rows of its file."""
_ESTIMATE_COLUMNS = (
    "edition",
    "host_name",
    "host_siret",
    "host_kind",
    "commune",
    "department",
    "validated_on",
    "posts",
    "estimated_cents",
    "grant_cents",
)


async def add_grants(
    connection: Connection, coordination: str, rows: Sequence[tuple[int, Grant]], *, now: datetime
) -> Collection[Place]:
    """Keep grants, each with its place; return those that were not there."""
    keys, *columns = _columns([grant for _, grant in rows], Grant.__struct_fields__)
    places = [nth for nth, _ in rows]
    found = await connection.fetch(SQL["add_grants"], coordination, keys, places, *columns, now)
    return {(row["grant_key"], row["nth"]) for row in found}


async def add_estimates(
    connection: Connection,
    coordination: str,
    rows: Sequence[tuple[int, Estimate]],
    *,
    now: datetime,
) -> Collection[Place]:
    """Keep estimates, each with its place; return those that were not there."""
    keys = [estimate.estimate_key for _, estimate in rows]
    columns = _columns([estimate for _, estimate in rows], _ESTIMATE_COLUMNS)
    places = [nth for nth, _ in rows]
    found = await connection.fetch(SQL["add_estimates"], coordination, keys, places, *columns, now)
    return {(row["estimate_key"], row["nth"]) for row in found}


def _columns(rows: Sequence[object], names: Sequence[str]) -> list[list[object]]:
    return [[getattr(row, name) for row in rows] for name in names]


async def grants(
    connection: Connection, coordination: str, after: Place, most: int
) -> list[GrantRow]:
    """Return the grants after a place, at most `most`."""
    return await rows_of(connection, SQL["grants"], GrantRow, coordination, *after, most)


async def estimates(
    connection: Connection, coordination: str, department: str | None
) -> list[EstimateSum]:
    """Return what the State estimates, per edition and kind of host."""
    return await rows_of(connection, SQL["estimates"], EstimateSum, coordination, department)
