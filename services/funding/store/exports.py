"""Rows of what is exported, a page at a time where there may be many."""

from datetime import date

import msgspec

from services.chassis.database import Connection
from services.funding.model.exports import (
    Claimable,
    Committed,
    Ending,
    PostEnding,
    Remainder,
    Terms,
)
from services.funding.model.financial_report import Charge, Convention, Source
from services.funding.store.queries import SQL, rows_of

ROWS: dict[str, type[msgspec.Struct]] = {
    "signed_commitments": Committed,
    "remainders": Remainder,
    "claimables": Claimable,
    "endings": Ending,
    "agreement_endings": Terms,
    "post_endings": PostEnding,
    "convention": Convention,
    "report_charges": Charge,
    "report_sources": Source,
}


async def commitments(
    connection: Connection, coordination: str, after: tuple[int, int], most: int
) -> list[Committed]:
    """Return the commitments signed after a place of the journal, at most `most`."""
    return await rows_of(
        connection, SQL["signed_commitments"], Committed, coordination, *after, most
    )


async def remainders(connection: Connection, coordination: str, on: date) -> list[Remainder]:
    """Return what was committed and not done at the end of a day."""
    month = on.replace(day=1)
    return await rows_of(connection, SQL["remainders"], Remainder, coordination, month, on)


async def claimables(connection: Connection, coordination: str) -> list[Claimable]:
    """Return what each fund agreed and what was handed over."""
    return await rows_of(connection, SQL["claimables"], Claimable, coordination)


async def endings(connection: Connection, coordination: str) -> list[Ending]:
    """Return when each fund ends."""
    return await rows_of(connection, SQL["endings"], Ending, coordination)


async def terms(connection: Connection, coordination: str) -> list[Terms]:
    """Return the agreements that have days of their own."""
    return await rows_of(connection, SQL["agreement_endings"], Terms, coordination)


async def post_endings(connection: Connection, coordination: str) -> list[PostEnding]:
    """Return when each post ends."""
    return await rows_of(connection, SQL["post_endings"], PostEnding, coordination)


async def convention(
    connection: Connection, coordination: str, agreement: str
) -> Convention | None:
    """Return an agreement with what it is about."""
    found = await rows_of(connection, SQL["convention"], Convention, coordination, agreement)
    return found[0] if found else None


async def charges(
    connection: Connection, coordination: str, fund: str, action: str | None
) -> list[Charge]:
    """Return what a fund committed to each payee, and what was done."""
    return await rows_of(connection, SQL["report_charges"], Charge, coordination, fund, action)


async def sources(connection: Connection, coordination: str, action: str) -> list[Source]:
    """Return what each fund agreed for an action."""
    return await rows_of(connection, SQL["report_sources"], Source, coordination, action)
