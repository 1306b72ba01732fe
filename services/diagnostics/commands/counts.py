"""Fold the counts of open data into the diagnostic, by the rules of signals."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from contracts.events.diagnostics import Decision
from contracts.events.exchange import SignalReceived
from services.chassis.database import Connection
from services.chassis.importer import Outcome, RowIsRefused
from services.diagnostics import store
from services.diagnostics.commands import folding
from services.diagnostics.commands.geography import place_districts
from services.diagnostics.model.counts import (
    INSTITUTION,
    THRESHOLD,
    CountsRow,
    department_of_qpv,
)
from services.diagnostics.store import geography


async def bring_counts(
    connection: Connection,
    coordination: str,
    rows: Sequence[CountsRow],
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> list[Outcome]:
    """Fold the rows about a coordination's territories; the same again changes nothing."""
    is_here = await _places(connection, coordination)
    kept = [row for row in rows if is_here(row)]
    hosts = {row.area: row.hosts for row in kept if row.kind == "qpv" and row.hosts}
    if hosts:
        await place_districts(connection, coordination, hosts)
    facts = [
        SignalReceived(
            coordination=coordination,
            receipt=new_id(),
            ce_id=str(signal.signal_id),
            institution=INSTITUTION,
            in_seq=0,
            received_at=now,
            threshold=THRESHOLD,
            label=row.label,
            exposure=signal,
        )
        for row in kept
        for signal in row.signals
    ]
    decided = await folding.fold(connection, coordination, facts, now=now) if facts else []
    following = iter(decided)
    outcomes: dict[str, Outcome] = {
        row.area: _outcome([next(following)[1] for _ in row.signals]) for row in kept
    }
    return [outcomes.get(row.area) for row in rows]


def _outcome(decisions: Sequence[Decision]) -> Outcome:
    refused = next((one for one in decisions if one.code is not None), None)
    if refused is not None:
        detail = refused.detail or "Ce compte n'est pas admis."
        return RowIsRefused(detail, column=refused.field, code=refused.code or "E_FIELD")
    return any(one.changed for one in decisions)


async def _places(connection: Connection, coordination: str) -> Callable[[CountsRow], bool]:
    """Return what tells whether a row is about a coordination's territories."""
    codes = await store.covered_codes(connection, coordination)
    known = (await geography.national_communes(connection, sorted(codes))).values()
    epcis = {one.epci for one in known}
    names = {(one.department, one.name) for one in known}

    def is_here(row: CountsRow) -> bool:
        if row.kind == "epci":
            return row.area in epcis
        if row.kind == "qpv":
            department = department_of_qpv(row.area)
            return any((department, host) in names for host in row.hosts)
        return row.area[:5] in codes

    return is_here
