"""Route of what leaves the service as files."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

from litestar import Controller, get
from litestar.openapi.spec import (
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    Schema,
)
from litestar.params import FromQuery, PathParameter, QueryParameter
from litestar.response import Stream

from contracts.http.funding.values import Reference
from services.chassis import ids
from services.funding.api.asking import READ, Here, TheService
from services.funding.reads import exports as reads

FileName = Annotated[str, PathParameter(pattern="^[a-z][a-z0-9-]{0,59}[.](csv|md|ics|xlsx)$")]
Agreement = Annotated[str | None, QueryParameter(pattern=Reference.__metadata__[0].pattern)]
PARIS = ZoneInfo("Europe/Paris")


@dataclass
class _GivesFiles(Operation):
    """A route whose answer is a file of one of several types."""

    def __post_init__(self) -> None:
        file = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY))
        given = OpenAPIResponse(
            description="Le fichier.",
            content={export.media_type: file for export in reads.EXPORTS.values()},
        )
        self.responses = {**(self.responses or {}), "200": given}


class Exports(Controller):
    """The pool's figures as files that other programs open."""

    tags = ("Exports",)

    @get(
        "/v1/coordinations/{coordination:str}/exports/{name:str}",
        opt=READ.opt(),
        operation_class=_GivesFiles,
    )
    async def export(
        self,
        service: TheService,
        coordination: Here,
        name: FileName,
        *,
        agreement: Agreement = None,
        as_of: FromQuery[date | None] = None,
    ) -> Stream:
        """Return a file, streamed as it is read.

        A financial report is about one `agreement`. With `as_of`, what is left to do and the
        workbook count what is effective up to that day.
        """
        now = ids.now()
        asked = reads.Asked(
            read=service.read,
            coordination=coordination,
            now=now,
            today=now.astimezone(PARIS).date(),
            agreement=agreement,
            as_of=as_of,
        )
        media_type, stream = await reads.opened(name, asked)
        disposition = f'attachment; filename="{coordination}-{name}"'
        return Stream(stream, media_type=media_type, headers={"Content-Disposition": disposition})
