"""Fold again the signals that are kept, and say what was not what they fold to."""

from datetime import datetime

from contracts.http.diagnostics.needs import Rebuilt
from services.chassis.database import Connection
from services.diagnostics import store
from services.diagnostics.model import rebuilding
from services.diagnostics.store import rebuild as rows


async def rebuild(connection: Connection, coordination: str, *, now: datetime) -> Rebuilt:
    """Make the projection of a coordination what its kept signals fold to.

    What was right stays as it was, byte for byte; the figures that differed are told again to
    those who follow their communes. Signals that arrive meanwhile wait for this transaction.
    """
    async with connection.transaction():
        await store.lock_coordination(connection, coordination)
        await store.hold_communes(connection, coordination)
        exposed = await rows.exposures(connection, coordination)
        reported = await rows.needs(connection, coordination)
        changed, exposed_untold = rebuilding.compared(*exposed)
        summed, reported_untold = rebuilding.compared(*reported)
        await rows.put_back(connection, coordination, exposed_untold, reported_untold)
        codes = {one.commune for one in changed} | {one.commune for one in summed}
        await store.touch_communes(
            connection, coordination, dict.fromkeys(codes, 0), waits=True, now=now
        )
    return Rebuilt(figures=len(exposed[1]) + len(reported[1]), corrected=len(changed) + len(summed))
