"""Routes of files that others wrote, and of what was taken from them."""

from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Controller, Request, get, post
from litestar.openapi.spec import (
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    RequestBody,
    Schema,
)
from litestar.params import FromQuery, QueryParameter

from contracts.http.funding.published import AdviserEstimates, PublishedGrants
from contracts.http.imports import ImportReport
from services.chassis import ids, importer
from services.funding.api.asking import READ, WRITE, Cursor, Here, Limit, Named, TheService
from services.funding.commands.published import writer
from services.funding.errors.references import NoSuchKind
from services.funding.imports import KINDS
from services.funding.reads import published as reads

Department = Annotated[
    str | None, QueryParameter(pattern="^(0[1-9]|[13-9][0-9]|2[1-9AB]|97[1-8]|98[4-8])$")
]
Mapping = Annotated[str | None, QueryParameter(max_length=10_000)]


@dataclass
class _TakesFile(Operation):
    """A route whose body is a file as its producer wrote it."""

    def __post_init__(self) -> None:
        file = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY))
        kinds = ("text/csv", "application/json", "application/gzip")
        self.request_body = RequestBody(content=dict.fromkeys(kinds, file), required=True)


class Imports(Controller):
    """Files of grants and of adviser posts, as their producers publish them."""

    tags = ("Fichiers publiés",)

    @post(
        "/v1/coordinations/{coordination:str}/imports/{kind:str}",
        opt=WRITE.opt(),
        status_code=200,
        request_max_body_size=importer.FILE_BYTES_MAX,
        operation_class=_TakesFile,
    )
    async def take(
        self,
        request: Request[Any, Any, Any],
        service: TheService,
        coordination: Here,
        kind: Named,
        *,
        dry_run: FromQuery[bool] = False,
        mapping: Mapping = None,
    ) -> ImportReport:
        """Take a file: its good rows are kept, the others told by line, column and reason.

        The body is the file itself. `mapping` is a JSON object, our name of a column by theirs.
        With `dry_run`, nothing is recorded.
        """
        taken = KINDS.get(kind)
        if taken is None:
            raise NoSuchKind(kind, sorted(KINDS))
        write = None if dry_run else writer(kind, coordination, service.write, now=ids.now())
        return await importer.receive(request.stream(), taken, write, mapping=mapping)

    @get("/v1/coordinations/{coordination:str}/grants", opt=READ.opt())
    async def grants(
        self,
        service: TheService,
        coordination: Here,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> PublishedGrants:
        """Return a page of the grants that funders published."""
        async with service.read() as connection:
            found, following = await reads.grants(
                connection, coordination, after=cursor or "", most=limit
            )
        return PublishedGrants(items=found, cursor=following)

    @get("/v1/coordinations/{coordination:str}/adviser-estimates", opt=READ.opt())
    async def estimates(
        self, service: TheService, coordination: Here, department: Department = None
    ) -> AdviserEstimates:
        """Return what the State estimates it invests in adviser posts, edition by edition."""
        async with service.read() as connection:
            return await reads.estimates(connection, coordination, department=department)
