"""Tell again what a diagnostic comes to, whole, to who missed how it came to it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from contracts.envelope import Fact
from contracts.events.diagnostics import (
    AreaStateTold,
    AreaUpdated,
    DiagnosticPublished,
    VersionStateTold,
)
from contracts.events.exchange.feeds import SnapshotAsked
from contracts.http.diagnostics.versions import DiagnosticVersion
from services.chassis import outbox
from services.chassis.database import Connection
from services.diagnostics import store
from services.diagnostics.commands import SOURCE
from services.diagnostics.commands.updates import leaving_now, parts_of
from services.diagnostics.commands.versions import NUMBER_MAX, told
from services.diagnostics.model import figures

_VERSION = msgspec.json.Decoder(DiagnosticVersion)


async def tell(
    connection: Connection,
    asked: SnapshotAsked,
    *,
    threshold: int,
    now: datetime,
    new_id: Callable[[], UUID],
) -> None:
    """Tell every figure of the communes asked about, and the last version.

    Whoever changes a figure or tells an update waits until this is written: what a stream has
    before it is not newer, what it has after it is not older.
    """
    coordination = asked.coordination
    await store.lock_coordination(connection, coordination)
    await store.hold_communes(connection, coordination)
    updates = await _updates(connection, asked, threshold=threshold, now=now)
    version = await _last_version(connection, coordination) if asked.versions else None
    of = len(updates) + (version is not None)
    common: Any = {"coordination": coordination, "snapshot": asked.snapshot, "as_of": now, "of": of}
    facts: list[Fact] = [
        AreaStateTold(**common, n=n, state=one) for n, one in enumerate(updates, start=1)
    ]
    if version is not None:
        facts.append(VersionStateTold(**common, n=of, state=version))
    await outbox.put(connection, facts, source=SOURCE, now=now, new_id=new_id)


async def _updates(
    connection: Connection, asked: SnapshotAsked, *, threshold: int, now: datetime
) -> list[AreaUpdated]:
    if not asked.updates:
        return []
    covered = await store.covered_codes(connection, asked.coordination)
    codes = sorted(covered.intersection(asked.areas) if asked.areas else covered)
    rows = await store.area_rows(connection, asked.coordination, codes)
    states = figures.changes(rows, threshold=threshold)
    found = await leaving_now(connection, asked.coordination, rows, states, threshold)
    return [part for area in found for part in parts_of(asked.coordination, area, now=now)]


async def _last_version(connection: Connection, coordination: str) -> DiagnosticPublished | None:
    rows = await store.versions.page(connection, coordination, below=NUMBER_MAX, most=1)
    if not rows:
        return None
    found = await store.versions.document(connection, coordination, rows[0].number, public=False)
    assert found is not None, "a version has its document"
    return told(rows[0], _VERSION.decode(found[1]))
