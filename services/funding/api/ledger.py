"""Routes of the ledger and of its figures."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from litestar import Controller, get, post
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.params import FromQuery, RawBody
from litestar.response import Stream

from contracts.http.funding import (
    TRANSFERS_MAX,
    ActionPlans,
    Pool,
    TransferAnswer,
    TransferAsked,
    TransferStatus,
)
from contracts.refusals import E_FIELD, explain
from services.funding import commands, reads
from services.funding.api.asking import (
    BODY_BYTES_MAX,
    READ,
    WRITE,
    CitedIn,
    Cursor,
    Here,
    Limit,
    TheLane,
    TheService,
    with_zone,
)
from services.funding.errors import FieldDiffers, TooManyTransfers
from services.funding.model.book import Act, Unread

_LIST = msgspec.json.Decoder(list[msgspec.Raw])

_ACT = msgspec.json.Decoder(TransferAsked)


class _Outline(msgspec.Struct):
    """What can be told of an act that does not follow the contract."""

    id: Any = None
    linked: Any = False


_OUTLINE = msgspec.json.Decoder(_Outline)


class _ActsSchema(Schema):
    """The schema of a list of acts, which the handler decodes one by one."""

    def to_schema(self) -> dict[str, Any]:
        """Return it whole: what it refers to stands in its place."""
        (_, parts) = msgspec.json.schema_components([TransferAsked], ref_template="{name}")

        def whole(part: Any) -> Any:
            if isinstance(part, list):
                return [whole(one) for one in part]
            if not isinstance(part, dict):
                return part
            if "$ref" in part:
                return whole(parts[part["$ref"]])
            return {name: whole(value) for name, value in part.items()}

        items = whole(parts[TransferAsked.__name__])
        return {"type": "array", "maxItems": TRANSFERS_MAX, "items": items}


@dataclass
class _TakesActs(Operation):
    """A route whose body its signature does not tell."""

    def __post_init__(self) -> None:
        media = OpenAPIMediaType(schema=_ActsSchema())
        self.request_body = RequestBody(content={"application/json": media}, required=True)


def _acts(body: bytes) -> list[Act]:
    """Return the acts of a request, each decoded apart, so that a bad one spoils no other."""
    try:
        items = _LIST.decode(body)
    except msgspec.DecodeError as error:
        raise FieldDiffers(explain(error)) from None
    if len(items) > TRANSFERS_MAX:
        raise TooManyTransfers(len(items), TRANSFERS_MAX)
    return [_act(item) for item in items]


def _act(item: msgspec.Raw) -> Act:
    try:
        return _ACT.decode(item)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        told = explain(error)
    try:
        outline = _OUTLINE.decode(item)
    except (msgspec.DecodeError, UnicodeDecodeError):
        outline = _Outline()
    answer = TransferAnswer(
        id=outline.id if isinstance(outline.id, str) else None,
        status=TransferStatus.REFUSED,
        code=E_FIELD,
        detail=f"{told.field} : {told.detail}" if told.field else told.detail,
    )
    return Unread(answer, outline.linked is True)


class Ledger(Controller):
    """The acts of the pool, what they add up to, and the journal that proves it."""

    tags = ("Grand livre",)

    @post(
        "/v1/coordinations/{coordination:str}/transfers",
        opt=WRITE.opt(),
        status_code=200,
        request_max_body_size=BODY_BYTES_MAX,
        operation_class=_TakesActs,
    )
    async def transfers(
        self,
        service: TheService,
        lane: TheLane,
        coordination: Here,
        body: RawBody,
        *,
        dry_run: FromQuery[bool] = False,
    ) -> list[TransferAnswer]:
        """Post a list of acts and answer each in order; refused ones do not stop the others.

        The body is a JSON array of `TransferAsked`. With `dry_run`, nothing is recorded.
        """
        acts = _acts(body)
        if dry_run:
            async with service.read() as connection:
                return await commands.try_out(connection, coordination, acts)
        return await lane.post(coordination, acts)

    @get("/v1/coordinations/{coordination:str}/pool", opt=READ.opt())
    async def pool(
        self,
        service: TheService,
        coordination: Here,
        as_of: FromQuery[date | None] = None,
        known_at: FromQuery[datetime | None] = None,
    ) -> Pool:
        """Return the pool by stage, for each fund and together.

        With `as_of`, what is effective up to that day; with `known_at`, what was recorded then.
        """
        async with service.read() as connection:
            return await reads.pool(
                connection, coordination, as_of=as_of, known_at=with_zone(known_at)
            )

    @get("/v1/coordinations/{coordination:str}/actions", opt=READ.opt())
    async def actions(
        self,
        service: TheService,
        coordination: Here,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> ActionPlans:
        """Return a page of actions with their funding plans, by slug."""
        async with service.read() as connection:
            found, following = await reads.plans(
                connection, coordination, after=cursor or "", most=limit
            )
        return ActionPlans(items=found, cursor=following)

    @get(
        "/v1/coordinations/{coordination:str}/journal",
        opt=READ.opt(),
        media_type="application/x-ndjson",
    )
    async def journal(
        self,
        service: TheService,
        coordination: Here,
        until_period: CitedIn = None,
        *,
        closings: FromQuery[bool] = False,
    ) -> Stream:
        """Return every transfer and block since the first, one canonical JSON line each.

        With `until_period`, up to the block that closing sealed: the same bytes for ever. With
        `closings`, lines `checkpoint` and `period` stand after the block they were closed over.
        """
        to = await reads.extent(
            service.read, coordination, until_period=until_period, with_closings=closings
        )
        return Stream(
            reads.journal_lines(service.read, coordination, to), media_type="application/x-ndjson"
        )
