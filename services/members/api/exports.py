"""Lists as files: CSV as it is read, or a workbook.

A CSV has commas, and a mark before its first cell by which spreadsheets know it is UTF-8. A cell
that a spreadsheet would compute is written with an apostrophe before it.
"""

import asyncio
import csv
import tempfile
from collections.abc import AsyncIterator, Sequence
from io import StringIO
from typing import IO

import xlsxwriter
from litestar.response import Stream

from services.chassis.service import Service
from services.members.reads import lists

MEMBER_COLUMNS = (
    *("organisme", "nom", "type", "college", "section", "siret", "roles", "depuis"),
    *("ancien_nom", "etat"),
)
ORGANIZATION_COLUMNS = ("organisme", "nom", "type", "siret", "rna", "commune", "ancien_nom")
COLLEGES = {
    "PRIVATE": "privé",
    "DIGITAL_MEDIATION": "médiation numérique",
    "INSTITUTIONAL": "institutionnel",
}
CSV_TYPE = "text/csv"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COMPUTED = ("=", "+", "-", "@", "\t")
CHUNK_ROWS, CHUNK_BYTES = 200, 64 * 1024
SHEET_CHARS_MAX = 31
Cells = tuple[str, ...]


async def members(
    service: Service, coordination: str, kept: lists.MemberFilter
) -> AsyncIterator[Cells]:
    """Yield the cells of each member that the filter keeps."""
    async with service.read() as connection:
        async for one in lists.every_member(connection, coordination, kept):
            yield (
                *(one.organization, one.name, one.kind, COLLEGES[one.college]),
                *(one.section or "", one.siret or "", ";".join(one.roles)),
                *(one.effective_on.isoformat(), one.formerly or "", one.state),
            )


async def organizations(service: Service, kept: lists.OrganizationFilter) -> AsyncIterator[Cells]:
    """Yield the cells of each organisation that the filter keeps."""
    async with service.read() as connection:
        async for one in lists.every_organization(connection, kept):
            yield (
                *(one.organization, one.name, one.kind, one.siret or "", one.rna or ""),
                *(one.commune or "", one.formerly or ""),
            )


async def file(
    rows: AsyncIterator[Cells], columns: Sequence[str], kind: str, *, name: str
) -> Stream:
    """Return rows as a file of `kind`, csv or xlsx, to be saved under `name`."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    if kind == "csv":
        return Stream(_csv(rows, columns), media_type=CSV_TYPE, headers=headers)
    told = [row async for row in rows]
    book = await asyncio.to_thread(_workbook, told, columns, name)
    return Stream(_chunks(book), media_type=XLSX_TYPE, headers=headers)


async def _csv(rows: AsyncIterator[Cells], columns: Sequence[str]) -> AsyncIterator[bytes]:
    text = StringIO()
    text.write("\ufeff")
    writer = csv.writer(text)
    writer.writerow(columns)
    waiting = 0
    async for row in rows:
        writer.writerow(_harmless(cell) for cell in row)
        waiting += 1
        if waiting == CHUNK_ROWS:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
            waiting = 0
    yield text.getvalue().encode()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(COMPUTED) else cell


def _workbook(rows: Sequence[Cells], columns: Sequence[str], name: str) -> IO[bytes]:
    found = tempfile.TemporaryFile()  # noqa: SIM115  # Closed once it is sent.
    with xlsxwriter.Workbook(found, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(name[:SHEET_CHARS_MAX])
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column, bold)
        for line, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                sheet.write_string(line, place, cell)
    found.seek(0)
    return found


async def _chunks(book: IO[bytes]) -> AsyncIterator[bytes]:
    with book:
        while chunk := book.read(CHUNK_BYTES):
            yield chunk
