"""Signals in, and how partners are doing."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from itertools import islice
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.params import JSONBody, Parameter

from contracts.http.exchange import (
    AdmitPartner,
    Item,
    Items,
    Partners,
    PartnerStatus,
    RecentSignal,
    RecentSignals,
    SignalState,
    SignalStatus,
)
from contracts.streams import BATCH_MAX, PUB, durables_of
from contracts.values import Role
from services.chassis import ids
from services.chassis.errors import Unavailable
from services.chassis.http import PAGE_MAX, TheService
from services.chassis.policies import Asking, Policy
from services.chassis.streams import StreamRefusal
from services.chassis.tokens import EVERY_COORDINATION, Caller
from services.exchange import commands, model, reads
from services.exchange.api.joining import IdempotencyKey, key_days
from services.exchange.commands import access as joining
from services.exchange.commands import intake
from services.exchange.commands.pace import note_flood
from services.exchange.errors import NotAnInstitution, TooFast, TooMany, WrongContent
from services.exchange.model import Denied, ReceiptRow
from services.exchange.model.quotas import limits_of
from services.exchange.reads import access as standing
from services.exchange.settings import Settings

SEND = Policy("envoyer des signaux", frozenset({Role.INSTITUTION, Role.DATA_OFFICER}))
FOLLOW = Policy("suivre les échanges", frozenset(Role))
ADMIT = Policy("admettre un partenaire", frozenset({Role.OPERATOR}))
INTAKE_BYTES_MAX = 4 * 1024 * 1024
EVENTS_MAX = BATCH_MAX * 8
LAG_SECONDS_MAX = 1.0
"""A durable that is being deleted is asked about in vain: the rest is answered without it."""
_JSON_FORMS = ("application/cloudevents+json", "application/json")
_BATCH_FORM = "application/cloudevents-batch+json"
_LINES_FORM = "application/x-ndjson"


def _own(caller: Caller) -> str | None:
    """Return the institution a caller is held to, None for those who see every partner."""
    if {Role.INSTITUTION, Role.DATA_OFFICER}.isdisjoint(caller.roles):
        return None
    return caller.organization or ""


def _documents(content: str, body: bytes) -> Iterator[object]:
    """Yield each event of a body; a line that is no JSON is yielded as None."""
    form = content.partition(";")[0].strip().lower()
    if form in _JSON_FORMS:
        yield _decoded(body)
    elif form == _BATCH_FORM:
        found = _decoded(body)
        yield from found if isinstance(found, list) else [None]
    elif form == _LINES_FORM:
        yield from (_decoded(line) for line in body.splitlines() if line.strip())
    else:
        raise WrongContent(form)


def _decoded(text: bytes) -> object:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


class Signals(Controller):
    """Signals in, and what became of them."""

    tags = ("Signaux",)

    @post("/v1/signals", opt=SEND.opt(), status_code=202, request_max_body_size=INTAKE_BYTES_MAX)
    async def send(self, request: Asking, service: TheService, key: IdempotencyKey = None) -> Items:
        """Take one CloudEvent, a batch or NDJSON; each is kept or refused on its own.

        The same key with the same body is answered the same for a day, and counts once.
        """
        caller = request.user
        if not caller.organization or caller.coordination == EVERY_COORDINATION:
            raise NotAnInstitution
        now = ids.now()
        body = await request.body()
        content = request.headers.get("content-type", "")
        whose = {"institution": caller.organization, "coordination": caller.coordination}
        documents = list(islice(_documents(content, body), EVENTS_MAX + 1))
        if len(documents) > EVENTS_MAX:
            raise TooMany(len(documents), EVENTS_MAX)
        raws = [model.raw_from_http(one, **whose, at=now) for one in documents]
        digest = sha256(content.encode() + b"\n" + body).hexdigest()
        named = intake.Named(**whose, key=key, digest=digest) if key else None
        try:
            return await _received(service, raws, named, now=now)
        except TooFast:
            async with service.write() as connection:
                await note_flood(connection, **whose, now=now)
            raise

    @get("/v1/coordinations/{coordination:str}/signals/{signal_id:uuid}", opt=FOLLOW.opt())
    async def signal(
        self, request: Asking, service: TheService, coordination: str, signal_id: UUID
    ) -> SignalState:
        """Say what became of a signal: kept, accepted, or refused with its reason."""
        async with service.read() as connection:
            row = await reads.signal(
                connection, coordination, signal_id, institution=_own(request.user)
            )
        return SignalState(
            signal_id=str(row.signal_id),
            institution=row.institution,
            status=SignalStatus(row.status),
            code=row.code,
            field=row.field,
            detail=row.detail,
            received_at=row.received_at,
        )

    @get("/v1/coordinations/{coordination:str}/signals", opt=FOLLOW.opt())
    async def recent(
        self,
        request: Asking,
        service: TheService,
        coordination: str,
        limit: Annotated[int, Parameter(ge=1, le=PAGE_MAX)] = 20,
        cursor: UUID | None = None,
    ) -> RecentSignals:
        """Return the latest signals, newest first: what became of each, never its content."""
        async with service.read() as connection:
            rows, more = await reads.recent(
                connection,
                coordination,
                before=cursor,
                most=limit,
                institution=_own(request.user),
            )
        return RecentSignals(
            items=[_recent(row) for row in rows], cursor=str(more) if more else None
        )


async def _received(
    service: TheService,
    raws: Sequence[model.Raw],
    named: intake.Named | None,
    *,
    now: datetime,
) -> Items:
    assert isinstance(service.settings, Settings)
    limits = limits_of(service.settings)
    async with service.write() as connection, connection.transaction():
        known = await intake.answered(connection, named, now=now) if named else None
        if known is not None:
            return known
        if raws:
            whose = raws[0].institution
            await intake.take_whole(connection, whose, len(raws), limits, now=now)
        checked = await commands.receive_signals(connection, raws, now=now, new_id=ids.new_id)
        items = Items(items=[_item(index, one) for index, one in enumerate(checked)])
        if named:
            await intake.keep_answer(connection, named, items)
    return items


def _item(index: int, one: model.Kept | Denied) -> Item:
    hidden = isinstance(one, Denied) and one.erase
    ce_id = one.raw.event.id if one.raw.event and not hidden else None
    if isinstance(one, Denied):
        return Item(
            index=index,
            ce_id=ce_id,
            status=SignalStatus.REFUSED,
            code=one.code,
            field=one.field,
            detail=one.detail,
        )
    return Item(index=index, ce_id=ce_id, status=SignalStatus.KEPT)


def _recent(row: ReceiptRow) -> RecentSignal:
    return RecentSignal(
        institution=row.institution,
        signal_id=str(row.signal_id) if row.signal_id else None,
        kind=row.kind,
        area=row.area,
        status=SignalStatus(row.status),
        code=row.code,
        detail=row.detail,
        received_at=row.received_at,
    )


class PartnerRoutes(Controller):
    """Who takes part in the exchange, and how it goes."""

    tags = ("Partenaires",)

    @post("/v1/partners", opt=ADMIT.opt(), status_code=200)
    async def admit(self, service: TheService, data: JSONBody[AdmitPartner]) -> AdmitPartner:
        """Admit an institution with the public keys of its system; again changes its keys."""
        async with service.write() as connection:
            await joining.admit_partner(connection, data, key_days=key_days(service), now=ids.now())
        return data

    @get("/v1/coordinations/{coordination:str}/partners", opt=FOLLOW.opt())
    async def partners(self, request: Asking, service: TheService, coordination: str) -> Partners:
        """Return the health of every partner; an institution sees its own alone."""
        own = _own(request.user)
        async with service.read() as connection:
            found = await reads.partners(connection, coordination)
        seen = [one for one in found if own is None or one.institution == own]
        return Partners(items=[await _with_lag(service, one) for one in seen])

    @get("/v1/partners/{institution:str}/status", opt=FOLLOW.opt())
    async def status(
        self,
        request: Asking,
        service: TheService,
        institution: str,
        coordination: str | None = None,
    ) -> PartnerStatus:
        """Return the health of one partner in the caller's coordination."""
        caller = request.user
        asked = caller.coordination
        if asked == EVERY_COORDINATION:
            asked = coordination or ""
        own = _own(caller)
        async with service.read() as connection:
            one = await reads.partner(
                connection, asked, institution if own in {None, institution} else ""
            )
            access = await standing.access_of(connection, institution, now=ids.now())
        if own is None and not caller.may_enter(EVERY_COORDINATION):
            shared = [here for here in access.coordinations if here == asked]
            access = msgspec.structs.replace(access, coordinations=shared)
        return await _with_lag(service, msgspec.structs.replace(one, access=access))


async def _with_lag(service: TheService, one: PartnerStatus) -> PartnerStatus:
    if not one.follows or not service.streams.is_up:
        return one
    try:
        durable = durables_of(one.institution)["updates"]
        async with asyncio.timeout(LAG_SECONDS_MAX):
            info = await service.streams.api(f"CONSUMER.INFO.{PUB}.{durable}")
    except (StreamRefusal, Unavailable, TimeoutError):
        return one
    return msgspec.structs.replace(one, lag=info["num_pending"] + info["num_ack_pending"])
