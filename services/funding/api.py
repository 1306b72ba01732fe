"""HTTP routes of the funding service."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import Controller, get, post, put
from litestar.di import NamedDependency
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.params import FromQuery, JSONBody, PathParameter, QueryParameter, RawBody
from litestar.response import Stream

from contracts.http.funding import (
    TRANSFERS_MAX,
    ActionPlans,
    Custody,
    Fund,
    Funder,
    FunderLevel,
    FundingAgreement,
    FundMode,
    Funds,
    LegalNature,
    Payee,
    Pool,
    Reference,
    Restriction,
    TransferAnswer,
    TransferAsked,
    TransferStatus,
    WriteFund,
    WriteFunder,
    WriteFundingAgreement,
    WritePayee,
)
from contracts.refusals import E_FIELD, explain
from contracts.values import CoordinationSlug, Role, Slug
from services.chassis.http import PAGE_MAX
from services.chassis.policies import Policy
from services.chassis.service import Service
from services.funding import commands, reads
from services.funding.errors import FieldDiffers, TooManyTransfers
from services.funding.lane import Lane
from services.funding.model.book import Act, Unread
from services.funding.model.references import FundRow

READ = Policy("lire les financements", frozenset(Role) - {Role.INSTITUTION})
WRITE = Policy("tenir les financements", frozenset({Role.COORDINATOR, Role.OPERATOR}))
BODY_BYTES_MAX = 8 * 1024 * 1024
"""8,000 acts of the largest kinds; other routes keep the common limit."""

TheService = NamedDependency[Service]
TheLane = NamedDependency[Lane]


def _pattern(kind: Any) -> str:
    """Return the pattern that the contract gives a text."""
    found: str = kind.__metadata__[0].pattern
    return found


Here = Annotated[str, PathParameter(pattern=_pattern(CoordinationSlug))]
Named = Annotated[str, PathParameter(pattern=_pattern(Slug))]
Cited = Annotated[str, PathParameter(pattern=_pattern(Reference))]
Cursor = Annotated[str | None, QueryParameter(pattern=_pattern(Slug))]
Limit = Annotated[int, QueryParameter(ge=1, le=PAGE_MAX)]
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


class References(Controller):
    """Who brings money, under which terms, and who is paid."""

    tags = ("Références du financement",)

    @put("/v1/coordinations/{coordination:str}/funders/{funder:str}", opt=WRITE.opt())
    async def write_funder(
        self,
        service: TheService,
        coordination: Here,
        funder: Named,
        data: JSONBody[WriteFunder],
    ) -> Funder:
        """Write a funder; the same one again answers the same."""
        async with service.write() as connection:
            row = await commands.write_funder(connection, coordination, funder, data)
        return Funder(
            id=row.funder,
            name=row.name,
            level=FunderLevel(row.level),
            legal_nature=LegalNature(row.legal_nature),
        )

    @put("/v1/coordinations/{coordination:str}/funds/{fund:str}", opt=WRITE.opt())
    async def write_fund(
        self,
        service: TheService,
        coordination: Here,
        fund: Named,
        data: JSONBody[WriteFund],
    ) -> Fund:
        """Write a fund; the same one again answers the same."""
        async with service.write() as connection:
            row = await commands.write_fund(connection, coordination, fund, data)
        return _fund(row)

    @get("/v1/coordinations/{coordination:str}/funds", opt=READ.opt())
    async def funds(
        self,
        service: TheService,
        coordination: Here,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> Funds:
        """Return a page of funds, by slug."""
        async with service.read() as connection:
            found, following = await reads.funds(
                connection, coordination, after=cursor or "", most=limit
            )
        return Funds(items=[_fund(row) for row in found], cursor=following)

    @put("/v1/coordinations/{coordination:str}/funding-agreements/{agreement:str}", opt=WRITE.opt())
    async def write_agreement(
        self,
        service: TheService,
        coordination: Here,
        agreement: Cited,
        data: JSONBody[WriteFundingAgreement],
    ) -> FundingAgreement:
        """Write a funding agreement; the same one again answers the same."""
        async with service.write() as connection:
            row = await commands.write_agreement(connection, coordination, agreement, data)
        return FundingAgreement(
            id=row.agreement,
            fund=row.fund,
            amount_cents=row.amount_cents,
            signed_on=row.signed_on,
            action=row.action,
            reference=row.reference,
        )

    @put("/v1/coordinations/{coordination:str}/payees/{payee:str}", opt=WRITE.opt())
    async def write_payee(
        self,
        service: TheService,
        coordination: Here,
        payee: Named,
        data: JSONBody[WritePayee],
    ) -> Payee:
        """Write a payee; the same one again answers the same."""
        async with service.write() as connection:
            row = await commands.write_payee(connection, coordination, payee, data)
        return Payee(id=row.payee, name=row.name, siren=row.siren)


def _fund(row: FundRow) -> Fund:
    return Fund(
        id=row.fund,
        name=row.name,
        funder=row.funder,
        custody=Custody(row.custody),
        mode=FundMode(row.mode),
        restriction=Restriction(row.restriction),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        ceiling_cents=row.ceiling_cents,
        prefinancing_limit_cents=row.prefinancing_limit_cents,
    )


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
    ) -> Pool:
        """Return the pool by stage, for each fund and together."""
        async with service.read() as connection:
            return await reads.pool(connection, coordination, as_of=as_of)

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
    async def journal(self, service: TheService, coordination: Here) -> Stream:
        """Return every transfer and block since the first, one canonical JSON line each."""
        return Stream(
            reads.journal_lines(service.read, coordination), media_type="application/x-ndjson"
        )
