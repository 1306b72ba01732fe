"""Places as files: the national schema in CSV, JSON, GeoJSON and a workbook; data·inclusion.

A CSV has commas and no mark before its first cell, as the schema wants it. A workbook's cells are
texts, so that nothing is computed.
"""

import asyncio
import csv
import tempfile
from collections.abc import AsyncIterator, Sequence
from io import StringIO
from typing import Annotated, Any, Literal

import msgspec
import xlsxwriter
from litestar import Controller, get
from litestar.params import QueryParameter
from litestar.response import Response, Stream

from services.chassis import ids
from services.chassis.http import TheService
from services.chassis.service import Service
from services.diagnostics.api.places import READ, Here
from services.diagnostics.model.data_inclusion import service_of, structure_of
from services.diagnostics.model.place_schema import COLUMNS, cells, file_name, schema_ids
from services.diagnostics.reads import places as reads

Format = Literal["csv", "json", "geojson", "xlsx"]
Part = Literal["structures", "services"]
Producer = Annotated[str | None, QueryParameter(pattern="^[A-Za-z0-9-]{1,40}$")]
MEDIA = {
    "csv": "text/csv",
    "json": "application/json",
    "geojson": "application/geo+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
CHUNK_ROWS = 200
SHEET = "lieux"


async def _told(service: Service, coordination: str) -> AsyncIterator[dict[str, Any]]:
    """Yield every place by column of the schema."""
    async with service.read() as connection:
        named = schema_ids(await reads.local_ids(connection, coordination))
        async for row in reads.every_place(connection, coordination):
            yield cells(row, named.get((row.source, row.local_id), row.local_id))


async def _csv(rows: AsyncIterator[dict[str, Any]]) -> AsyncIterator[bytes]:
    text = StringIO()
    writer = csv.DictWriter(text, list(COLUMNS), lineterminator="\n")
    writer.writeheader()
    waiting = 0
    async for row in rows:
        writer.writerow(row)
        waiting += 1
        if waiting == CHUNK_ROWS:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
            waiting = 0
    yield text.getvalue().encode()


async def _listed(items: AsyncIterator[Any], before: bytes, after: bytes) -> AsyncIterator[bytes]:
    """Yield a JSON document that holds a list, an item at a time."""
    yield before
    first = True
    async for item in items:
        yield (b"\n" if first else b",\n") + msgspec.json.encode(item)
        first = False
    yield b"\n" + after


async def _features(rows: AsyncIterator[dict[str, Any]]) -> AsyncIterator[dict[str, Any]]:
    """Yield places as GeoJSON has them; one without a point has a null geometry (RFC 7946)."""
    async for row in rows:
        point = [row["longitude"], row["latitude"]]
        yield {
            "type": "Feature",
            "id": row["id"],
            "geometry": {"type": "Point", "coordinates": point} if None not in point else None,
            "properties": {name: value for name, value in row.items() if value is not None},
        }


def _workbook(rows: Sequence[dict[str, Any]]) -> bytes:
    with tempfile.TemporaryFile() as found:
        with xlsxwriter.Workbook(found, {"constant_memory": True}) as book:
            sheet = book.add_worksheet(SHEET)
            sheet.freeze_panes(1, 0)
            bold = book.add_format({"bold": True})
            for place, column in enumerate(COLUMNS):
                sheet.write_string(0, place, column, bold)
            for line, row in enumerate(rows, start=1):
                for place, column in enumerate(COLUMNS):
                    if row[column] is not None:
                        sheet.write_string(line, place, str(row[column]))
        found.seek(0)
        return found.read()


class PlaceFiles(Controller):
    """The directory as files, to be published or imported elsewhere."""

    tags = ("Lieux",)

    @get("/v1/coordinations/{coordination:str}/places/export", opt=READ.opt())
    async def export(
        self,
        service: TheService,
        coordination: Here,
        *,
        format: Format = "csv",  # noqa: A002  # Its name in the address.
        producer: Producer = None,
    ) -> Response[Any]:
        """Return every place in the national schema, under the name the schema asks for.

        `producer` is the SIREN of who publishes, the coordination's slug where none is given.
        """
        name = file_name(ids.now().date(), producer or coordination, coordination, format)
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        rows = _told(service, coordination)
        if format == "xlsx":
            told = [row async for row in rows]
            book = await asyncio.to_thread(_workbook, told)
            return Response(book, media_type=MEDIA[format], headers=headers)
        if format == "csv":
            content = _csv(rows)
        elif format == "json":
            content = _listed(rows, b"[", b"]\n")
        else:
            opening = b'{"type": "FeatureCollection", "features": ['
            content = _listed(_features(rows), opening, b"]}\n")
        return Stream(content, media_type=MEDIA[format], headers=headers)

    @get("/v1/coordinations/{coordination:str}/places/data-inclusion/{part:str}", opt=READ.opt())
    async def data_inclusion(
        self, service: TheService, coordination: Here, part: Part
    ) -> Response[Any]:
        """Return every place as data·inclusion's schema has it: structures, or services."""
        today = ids.now().date()

        async def told() -> AsyncIterator[dict[str, Any]]:
            async with service.read() as connection:
                async for row in reads.every_place(connection, coordination):
                    if part == "structures":
                        yield structure_of(row, today)
                    elif row.services:
                        yield service_of(row, today)

        headers = {"Content-Disposition": f'attachment; filename="{part}-{coordination}.json"'}
        return Stream(_listed(told(), b"[", b"]\n"), media_type=MEDIA["json"], headers=headers)
