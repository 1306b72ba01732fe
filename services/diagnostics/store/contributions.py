"""Rows of what partners share."""

from datetime import date
from uuid import UUID

import msgspec

from services.chassis.database import Connection
from services.diagnostics.model.contributions import ContributionRow, HeadRow, Kept
from services.diagnostics.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "lock_contribution": HeadRow,
    "contribution_versions": ContributionRow,
    "contributions": ContributionRow,
}


async def lock_contribution(
    connection: Connection, coordination: str, contribution_id: UUID
) -> HeadRow | None:
    """Return one document, held until the end of the transaction."""
    row = await connection.fetchrow(SQL["lock_contribution"], coordination, contribution_id)
    return HeadRow(*row) if row else None


async def add_contribution(connection: Connection, row: ContributionRow) -> None:
    """Keep a document that has no version yet, unless it is there."""
    await connection.execute(
        SQL["add_contribution"], row.coordination, row.contribution_id, row.kind, row.organization
    )


async def add_version(connection: Connection, row: ContributionRow) -> None:
    """Keep one version of a document, which is its last one from now on."""
    await connection.execute(
        SQL["set_contribution"], row.coordination, row.contribution_id, row.version
    )
    await connection.execute(
        SQL["add_contribution_version"],
        row.coordination,
        row.contribution_id,
        row.version,
        row.title,
        row.summary,
        row.theme,
        row.communes,
        row.begins_on,
        row.ends_on,
        row.url,
        row.sha256,
        row.size_bytes,
        row.shared_on,
    )


async def versions(
    connection: Connection, coordination: str, contribution_id: UUID, most: int
) -> list[ContributionRow]:
    """Return the versions of a document, the first comes first, at most `most`."""
    rows = await connection.fetch(SQL["contribution_versions"], coordination, contribution_id, most)
    return [ContributionRow(*row) for row in rows]


async def contributions(
    connection: Connection, coordination: str, kept: Kept, after: UUID, most: int
) -> list[ContributionRow]:
    """Return the documents with an id above `after`, each in its last version."""
    rows = await connection.fetch(
        SQL["contributions"], coordination, *msgspec.structs.astuple(kept), after, most
    )
    return [ContributionRow(*row) for row in rows]


async def withdraw(
    connection: Connection, coordination: str, contribution_id: UUID, on: date
) -> None:
    """Forget what a document said."""
    await connection.execute(SQL["withdraw_contribution"], coordination, contribution_id, on)
    await connection.execute(SQL["forget_contribution_versions"], coordination, contribution_id)
