"""Keep what a system showed that it can do, in its sandbox."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from contracts.http.exchange.access import ConformanceStep
from contracts.streams import sandbox_of
from services.chassis.database import Connection
from services.exchange.errors import NoSuchPartner
from services.exchange.errors.access import NoSuchRun
from services.exchange.model import conformance
from services.exchange.model.registrations import Run
from services.exchange.store import access as rows


async def start_run(
    connection: Connection, institution: str, *, run_id: UUID, by: str, now: datetime
) -> Run:
    """Note that a system begins a run; the same id again is the same run.

    Raises:
        NoSuchPartner: the institution was never admitted.
        NoSuchRun: the id is another institution's.
    """
    row = Run(run_id, institution, by, now, None, passed=False, steps="[]")
    async with connection.transaction():
        if await rows.hold_partner(connection, institution) is None:
            raise NoSuchPartner(institution)
        if await rows.add_run(connection, row):
            return row
        return await _own(connection, institution, run_id)


async def end_run(
    connection: Connection,
    institution: str,
    run_id: UUID,
    shown: Sequence[ConformanceStep],
    *,
    is_acknowledged: bool,
    now: datetime,
) -> Run:
    """Write what a system showed and what was seen of it; a run that ended stays as it is.

    Raises:
        NoSuchRun: none of this institution has this id.
    """
    async with connection.transaction():
        row = await _own(connection, institution, run_id)
        if row.ended_at is not None:
            return row
        signals = await rows.seen_since(
            connection, row, sandbox_of(institution), most=conformance.SIGNALS_MAX
        )
        observed = conformance.seen(signals, is_acknowledged=is_acknowledged)
        steps, passed = conformance.steps(shown, observed)
        text = msgspec.json.encode(steps).decode()
        await rows.end_run(connection, run_id, now=now, passed=passed, steps=text)
    return msgspec.structs.replace(row, ended_at=now, passed=passed, steps=text)


async def _own(connection: Connection, institution: str, run_id: UUID) -> Run:
    row = await rows.run(connection, run_id)
    if row is None or row.institution != institution:
        raise NoSuchRun(run_id)
    return row
