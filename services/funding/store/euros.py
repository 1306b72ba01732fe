"""Rows of what became of the money."""

from collections.abc import Sequence
from datetime import date

import msgspec

from services.chassis.database import Connection
from services.funding.model.euros import (
    OUTSIDE,
    Done,
    ExecutionRow,
    FundCents,
    FunderFund,
    Held,
    HistoryRow,
    NatureRow,
    YearLine,
)
from services.funding.model.figures import Amount
from services.funding.model.references import ActionRow
from services.funding.store.queries import SQL, rows_of

ROWS: dict[str, type[msgspec.Struct]] = {
    "funder_funds": FunderFund,
    "whereabouts": Held,
    "served": Done,
    "pledged": FundCents,
    "action": ActionRow,
    "natures": NatureRow,
    "action_history": HistoryRow,
    "year_sums": Amount,
    "execution": ExecutionRow,
    "lines_of_year": YearLine,
}


async def funds_of(connection: Connection, coordination: str, funder: str) -> list[FunderFund]:
    """Return a funder's funds."""
    return await rows_of(connection, SQL["funder_funds"], FunderFund, coordination, funder)


async def held(connection: Connection, coordination: str, funds: Sequence[str]) -> list[Held]:
    """Return what every account of the commitments book of these funds holds."""
    return await rows_of(
        connection, SQL["whereabouts"], Held, coordination, list(funds), list(OUTSIDE)
    )


async def done(connection: Connection, coordination: str, funds: Sequence[str]) -> list[Done]:
    """Return what payees were certified to have done with these funds."""
    return await rows_of(connection, SQL["served"], Done, coordination, list(funds))


async def pledged(
    connection: Connection, coordination: str, funds: Sequence[str]
) -> list[FundCents]:
    """Return what these funds have pledged."""
    return await rows_of(connection, SQL["pledged"], FundCents, coordination, list(funds))


async def action(connection: Connection, coordination: str, slug: str) -> ActionRow | None:
    """Return one action."""
    found = await rows_of(connection, SQL["action"], ActionRow, coordination, slug)
    return found[0] if found else None


async def natures(connection: Connection, coordination: str, slug: str) -> list[NatureRow]:
    """Return what each nature of funder agreed for an action."""
    return await rows_of(connection, SQL["natures"], NatureRow, coordination, slug)


async def history(
    connection: Connection, coordination: str, slug: str, after: tuple[int, int], most: int
) -> list[HistoryRow]:
    """Return the acts of an action recorded after a place of the journal, at most `most`."""
    return await rows_of(
        connection, SQL["action_history"], HistoryRow, coordination, slug, *after, most
    )


async def year_sums(
    connection: Connection, coordination: str, funds: Sequence[str], first: date, last: date
) -> list[Amount]:
    """Return what these funds did in whole months, per kind of act."""
    return await rows_of(
        connection, SQL["year_sums"], Amount, coordination, list(funds), first, last
    )


async def execution(connection: Connection, coordination: str) -> list[ExecutionRow]:
    """Return how far the budget of each action is used."""
    return await rows_of(connection, SQL["execution"], ExecutionRow, coordination)


async def lines_of_year(connection: Connection, coordination: str, year: int) -> list[YearLine]:
    """Return the budget lines that count in a year, by name."""
    return await rows_of(connection, SQL["lines_of_year"], YearLine, coordination, year)
