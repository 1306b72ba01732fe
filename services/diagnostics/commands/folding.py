"""Decide signals and bring the projection to what they change."""

from collections.abc import Callable, Sequence
from datetime import datetime

from contracts.events.diagnostics import Decision
from contracts.events.exchange import SignalReceived
from contracts.events.signals import ExposureCount, ReportedNeed, SignalFamily
from services.chassis.database import Connection
from services.diagnostics import store
from services.diagnostics.model import cells as values
from services.diagnostics.model import follow_up, rules


async def fold(
    connection: Connection, coordination: str, facts: Sequence[SignalReceived], *, now: datetime
) -> list[tuple[str, Decision]]:
    """Do what `folded` does and return what was decided; all updates wait for the job."""
    decisions, _ = await folded(connection, coordination, facts, at_once=_never, now=now)
    return decisions


def _never(_: int) -> bool:
    return False


async def folded(
    connection: Connection,
    coordination: str,
    facts: Sequence[SignalReceived],
    *,
    at_once: Callable[[int], bool],
    now: datetime,
) -> tuple[list[tuple[str, Decision]], list[str]]:
    """Decide signals of a coordination in order and write what they change.

    Others that fold the same coordination wait for this transaction. Communes are held before
    their figures, as by who tells their updates: neither ever waits on the other in a circle.

    Returns:
        What was decided, by institution; and the communes whose update leaves now, when `at_once`
        grants their number, else none: they wait for the job.
    """
    await store.lock_coordination(connection, coordination)
    batch = rules.fold(list(facts), await _known(connection, coordination, facts))
    leaving = bool(batch.areas) and at_once(len(batch.areas))
    if batch.areas:
        await store.touch_communes(
            connection, coordination, batch.areas, waits=not leaving, now=now
        )
    if batch.cells:
        await store.put_cells(connection, list(batch.cells.values()))
    if batch.needs:
        first = follow_up.first_reminder(now)
        await store.put_needs(connection, list(batch.needs.values()), reminder_on=first)
    await fold_figures(connection, batch)
    return batch.decisions, sorted(batch.areas) if leaving else []


async def fold_figures(connection: Connection, batch: values.Fold) -> None:
    """Bring the projection to what a batch changes."""
    if batch.figures:
        await store.add_figures(connection, batch.figures)
        await store.add_series(connection, batch.series)
    if batch.need_figures:
        await store.add_need_figures(connection, batch.need_figures)


async def _known(
    connection: Connection, coordination: str, facts: Sequence[SignalReceived]
) -> values.Known:
    counted, reported, keys = [], [], []
    for fact in facts:
        signal = fact.signal
        if isinstance(signal, ExposureCount):
            keys.append(values.cell_of(fact, signal).cell_key)
            counted.append(signal.signal_id)
        elif isinstance(signal, ReportedNeed) or signal.withdraws is SignalFamily.REPORTED_NEED:
            reported.append(signal.signal_id)
        else:
            counted.append(signal.signal_id)
    cells = await store.cells(connection, coordination, counted, keys) if counted else []
    needs = await store.needs(connection, coordination, reported) if reported else []
    return values.Known(
        communes=await store.covered_codes(connection, coordination),
        cells={(cell.institution, cell.signal_id): cell for cell in cells},
        cell_keys={cell.cell_key: cell.signal_id for cell in cells},
        needs={(need.institution, need.signal_id): need for need in needs},
    )
