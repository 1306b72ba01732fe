"""What is kept for a time, and what is past it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from contracts.events.members import AgreementSigned
from services.chassis.database import Connection
from services.diagnostics.model.cells import Cell, Need
from services.diagnostics.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {"expired_cells": Cell, "expired_needs": Need}


async def keep_for(connection: Connection, fact: AgreementSigned) -> None:
    """Keep how long what comes under an agreement is kept."""
    await connection.execute(
        SQL["keep_for"], fact.agreement_id, fact.coordination, fact.retention_months
    )


async def coordinations(connection: Connection) -> list[str]:
    """Return the coordinations that have communes here."""
    return [row["coordination"] for row in await connection.fetch(SQL["coordinations"])]


async def expired_cells(
    connection: Connection, coordination: str, *, now: datetime, months: int, most: int
) -> list[Cell]:
    """Return cells whose term is over, the oldest first."""
    rows = await connection.fetch(SQL["expired_cells"], coordination, now, months, most)
    return [Cell(*row) for row in rows]


async def expired_needs(
    connection: Connection, coordination: str, *, now: datetime, months: int, most: int
) -> list[Need]:
    """Return reported needs whose term is over, the oldest first."""
    rows = await connection.fetch(SQL["expired_needs"], coordination, now, months, most)
    return [Need(*row) for row in rows]


async def forget_cells(connection: Connection, gone: Sequence[Cell]) -> None:
    """Delete cells."""
    await connection.execute(SQL["forget_cells"], *_names(gone))


async def forget_needs(connection: Connection, gone: Sequence[Need]) -> None:
    """Delete reported needs."""
    await connection.execute(SQL["forget_needs"], *_names(gone))


def _names(gone: Sequence[Cell | Need]) -> list[list[object]]:
    return [
        [one.coordination for one in gone],
        [one.signal_id for one in gone],
        [one.institution for one in gone],
    ]
