"""Rows of the Code officiel géographique."""

from collections.abc import Sequence
from typing import Any

import msgspec

from services.chassis.database import Connection
from services.members.model.territories import (
    Commune,
    Epci,
    Movement,
    Successor,
    commune_key,
)
from services.members.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "known_communes": Commune,
    "known_movements": Movement,
    "successors": Successor,
    "communes_of_epcis": Commune,
    "communes_of_department": Commune,
    "communes_named": Commune,
    "epci": Epci,
}


async def known_communes(connection: Connection, codes: Sequence[str]) -> dict[str, Commune]:
    """Return the communes of `codes` that are known, by code."""
    rows = await connection.fetch(SQL["known_communes"], codes)
    return {row["code"]: Commune(*row) for row in rows}


async def put_communes(connection: Connection, rows: Sequence[Commune]) -> None:
    """Write communes and their territories; a later row of the same code wins."""
    regions = {one.region: one.region_name for one in rows}
    departments = {one.department: one for one in rows}
    epcis = {one.epci: one for one in rows if one.epci is not None}
    communes = {one.code: one for one in rows}
    await connection.execute(SQL["put_regions"], list(regions), list(regions.values()))
    await connection.execute(
        SQL["put_departments"],
        *_columns(
            [(one.department, one.department_name, one.region) for one in departments.values()]
        ),
    )
    if epcis:
        told = [(one.epci, one.epci_name or one.epci, one.epci_kind) for one in epcis.values()]
        await connection.execute(SQL["put_epcis"], *_columns(told))
    lines = [
        (one.code, one.name, commune_key(one), one.population, one.department, one.epci)
        for one in communes.values()
    ]
    await connection.execute(SQL["put_communes"], *_columns(lines))


async def known_movements(connection: Connection, codes: Sequence[str]) -> list[Movement]:
    """Return the movements of `codes` that are known."""
    rows = await connection.fetch(SQL["known_movements"], codes)
    return [Movement(*row) for row in rows]


async def put_movements(connection: Connection, rows: Sequence[Movement]) -> None:
    """Write movements, each given once."""
    await connection.execute(
        SQL["put_movements"], *_columns([msgspec.structs.astuple(one) for one in rows])
    )


async def successors(connection: Connection, code: str) -> list[Successor]:
    """Return the communes of today that answer to a code, none where it never was one."""
    rows = await connection.fetch(SQL["successors"], code)
    return [Successor(*row) for row in rows]


async def communes_of_epcis(connection: Connection, epcis: Sequence[str]) -> list[Commune]:
    """Return every commune of some EPCI, by code."""
    rows = await connection.fetch(SQL["communes_of_epcis"], epcis)
    return [Commune(*row) for row in rows]


async def communes_of_department(connection: Connection, department: str) -> list[Commune]:
    """Return every commune of a département, by code."""
    rows = await connection.fetch(SQL["communes_of_department"], department)
    return [Commune(*row) for row in rows]


async def communes_named(
    connection: Connection, key: str, department: str | None, after: str, most: int
) -> list[Commune]:
    """Return the communes whose compared name begins with `key`, with a code above `after`."""
    rows = await connection.fetch(SQL["communes_named"], f"{key}%", department, after, most)
    return [Commune(*row) for row in rows]


async def epci(connection: Connection, siren: str) -> Epci | None:
    """Return one EPCI."""
    row = await connection.fetchrow(SQL["epci"], siren)
    return Epci(*row) if row else None


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
