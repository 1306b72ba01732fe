"""What the field found as files: CSV with commas and a mark for spreadsheets, or a workbook.

A cell that a spreadsheet would compute is written with an apostrophe before it.
"""

import asyncio
import csv
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO, StringIO

import xlsxwriter
from litestar import Response

from contracts.http.diagnostics.surveys import AreaResults, Campaign

CSV_TYPE = "text/csv"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COMPUTED = ("=", "+", "-", "@", "\t")
SHEET_CHARS_MAX = 31
RESULT_COLUMNS = (
    *("commune", "question", "intitule", "reponse", "libelle", "effectif", "revision"),
    *("operateur", "enquete", "periode"),
)
STAGES = {
    "INTERESTED": "intéressés",
    "WORKSHOP_PLANNED": "atelier prévu",
    "REACHED": "accompagnés",
}
Cells = Sequence[str]


def results(campaign: Campaign, areas: Iterable[AreaResults]) -> list[Cells]:
    """Return the cells of a campaign's results; a secret count reads « s »."""
    period = f"{campaign.begins_on} – {campaign.ends_on}"
    said = (campaign.operator, campaign.title, period)
    rows: list[Cells] = []
    for area in areas:
        for question in area.questions:
            for one in question.answers:
                count = "s" if one.count is None else str(one.count)
                asked = (question.question, question.text, one.answer, one.label)
                rows.append((area.commune, *asked, count, str(one.revision), *said))
        if area.respondents is not None:
            asked = ("respondents", "Personnes ayant répondu", "all", "")
            rows.append((area.commune, *asked, str(area.respondents), "", *said))
        for stage in area.follow_up:
            asked = ("suite", "Suites données", stage.stage.value, STAGES[stage.stage.value])
            rows.append((area.commune, *asked, str(stage.count), "", *said))
    return rows


def as_csv(columns: Cells, rows: Iterable[Cells], *, name: str) -> Response[bytes]:
    """Return rows as a CSV file to be saved under `name`."""
    text = StringIO()
    text.write("\ufeff")
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(COMPUTED) else cell for cell in row])
    return _file(text.getvalue().encode(), CSV_TYPE, f"{name}.csv")


async def as_workbook(
    sheets: Mapping[str, tuple[Cells, Sequence[Cells]]], *, name: str
) -> Response[bytes]:
    """Return tables as a workbook of one sheet each, to be saved under `name`."""
    made = await asyncio.to_thread(_workbook, sheets)
    return _file(made, XLSX_TYPE, f"{name}.xlsx")


def _workbook(sheets: Mapping[str, tuple[Cells, Sequence[Cells]]]) -> bytes:
    found = BytesIO()
    with xlsxwriter.Workbook(found, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        for title, (columns, rows) in sheets.items():
            sheet = book.add_worksheet(title[:SHEET_CHARS_MAX])
            sheet.freeze_panes(1, 0)
            for place, column in enumerate(columns):
                sheet.write_string(0, place, column, bold)
            for line, row in enumerate(rows, start=1):
                for place, cell in enumerate(row):
                    sheet.write_string(line, place, cell)
    return found.getvalue()


def _file(content: bytes, kind: str, name: str) -> Response[bytes]:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)
