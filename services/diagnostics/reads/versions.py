"""Questions about frozen versions, and about what is read by whom."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from contracts.http.diagnostics.versions import (
    DiagnosticVersion,
    Tier,
    VersionChange,
    VersionChanges,
)
from services.chassis.database import Connection
from services.diagnostics import store
from services.diagnostics.errors.versions import (
    NoSuchVersion,
    NothingToPublish,
    VersionsAreOutOfOrder,
)
from services.diagnostics.model import figures, versions
from services.diagnostics.model.leaving_parts import Hidden
from services.diagnostics.model.tiers import ROUNDED_TO, Leaving
from services.diagnostics.model.versions import Sealed, VersionRow
from services.diagnostics.reads.asked import Asked
from services.diagnostics.reads.chapters import CHAPTERS
from services.diagnostics.store import versions as rows

PARIS = ZoneInfo("Europe/Paris")
_VERSION = msgspec.json.Decoder(DiagnosticVersion)


async def leaving_for(
    connection: Connection, coordination: str, tier: Tier, *, threshold: int
) -> Leaving:
    """Return how figures of a coordination leave for a tier."""
    sources = await rows.open_sources(connection, coordination)
    return Leaving(tier, threshold, sources)


async def is_party(
    connection: Connection, coordination: str, institution: str | None, *, now: datetime
) -> bool:
    """Tell whether an agreement in force today opens exact counts to an organisation."""
    today = now.astimezone(PARIS).date()
    return institution is not None and await rows.is_reader(
        connection, coordination, institution, today
    )


async def draft(
    connection: Connection,
    row: VersionRow,
    *,
    tier: Tier,
    previous: int | None,
    threshold: int,
    hidden: Mapping[str, Hidden],
) -> Sealed:
    """Return one tier of the next version, sealed, as everything is now.

    `hidden` is what is not told of each commune.

    Raises:
        NothingToPublish: the coordination has no commune.
    """
    communes = await store.communes(connection, row.coordination)
    if not communes:
        raise NothingToPublish(row.coordination)
    to = await leaving_for(connection, row.coordination, tier, threshold=threshold)
    today = row.published_at.astimezone(PARIS).date()
    asked = Asked(row.coordination, [one.code for one in communes], to, today, hidden)
    elements = [one for chapter in CHAPTERS for one in await chapter(connection, asked)]
    before = None
    if previous is not None:
        before = await version(connection, row.coordination, previous, tier)
    return versions.version(
        row,
        tier=tier,
        threshold=threshold,
        rounded_to=ROUNDED_TO if tier is Tier.PUBLIC else 1,
        as_of_seq=max(one.as_of_seq for one in communes),
        areas=figures.named(communes),
        elements=elements,
        previous=before,
    )


async def page(
    connection: Connection, coordination: str, *, below: int, most: int
) -> tuple[list[VersionRow], int | None]:
    """Return a page of versions, the latest first, and where the next page goes on."""
    found = await rows.page(connection, coordination, below=below, most=most + 1)
    return found[:most], found[most - 1].number if len(found) > most else None


async def document(
    connection: Connection, coordination: str, number: int, tier: Tier
) -> tuple[str, bytes]:
    """Return the hash of a version and the version with it, byte for byte as it was sealed.

    Raises:
        NoSuchVersion: none has this number.
    """
    found = await rows.document(connection, coordination, number, public=tier is Tier.PUBLIC)
    if found is None:
        raise NoSuchVersion(number)
    return found[0], versions.with_hash(found[1], found[0])


async def version(
    connection: Connection, coordination: str, number: int, tier: Tier
) -> DiagnosticVersion:
    """Return a version as values.

    Raises:
        NoSuchVersion: none has this number.
    """
    _, held = await document(connection, coordination, number, tier)
    return _VERSION.decode(held)


async def changes(
    connection: Connection,
    coordination: str,
    number: int,
    *,
    since: int,
    tier: Tier,
    after: int,
    most: int,
) -> VersionChanges:
    """Return what became of each element from a version to a later one; a page of it.

    Raises:
        NoSuchVersion: none has this number.
        VersionsAreOutOfOrder: `since` is not the earlier one.
    """
    if since >= number:
        raise VersionsAreOutOfOrder(since, number)
    old = await version(connection, coordination, since, tier)
    new = await version(connection, coordination, number, tier)
    found: list[VersionChange] = versions.changes(old.elements, new.elements)
    return VersionChanges(
        since=since,
        until=number,
        tier=tier,
        counts=versions.counts_of(found),
        not_known_before=versions.newly_known(old, new),
        no_longer_known=versions.newly_known(new, old),
        items=found[after : after + most],
        cursor=str(after + most) if len(found) > after + most else None,
    )
