"""Routes that take files others wrote: each row answers for itself."""

from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Controller, Request, post
from litestar.openapi.spec import (
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    RequestBody,
    Schema,
)
from litestar.params import FromQuery, PathParameter, QueryParameter

from contracts.http.imports import ImportReport
from contracts.values import Role
from services.chassis import ids, importer
from services.chassis.http import TheService
from services.chassis.importer import Kind
from services.chassis.policies import Policy
from services.diagnostics.commands import bringing
from services.diagnostics.errors.imports import KindIsNational, KindIsNotShared, NoSuchKind
from services.diagnostics.imports import KINDS
from services.diagnostics.model.observed import SHARED
from services.diagnostics.reads.areas import must_be_known

BRING = Policy("importer des données", frozenset({Role.COORDINATOR, Role.OPERATOR}))
OPERATE = Policy("exploiter la plateforme", frozenset({Role.OPERATOR}))
NATIONAL = frozenset({"cog"})
"""Kinds that no coordination has a version of its own of."""
Here = Annotated[str, PathParameter(pattern="^[a-z][a-z0-9-]{1,39}$")]
Named = Annotated[str, PathParameter(pattern="^[a-z][a-z0-9_-]{0,59}$")]
Mapping = Annotated[str | None, QueryParameter(max_length=10_000)]


@dataclass
class _TakesFile(Operation):
    """A route whose body is a file as its producer wrote it."""

    def __post_init__(self) -> None:
        file = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY))
        kinds = ("text/csv", "application/json", "application/gzip")
        self.request_body = RequestBody(content=dict.fromkeys(kinds, file), required=True)


def _kind(named: str) -> Kind[Any]:
    kind = KINDS.get(named)
    if kind is None:
        raise NoSuchKind(named, sorted(KINDS))
    return kind


class Imports(Controller):
    """Files that others wrote: good rows are kept, the others told by line, column and reason."""

    tags = ("Imports",)

    @post(
        "/v1/coordinations/{coordination:str}/imports/{kind:str}",
        opt=BRING.opt(),
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
        """Take a file for one coordination: rows about other territories change nothing.

        The body is the file itself. `mapping` is a JSON object, our name of a column by theirs.
        With `dry_run`, nothing is recorded.
        """
        taken = _kind(kind)
        if kind in NATIONAL:
            raise KindIsNational(kind)
        async with service.read() as connection:
            await must_be_known(connection, coordination)
        write = bringing.writer(kind, coordination, service.write, now=ids.now(), new_id=ids.new_id)
        return await importer.receive(
            request.stream(), taken, None if dry_run else write, mapping=mapping
        )

    @post(
        "/v1/imports/{kind:str}",
        opt=OPERATE.opt(),
        status_code=200,
        request_max_body_size=importer.FILE_BYTES_MAX,
        operation_class=_TakesFile,
    )
    async def take_shared(
        self,
        request: Request[Any, Any, Any],
        service: TheService,
        kind: Named,
        *,
        dry_run: FromQuery[bool] = False,
        mapping: Mapping = None,
    ) -> ImportReport:
        """Take a national file once for every coordination, of today and to come."""
        taken = _kind(kind)
        if not taken.is_shared:
            raise KindIsNotShared(kind)
        write = bringing.writer(kind, SHARED, service.write, now=ids.now(), new_id=ids.new_id)
        return await importer.receive(
            request.stream(), taken, None if dry_run else write, mapping=mapping
        )
