"""Frozen versions: published, listed, read by tier, compared, exported to anyone."""

import csv
from functools import partial
from io import StringIO
from typing import Annotated

from litestar import Controller, Response, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, Parameter, PathParameter

from contracts.http.diagnostics.versions import (
    DiagnosticVersion,
    PublishDiagnostic,
    Tier,
    VersionChanges,
    VersionPage,
    VersionSummary,
)
from services.chassis import ids
from services.chassis.database import Connection
from services.chassis.http import TheService
from services.chassis.policies import PUBLIC, Asking
from services.diagnostics.api.asking import (
    PUBLISH,
    READ,
    IdempotencyKey,
    Limit,
    Place,
    named,
    tier_of,
)
from services.diagnostics.commands import versions as commands
from services.diagnostics.model.versions import VersionRow
from services.diagnostics.reads import versions as reads
from services.diagnostics.reads.telling import next_telling
from services.diagnostics.settings import Settings

JSON, CSV = "application/json", "text/csv"
NUMBER_MAX = 10**6
COMPUTED = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula, at the beginning of a cell."""
COLUMNS = (
    *("chapitre", "territoire", "libellé", "valeur", "unité", "période", "état", "lecture"),
    *("source", "fraîcheur", "confiance", "clé"),
)
Since = Annotated[int, Parameter(ge=1, le=NUMBER_MAX)]
Numbered = Annotated[int, PathParameter(ge=1, le=NUMBER_MAX)]
_WHOLE = {200: ResponseSpec(DiagnosticVersion, generate_examples=False, description="La version.")}


def _summary(row: VersionRow) -> VersionSummary:
    return VersionSummary(
        number=row.number,
        title=row.title,
        published_at=row.published_at,
        hash=row.hash,
        public_hash=row.public_hash,
        elements=row.elements,
    )


async def _draft(
    connection: Connection, row: VersionRow, *, previous: int | None, threshold: int
) -> commands.Drafted:
    hidden, told = await next_telling(
        connection, row.coordination, number=row.number, threshold=threshold
    )
    one = partial(
        reads.draft, connection, row, previous=previous, threshold=threshold, hidden=hidden
    )
    return commands.Drafted(
        whole=await one(tier=Tier.AGREEMENT), public=await one(tier=Tier.PUBLIC), told=told
    )


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(COMPUTED) else text


def _csv(version: DiagnosticVersion) -> str:
    out = StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for one in version.elements:
        value = "" if one.value is None else str(one.value)
        told = (one.chapter, one.area, one.label, value, one.unit, one.period, one.status.value)
        aged = (one.reading, one.source, one.freshness or "", one.confidence, one.key)
        cells = (*told, *aged)
        # A number stays one, with its sign; a text is never taken for a formula.
        table.writerow([cell if cell is value else _cell(cell) for cell in cells])
    return out.getvalue()


class Versions(Controller):
    """The diagnostic as it was, frozen: what decisions cite and partners follow."""

    tags = ("Versions du diagnostic",)

    @post("/v1/coordinations/{coordination:str}/diagnostics", opt=PUBLISH.opt())
    async def publish(
        self,
        request: Asking,
        service: TheService,
        coordination: str,
        data: JSONBody[PublishDiagnostic],
        key: IdempotencyKey = None,
    ) -> VersionSummary:
        """Freeze the diagnostic as it is now and tell subscribers; a retry changes nothing."""
        assert isinstance(service.settings, Settings)
        async with service.write() as connection:
            row = await commands.publish(
                connection,
                coordination,
                data.title,
                named(request, data.id, key),
                draft=partial(_draft, threshold=service.settings.needs_threshold),
                now=ids.now(),
                new_id=ids.new_id,
            )
        return _summary(row)

    @get("/v1/coordinations/{coordination:str}/diagnostics", opt=READ.opt())
    async def versions(
        self, service: TheService, coordination: str, limit: Limit = 50, cursor: Place = ""
    ) -> VersionPage:
        """Return a page of versions, the latest first."""
        below = int(cursor) if cursor else NUMBER_MAX + 1
        async with service.read() as connection:
            found, more = await reads.page(connection, coordination, below=below, most=limit)
        return VersionPage(
            items=[_summary(row) for row in found], cursor=str(more) if more else None
        )

    @get(
        "/v1/coordinations/{coordination:str}/diagnostics/{number:int}",
        opt=READ.opt(),
        responses=_WHOLE,
    )
    async def version(
        self,
        request: Asking,
        service: TheService,
        coordination: str,
        number: Numbered,
        tier: Tier | None = None,
    ) -> Response[bytes]:
        """Return a version: exact counts for those of the coordination and of its agreements."""
        async with service.read() as connection:
            own = await tier_of(request, connection, coordination, tier)
            return await _whole(connection, coordination, number, own)

    @get(
        "/v1/coordinations/{coordination:str}/diagnostics/{number:int}/public.json",
        opt=PUBLIC.opt(),
        responses=_WHOLE,
    )
    async def public_json(
        self, service: TheService, coordination: str, number: Numbered
    ) -> Response[bytes]:
        """Return the public tier of a version, to anyone."""
        async with service.read() as connection:
            return await _whole(connection, coordination, number, Tier.PUBLIC)

    @get(
        "/v1/coordinations/{coordination:str}/diagnostics/{number:int}/public.csv",
        opt=PUBLIC.opt(),
        media_type=CSV,
    )
    async def public_csv(
        self, service: TheService, coordination: str, number: Numbered
    ) -> Response[str]:
        """Return the elements of the public tier as a table, to anyone."""
        async with service.read() as connection:
            version = await reads.version(connection, coordination, number, Tier.PUBLIC)
        name = f'attachment; filename="diagnostic-{coordination}-{number}.csv"'
        headers = {"Content-Disposition": name, "ETag": f'"{version.hash}"'}
        return Response(_csv(version), media_type=CSV, headers=headers)

    @get("/v1/coordinations/{coordination:str}/diagnostics/{number:int}/changes", opt=READ.opt())
    async def changes(
        self,
        request: Asking,
        service: TheService,
        coordination: str,
        number: Numbered,
        *,
        since: Since,
        tier: Tier | None = None,
        limit: Limit = 50,
        cursor: Place = "",
    ) -> VersionChanges:
        """Return what became of each element since an earlier version; a page of it."""
        async with service.read() as connection:
            own = await tier_of(request, connection, coordination, tier)
            return await reads.changes(
                connection,
                coordination,
                number,
                since=since,
                tier=own,
                after=int(cursor or 0),
                most=limit,
            )


async def _whole(
    connection: Connection, coordination: str, number: int, tier: Tier
) -> Response[bytes]:
    found, body = await reads.document(connection, coordination, number, tier)
    return Response(body, media_type=JSON, headers={"ETag": f'"{found}"'})
