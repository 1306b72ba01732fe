"""Decide signals and bring the projection to what they change."""

from collections.abc import Sequence
from datetime import datetime

from contracts.events.diagnostics import Decision
from contracts.events.exchange import SignalReceived
from contracts.events.signals import ExposureCount
from services.chassis.database import Connection
from services.diagnostics import store
from services.diagnostics.model import rules


async def folded(
    connection: Connection,
    coordination: str,
    facts: Sequence[SignalReceived],
    *,
    now: datetime,  # noqa: ARG001
) -> rules.Fold:
    """Decide signals of a coordination in order, write what they change, and return it."""
    batch = rules.fold(list(facts), await _known(connection, coordination, facts))
    if batch.cells:
        await store.put_cells(connection, list(batch.cells.values()))
    if batch.needs:
        await store.put_needs(connection, list(batch.needs.values()))
    if batch.figures:
        await store.add_figures(connection, batch.figures)
    if batch.need_figures:
        await store.add_need_figures(connection, batch.need_figures)
    return batch


async def fold(
    connection: Connection, coordination: str, facts: Sequence[SignalReceived], *, now: datetime
) -> list[tuple[str, Decision]]:
    """Do the same and return what was decided; the updates of communes wait for the job."""
    batch = await folded(connection, coordination, facts, now=now)
    if batch.areas:
        await store.touch_communes(connection, coordination, batch.areas, waits=True, now=now)
    return batch.decisions


async def _known(
    connection: Connection, coordination: str, facts: Sequence[SignalReceived]
) -> rules.Known:
    counts = [fact for fact in facts if isinstance(fact.signal, ExposureCount)]
    reported = [fact.signal.signal_id for fact in facts if fact.need is not None]
    keys = [
        rules.cell_of(fact, fact.signal).cell_key
        for fact in counts
        if isinstance(fact.signal, ExposureCount)
    ]
    ids = [fact.signal.signal_id for fact in counts]
    cells = await store.cells(connection, coordination, ids, keys) if counts else []
    needs = await store.needs(connection, coordination, reported) if reported else []
    return rules.Known(
        communes=await store.covered_codes(connection, coordination),
        cells={(cell.institution, cell.signal_id): cell for cell in cells},
        cell_keys={cell.cell_key: cell.signal_id for cell in cells},
        needs={(need.institution, need.signal_id): need for need in needs},
    )
