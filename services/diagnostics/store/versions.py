"""Frozen versions, and who may read exact counts."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

import msgspec

from contracts.events.members import AgreementSigned, LicenceRecorded
from services.chassis.database import Connection
from services.diagnostics.model.figures import ExposureRow
from services.diagnostics.model.leaving_parts import ToldRow
from services.diagnostics.model.sheets import PlaceAge
from services.diagnostics.model.versions import Sealed, VersionRow
from services.diagnostics.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "version_of_id": VersionRow,
    "versions": VersionRow,
    "exposures_beside": ExposureRow,
    "place_ages": PlaceAge,
    "told_counts": ToldRow,
    "exposures_of_measure": ExposureRow,
}


async def lock(connection: Connection, coordination: str) -> None:
    """Wait until no other version of this coordination is being made."""
    await connection.execute(SQL["lock_versions"], coordination)


async def unlock(connection: Connection, coordination: str) -> None:
    """Let the next version be made."""
    await connection.execute(SQL["unlock_versions"], coordination)


async def add(connection: Connection, row: VersionRow, whole: Sealed, public: Sealed) -> None:
    """Freeze a version."""
    await connection.execute(
        SQL["add_version"],
        row.coordination,
        row.number,
        row.id,
        row.title,
        row.published_at,
        row.hash,
        row.public_hash,
        row.elements,
        whole.document,
        public.document,
    )


async def add_told(
    connection: Connection, coordination: str, number: int, told: Sequence[ToldRow]
) -> None:
    """Keep what a version tells, and hides, of the series that changed."""
    if told:
        columns = zip(
            *((o.commune, o.institution, o.measure, o.unit, o.period, o.counts) for o in told),
            strict=True,
        )
        await connection.execute(SQL["add_told_counts"], coordination, number, *map(list, columns))


async def told(
    connection: Connection, coordination: str, communes: Sequence[str], measure: str | None = None
) -> list[ToldRow]:
    """Return what versions told of communes, in their order, of one measure if one is given."""
    rows = await connection.fetch(SQL["told_counts"], coordination, communes, measure)
    return [ToldRow(*row) for row in rows]


async def of_measure(connection: Connection, coordination: str, measure: str) -> list[ExposureRow]:
    """Return every count of a measure, on both grids and divided or not."""
    rows = await connection.fetch(SQL["exposures_of_measure"], coordination, measure)
    return [ExposureRow(*row) for row in rows]


async def of_id(connection: Connection, coordination: str, version_id: UUID) -> VersionRow | None:
    """Return the version an id made."""
    row = await connection.fetchrow(SQL["version_of_id"], coordination, version_id)
    return VersionRow(*row) if row else None


async def page(
    connection: Connection, coordination: str, *, below: int, most: int
) -> list[VersionRow]:
    """Return versions, the latest first."""
    rows = await connection.fetch(SQL["versions"], coordination, below, most)
    return [VersionRow(*row) for row in rows]


async def document(
    connection: Connection, coordination: str, number: int, *, public: bool
) -> tuple[str, bytes] | None:
    """Return hash and document of a version."""
    row = await connection.fetchrow(SQL["version_document"], coordination, number, public)
    return (row["hash"], row["document"]) if row else None


async def open_reader(connection: Connection, fact: AgreementSigned) -> None:
    """Open exact counts to an institution, while its agreement lasts."""
    await connection.execute(
        SQL["open_reader"],
        fact.agreement_id,
        fact.coordination,
        fact.institution,
        fact.valid_from,
        fact.valid_until,
    )


async def close_reader(connection: Connection, agreement: UUID) -> None:
    """Close what an agreement opened."""
    await connection.execute(SQL["close_reader"], agreement)


async def suspend_reader(connection: Connection, agreement: UUID, *, suspended: bool) -> None:
    """Close what an agreement opened for a while, or open it again."""
    await connection.execute(SQL["suspend_reader"], agreement, suspended)


async def is_reader(
    connection: Connection, coordination: str, institution: str, today: date
) -> bool:
    """Tell whether an institution reads exact counts today."""
    found: bool = await connection.fetchval(SQL["is_reader"], coordination, institution, today)
    return found


async def open_source(connection: Connection, fact: LicenceRecorded) -> None:
    """Know how open data are labelled."""
    await connection.execute(SQL["open_source"], fact.coordination, fact.licence, fact.label)


async def open_licences(connection: Connection, coordination: str) -> dict[str, str]:
    """Return the licences of the open data of a coordination, by the label they are shown as."""
    rows = await connection.fetch(SQL["open_licences"], coordination)
    return {row["label"]: row["licence"] for row in rows}


async def open_sources(connection: Connection, coordination: str) -> frozenset[str]:
    """Return the labels of open data."""
    rows = await connection.fetch(SQL["open_sources"], coordination)
    return frozenset(row["label"] for row in rows)


async def exposures_beside(
    connection: Connection, coordination: str, changed: Collection[ExposureRow]
) -> list[ExposureRow]:
    """Return every count of the series of changed ones, in their communes."""
    groups = sorted(
        {(one.commune, one.institution, one.measure, one.unit, one.period) for one in changed}
    )
    if not groups:
        return []
    columns = [list(column) for column in zip(*groups, strict=True)]
    rows = await connection.fetch(SQL["exposures_beside"], coordination, *columns)
    return [ExposureRow(*row) for row in rows]


async def has_places(connection: Connection, coordination: str) -> bool:
    """Tell whether a directory was ever brought."""
    found: bool = await connection.fetchval(SQL["has_places"], coordination)
    return found


async def place_ages(
    connection: Connection, coordination: str, communes: Sequence[str]
) -> list[PlaceAge]:
    """Return how many places communes have, those that have some."""
    rows = await connection.fetch(SQL["place_ages"], coordination, communes)
    return [PlaceAge(*row) for row in rows]
