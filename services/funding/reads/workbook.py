"""A workbook written row by row: what it holds in memory does not grow with its rows."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import IO, Any

import msgspec
import xlsxwriter

from contracts.http.funding import ActionPlan, Pool
from services.funding.model.kinds import FRENCH, STAGES
from services.funding.model.sheets import Cell, Column, Holds, euros, guarded

CHUNK_BYTES = 64 * 1024
SHEET_ROWS_MAX = 1_048_000
"""What the format admits, less the header and a margin."""
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

FUNDS = [
    Column("fonds"),
    Column("nom"),
    Column("financeur"),
    Column("niveau"),
    Column("maniement"),
    *(Column(FRENCH[stage], Holds.EUROS) for stage in STAGES),
    Column("reçu", Holds.EUROS),
    Column("reste à attribuer", Holds.EUROS),
]
PLANS = [
    Column("action"),
    Column("intitulé"),
    Column("budget", Holds.EUROS),
    Column("manque", Holds.EUROS),
    Column("fonds"),
    Column("financeur"),
    Column("conventionné", Holds.EUROS),
    Column("fléché", Holds.EUROS),
    Column("attribué", Holds.EUROS),
    Column("engagé", Holds.EUROS),
]


class Sheet(msgspec.Struct, frozen=True):
    """A sheet: its name, its columns and its rows, page by page."""

    name: str
    columns: Sequence[Column]
    pages: AsyncIterator[list[list[Cell]]]


async def fund_pages(pool: Pool) -> AsyncIterator[list[list[Cell]]]:
    """Yield the funds of a pool as rows."""
    yield [
        [
            one.id,
            one.name,
            one.funder_name,
            one.level.value,
            one.custody.value,
            *(getattr(one.stages, stage) for stage in STAGES),
            one.received,
            one.left,
        ]
        for one in pool.funds
    ]


def plan_rows(plan: ActionPlan) -> list[list[Cell]]:
    """Return an action's plan as rows, one per fund; an action without fund is a row too."""
    start: list[Cell] = [plan.id, plan.title, plan.budget_cents, plan.gap_cents]
    return [
        [
            *start,
            line.fund,
            line.funder,
            line.agreed_cents,
            line.earmarked_cents,
            line.awarded_cents,
            line.committed_cents,
        ]
        for line in plan.plan
    ] or [[*start, *([None] * (len(PLANS) - len(start)))]]


async def written(sheets: Sequence[Sheet]) -> AsyncIterator[bytes]:
    """Yield a workbook; its rows wait on disk, not in memory."""
    with tempfile.TemporaryFile() as file:
        await _fill(file, sheets)
        file.seek(0)
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


async def _fill(file: IO[bytes], sheets: Sequence[Sheet]) -> None:
    book = xlsxwriter.Workbook(file, _OPTIONS)
    bold = book.add_format({"bold": True})
    formats = {
        Holds.EUROS: book.add_format({"num_format": "#,##0.00"}),
        Holds.DAY: book.add_format({"num_format": "dd/mm/yyyy"}),
    }
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        page.freeze_panes(1, 0)
        for at, column in enumerate(sheet.columns):
            page.write_string(0, at, column.title, bold)
        line = 0
        async for rows in sheet.pages:
            for row in rows[: SHEET_ROWS_MAX - line]:
                line += 1
                for at, (cell, column) in enumerate(zip(row, sheet.columns, strict=True)):
                    _write(page, (line, at), cell, column.holds, formats)
    await asyncio.to_thread(book.close)


def _write(
    page: Any, place: tuple[int, int], cell: Cell, holds: Holds, formats: dict[Holds, Any]
) -> None:
    """Write one cell as what it is: a text is never computed, an amount is a number of euros."""
    if cell is None:
        return
    if isinstance(cell, str):
        page.write_string(*place, guarded(cell))
    elif isinstance(cell, date):
        page.write_datetime(*place, cell, formats[Holds.DAY])
    elif holds is Holds.EUROS:
        page.write_number(*place, euros(cell), formats[Holds.EUROS])
    else:
        page.write_number(*place, cell)
