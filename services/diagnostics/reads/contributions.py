"""Questions about what partners share."""

from uuid import UUID

from contracts.events.diagnostics.field import ContributionKind
from contracts.http.diagnostics import contributions as told
from services.chassis.database import Connection
from services.diagnostics.errors.field import NoSuchRecord
from services.diagnostics.model.contributions import ContributionRow, Kept
from services.diagnostics.reads.elements import FIRST, page
from services.diagnostics.store import contributions as rows

VERSIONS_SHOWN_MAX = 200


def contribution_shown(row: ContributionRow) -> told.Contribution:
    """Return one version of a document as it is shown."""
    return told.Contribution(
        id=row.contribution_id,
        coordination=row.coordination,
        version=row.version,
        kind=ContributionKind(row.kind),
        organization=row.organization,
        title=row.title,
        summary=row.summary,
        theme=row.theme,
        communes=row.communes,
        begins_on=row.begins_on,
        ends_on=row.ends_on,
        url=row.url,
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        shared_on=row.shared_on,
    )


async def contributions(
    connection: Connection, coordination: str, kept: Kept, *, after: UUID | None, most: int
) -> told.Contributions:
    """Return a page of documents by id, each in its last version; those withdrawn are left out."""
    found, last = page(
        await rows.contributions(connection, coordination, kept, after or FIRST, most + 1), most
    )
    return told.Contributions(
        items=[contribution_shown(row) for row in found],
        cursor=str(last.contribution_id) if last else None,
    )


async def history(
    connection: Connection, coordination: str, contribution_id: UUID
) -> told.ContributionHistory:
    """Return the versions of a document, the first comes first.

    Raises:
        NoSuchRecord: it is not of here, or was withdrawn.
    """
    found = await rows.versions(connection, coordination, contribution_id, VERSIONS_SHOWN_MAX)
    if not found:
        raise NoSuchRecord("Le document", contribution_id)
    return told.ContributionHistory(items=[contribution_shown(row) for row in found])
