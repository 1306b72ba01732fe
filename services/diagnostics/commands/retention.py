"""Forget signals once their term is over, and correct the figures they were part of."""

from datetime import datetime

from contracts.events.members import AgreementSigned
from services.chassis.database import Connection
from services.diagnostics import store
from services.diagnostics.commands import folding
from services.diagnostics.model import rules
from services.diagnostics.store import retention as rows

FORGOTTEN_PER_TURN = 500


async def keep_for(connection: Connection, fact: AgreementSigned) -> None:
    """Know how long what comes under an agreement is kept."""
    await rows.keep_for(connection, fact)


async def coordinations(connection: Connection) -> list[str]:
    """Return every coordination that may have something to forget."""
    return await rows.coordinations(connection)


async def forget_expired(
    connection: Connection, coordination: str, *, months: int, now: datetime
) -> int:
    """Forget signals past their term, a few at a time, and return how many; open data has none.

    `months` is the term of what no agreement gives one. The figures they were part of are
    corrected in the same transaction, and the updates of their communes wait for the job.
    """
    async with connection.transaction():
        await store.lock_coordination(connection, coordination)
        cells = await rows.expired_cells(
            connection, coordination, now=now, months=months, most=FORGOTTEN_PER_TURN
        )
        needs = await rows.expired_needs(
            connection, coordination, now=now, months=months, most=FORGOTTEN_PER_TURN
        )
        codes = [*(one.commune for one in cells), *(one.commune for one in needs)]
        areas = {code: 0 for code in codes if code is not None}
        await store.touch_communes(connection, coordination, areas, waits=True, now=now)
        batch = rules.nothing_yet()
        for cell in cells:
            rules.add_cell(batch, cell, -1)
        for need in needs:
            rules.add_need(batch, need, -1)
        await rows.forget_cells(connection, cells)
        await rows.forget_needs(connection, needs)
        await folding.fold_figures(connection, batch)
    return len(cells) + len(needs)
