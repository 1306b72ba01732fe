"""Routes that take files: each row answers for itself."""

from typing import Annotated

from litestar import Controller, post
from litestar.params import Parameter

from contracts.http.imports import ImportReport
from services.chassis import ids, importer
from services.chassis.errors import Refusal
from services.chassis.http import TheService
from services.chassis.importer import Outcome, RowIsRefused
from services.chassis.policies import Asking
from services.members import reads
from services.members.api.asking import OPERATE, WRITE, Slug
from services.members.commands.rolls import Brought, bring_members
from services.members.commands.territories import bring_territories
from services.members.imports import COG, MEMBERS
from services.members.imports.seats import COLUMNS
from services.members.model.lines import MemberLine
from services.members.model.territories import Commune, Movement

Mapping = Annotated[str | None, Parameter(max_length=10_000)]


def _outcome(found: Brought) -> Outcome:
    if isinstance(found, Refusal):
        column = COLUMNS.get(found.field, found.field) or None
        return RowIsRefused(str(found), column=column, code=found.code)
    return found


class Imports(Controller):
    """Files others wrote: national territories, lists of members."""

    tags = ("Imports",)

    @post(
        "/v1/imports/cog",
        opt=OPERATE.opt(),
        status_code=200,
        request_max_body_size=importer.FILE_BYTES_MAX,
    )
    async def territories(
        self,
        request: Asking,
        service: TheService,
        *,
        dry_run: bool = False,
        mapping: Mapping = None,
    ) -> ImportReport:
        """Bring communes with their EPCI, or movements of communes, as the header says."""

        async def write(rows: list[Commune | Movement]) -> list[Outcome]:
            async with service.write() as connection:
                return [_outcome(one) for one in await bring_territories(connection, rows)]

        return await importer.receive(
            request.stream(), COG, None if dry_run else write, mapping=mapping
        )

    @post(
        "/v1/coordinations/{coordination:str}/imports/members",
        opt=WRITE.opt(),
        status_code=200,
        request_max_body_size=importer.FILE_BYTES_MAX,
    )
    async def members(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        *,
        dry_run: bool = False,
        mapping: Mapping = None,
    ) -> ImportReport:
        """Give each line of a list its seat; the same list again changes nothing."""
        async with service.read() as connection:
            await reads.coordination(connection, coordination)

        async def write(lines: list[MemberLine]) -> list[Outcome]:
            async with service.write() as connection:
                found = await bring_members(
                    connection, coordination, lines, now=ids.now(), new_id=ids.new_id
                )
            return [_outcome(one) for one in found]

        return await importer.receive(
            request.stream(), MEMBERS, None if dry_run else write, mapping=mapping
        )
