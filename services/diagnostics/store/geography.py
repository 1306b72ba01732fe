"""Rows of the country's communes."""

from collections.abc import Sequence
from typing import Any

import msgspec

from services.chassis.database import Connection
from services.diagnostics.model.geography import (
    COG_SOURCE,
    DistrictRow,
    EpciRow,
    FormerCommune,
    Movement,
    NamedCommune,
    NationalCommune,
    Successor,
)
from services.diagnostics.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "known_national_communes": NationalCommune,
    "known_national_movements": Movement,
    "national_successors": Successor,
    "national_epcis": EpciRow,
    "communes_of_departments": NamedCommune,
    "districts": DistrictRow,
    "former_communes": FormerCommune,
}


async def national_communes(
    connection: Connection, codes: Sequence[str]
) -> dict[str, NationalCommune]:
    """Return the communes of the country that are known among these codes, by code."""
    rows = await connection.fetch(SQL["known_national_communes"], codes)
    return {row["commune"]: NationalCommune(*row) for row in rows}


async def put_national_communes(connection: Connection, rows: Sequence[NationalCommune]) -> None:
    """Write communes, each given once."""
    told = [
        (*values[:8], "|".join(one.postal_codes), *values[9:])
        for one in rows
        for values in [msgspec.structs.astuple(one)]
    ]
    await connection.execute(SQL["put_national_communes"], *_columns(told))


async def name_communes(connection: Connection, codes: Sequence[str]) -> None:
    """Name, count and place the communes of every coordination as the national file does."""
    await connection.execute(SQL["name_communes"], codes, COG_SOURCE)


async def national_movements(connection: Connection, codes: Sequence[str]) -> set[Movement]:
    """Return the movements of these codes that are known."""
    rows = await connection.fetch(SQL["known_national_movements"], codes)
    return {Movement(*row) for row in rows}


async def put_national_movements(connection: Connection, rows: Sequence[Movement]) -> None:
    """Write movements, each given once."""
    told = [msgspec.structs.astuple(one) for one in rows]
    await connection.execute(SQL["put_national_movements"], *_columns(told))


async def successors(connection: Connection, codes: Sequence[str]) -> dict[str, str]:
    """Return what the codes that are gone became, empty where nothing says it.

    Codes of today are not in it; none is before the national file was brought.
    """
    rows = await connection.fetch(SQL["national_successors"], codes)
    return {row["code_before"]: row["code_after"] for row in rows}


async def epcis(connection: Connection, codes: Sequence[str]) -> dict[str, EpciRow]:
    """Return some EPCI with what their communes add up to, by SIREN."""
    rows = await connection.fetch(SQL["national_epcis"], codes)
    return {row["epci"]: EpciRow(*row) for row in rows}


async def former_communes(connection: Connection, codes: Sequence[str]) -> list[FormerCommune]:
    """Return the communes whose territory is in some of today, and in them alone."""
    rows = await connection.fetch(SQL["former_communes"], codes)
    return [FormerCommune(*row) for row in rows]


async def communes_of(connection: Connection, departments: Sequence[str]) -> list[NamedCommune]:
    """Return the communes of some départements, with their names."""
    rows = await connection.fetch(SQL["communes_of_departments"], departments)
    return [NamedCommune(*row) for row in rows]


async def put_districts(
    connection: Connection, coordination: str, rows: Sequence[DistrictRow]
) -> None:
    """Write which communes QPV are in."""
    told = [msgspec.structs.astuple(one) for one in rows]
    await connection.execute(SQL["put_districts"], coordination, *_columns(told))


async def districts(
    connection: Connection, coordination: str, communes: Sequence[str]
) -> list[DistrictRow]:
    """Return the QPV of some communes, the national ones among them."""
    rows = await connection.fetch(SQL["districts"], coordination, communes)
    return [DistrictRow(*row) for row in rows]


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
