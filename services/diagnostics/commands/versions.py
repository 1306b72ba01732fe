"""Freeze versions of the diagnostic, and know who may read exact counts."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from contracts.events.diagnostics.versions import DiagnosticPublished
from contracts.events.members import (
    AgreementEnded,
    AgreementResumed,
    AgreementSigned,
    AgreementSuspended,
    LicenceRecorded,
)
from contracts.http.diagnostics.versions import DiagnosticVersion
from services.chassis import outbox
from services.chassis.database import Connection
from services.diagnostics.commands import SOURCE
from services.diagnostics.errors.versions import VersionDiffers
from services.diagnostics.model.leaving_parts import ToldRow
from services.diagnostics.model.versions import Sealed, VersionRow
from services.diagnostics.store import versions as store

AREAS_NAMED_MAX = 2000
NUMBER_MAX = 10**6


class Drafted(msgspec.Struct, frozen=True):
    """The next version of a diagnostic, of both tiers."""

    whole: Sealed
    public: Sealed
    told: Sequence[ToldRow]
    """What is kept of it beside, so that the versions to come give nothing away of it."""


class Draft(Protocol):
    """The question that gives the next version of a coordination, as it is now."""

    def __call__(
        self, connection: Connection, row: VersionRow, *, previous: int | None
    ) -> Awaitable[Drafted]:
        """Return both tiers of the version that `row` begins; `previous` is the one before."""


async def publish(
    connection: Connection,
    coordination: str,
    title: str,
    version_id: UUID,
    *,
    draft: Draft,
    now: datetime,
    new_id: Callable[[], UUID],
) -> VersionRow:
    """Freeze the diagnostic as it is at one instant, and tell it; the same id again does nothing.

    Raises:
        VersionDiffers: the id made a version that has another title.
        NothingToPublish: the coordination has no commune.
    """
    await store.lock(connection, coordination)  # Before the snapshot: it must see the last one.
    try:
        async with connection.transaction(isolation="repeatable_read"):
            known = await store.of_id(connection, coordination, version_id)
            if known is not None:
                if known.title != title:
                    raise VersionDiffers(version_id, known.number)
                return known
            last = await store.page(connection, coordination, below=NUMBER_MAX, most=1)
            previous = last[0].number if last else None
            row = VersionRow(
                coordination=coordination,
                number=(previous or 0) + 1,
                id=version_id,
                title=title,
                published_at=now,
                hash="",
                public_hash="",
                elements=0,
            )
            drafted = await draft(connection, row, previous=previous)
            row = msgspec.structs.replace(
                row,
                hash=drafted.whole.hash,
                public_hash=drafted.public.hash,
                elements=len(drafted.whole.version.elements),
            )
            await store.add(connection, row, drafted.whole, drafted.public)
            await store.add_told(connection, coordination, row.number, drafted.told)
            fact = told(row, drafted.whole.version)
            await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
    finally:
        await _unlock(connection, coordination)
    return row


async def _unlock(connection: Connection, coordination: str) -> None:
    """Let others freeze; a connection that cannot say so ends, and its lock with it."""
    try:
        await store.unlock(connection, coordination)
    except BaseException:
        connection.terminate()
        raise


def told(row: VersionRow, version: DiagnosticVersion) -> DiagnosticPublished:
    """Return what is told of a version that was frozen."""
    areas = (
        [one.commune for one in version.areas] if version.changes is None else version.changes.areas
    )
    return DiagnosticPublished(
        coordination=row.coordination,
        number=row.number,
        title=row.title,
        published_at=row.published_at,
        hash=row.hash,
        public_hash=row.public_hash,
        elements=row.elements,
        changed_areas=areas[:AREAS_NAMED_MAX],
        changed_areas_count=len(areas),
    )


async def open_reader(connection: Connection, fact: AgreementSigned) -> None:
    """Let the institution of an agreement read exact counts between its dates."""
    await store.open_reader(connection, fact)


async def close_reader(connection: Connection, fact: AgreementEnded) -> None:
    """Stop what an ended agreement opened."""
    await store.close_reader(connection, fact.agreement_id)


async def suspend_reader(
    connection: Connection, fact: AgreementSuspended | AgreementResumed
) -> None:
    """Stop what a suspended agreement opened, and open it again when it is resumed."""
    suspended = isinstance(fact, AgreementSuspended)
    await store.suspend_reader(connection, fact.agreement_id, suspended=suspended)


async def open_source(connection: Connection, fact: LicenceRecorded) -> None:
    """Know how data are labelled that anyone may read as their producer published them."""
    await store.open_source(connection, fact)
