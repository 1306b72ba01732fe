"""Events that services set aside: on one page, by reason, and dealt with as frozen sets."""

import asyncio
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.params import JSONBody, Parameter

from contracts.http.exchange.parked import (
    AskRedrive,
    ChosenEvent,
    ParkedGroups,
    ParkedItem,
    ParkedPage,
    Redrive,
    RedriveLog,
    Service,
)
from contracts.http.upkeep import Verb
from contracts.values import Role
from services.chassis import ids
from services.chassis.http import PAGE_MAX, TheService
from services.chassis.policies import Asking, Policy
from services.exchange.commands import parked as commands
from services.exchange.errors.parked import EditsOneEvent, NothingIsParked
from services.exchange.model.parked import group_of, grouped
from services.exchange.reads import parked as reads
from services.exchange.settings import Settings

SETTLE = Policy("traiter les événements mis de côté", frozenset({Role.OPERATOR, Role.COORDINATOR}))
SET_MAX = 500
PER_REQUEST = 100
"""Events dealt with in one request; the same request again goes on."""
Cursor = Annotated[str, Parameter(pattern="^[a-z]+[.][0-9]{1,18}$")]


def _desks(request: Asking, service: TheService) -> reads.Desks:
    assert isinstance(service.settings, Settings)
    token = request.headers["authorization"]
    settings = service.settings
    return reads.Desks(settings.desks, request.app, token, settings.tls_ca_file)


class Parked(Controller):
    """What could not be handled, all services together."""

    tags = ("Événements mis de côté",)

    @get("/v1/parked", opt=SETTLE.opt())
    async def listed(
        self,
        request: Asking,
        service: TheService,
        limit: Annotated[int, Parameter(ge=1, le=PAGE_MAX)] = 50,
        cursor: Cursor | None = None,
    ) -> ParkedPage:
        """Return events set aside, service by service, oldest first; never their content."""
        desks = _desks(request, service)
        first, _, place = (cursor or "").partition(".")
        asked: list[Service] = list(desks.services)
        if first in asked:
            asked = asked[asked.index(first) :]
        items: list[ParkedItem] = []
        away: list[str] = []
        for name in asked:
            after = int(place) if name == first else 0
            wanted = min(PAGE_MAX, limit + 1 - len(items))
            found = await desks.page(name, after=after, limit=wanted)
            if found is None:
                away.append(name)
            items += found or []
            if len(items) > limit:
                break
        more = items[limit - 1] if len(items) > limit else None
        next_cursor = f"{more.service}.{more.event.n}" if more else None
        return ParkedPage(items=items[:limit], away=away, cursor=next_cursor)

    @get("/v1/parked/groups", opt=SETTLE.opt())
    async def groups(self, request: Asking, service: TheService) -> ParkedGroups:
        """Return how many events are set aside, by service, consumer, type and reason."""
        desks = _desks(request, service)
        pages = await asyncio.gather(*map(desks.all_of, desks.services))
        heard = dict(zip(desks.services, pages, strict=True))
        return ParkedGroups(
            items=grouped(item for page in pages for item in page or []),
            away=[name for name, page in heard.items() if page is None],
        )

    @post("/v1/parked/redrive", opt=SETTLE.opt(), status_code=200)
    async def redrive(
        self, request: Asking, service: TheService, data: JSONBody[AskRedrive]
    ) -> Redrive:
        """Freeze a set of events and deal with it, in order; the same `id` again goes on.

        Each is tried again, dropped, or replaced by another event that cites it; those of its
        aggregate that wait behind it follow. Who and why are kept.
        """
        desks = _desks(request, service)
        async with service.read() as connection:
            is_known = await reads.is_frozen(connection, data.id)
        if not is_known:
            events = data.events or await _of_group(desks, data)
            _must_edit_one(data, events)
            async with service.write() as connection:
                who = request.user.sub
                await commands.freeze(connection, data, events, who=who, now=ids.now())
        async with service.read() as connection:
            row = await reads.frozen(connection, data.id)
            left = [
                msgspec.convert(one, ChosenEvent, from_attributes=True)
                for one in (await reads.redrive(connection, data.id)).items
                if one.outcome is None
            ]
        done: set[ChosenEvent] = set()
        for event in left[:PER_REQUEST]:
            if event in done:
                continue
            settled = await desks.settle(event, row=row)
            async with service.write() as connection:
                await commands.note(connection, data.id, event, settled, now=ids.now())
            done |= {
                msgspec.structs.replace(event, event_id=one.event_id)
                for one in settled
                if one.state != "parked"
            }
        async with service.read() as connection:
            return await reads.redrive(connection, data.id)

    @get("/v1/parked/redrives/{redrive_id:uuid}", opt=SETTLE.opt())
    async def one(self, service: TheService, redrive_id: UUID) -> Redrive:
        """Return a set, how far it is, and what became of each of its events."""
        async with service.read() as connection:
            return await reads.redrive(connection, redrive_id)

    @get("/v1/parked/redrives", opt=SETTLE.opt())
    async def log(
        self,
        service: TheService,
        limit: Annotated[int, Parameter(ge=1, le=PAGE_MAX)] = 50,
        cursor: datetime | None = None,
    ) -> RedriveLog:
        """Return who dealt with which sets and why, latest first."""
        async with service.read() as connection:
            lines, more = await reads.log(connection, before=cursor, most=limit)
        return RedriveLog(items=lines, cursor=more.isoformat() if more else None)


async def _of_group(desks: reads.Desks, asked: AskRedrive) -> list[ChosenEvent]:
    assert asked.group is not None, "the contract asks for events or a group"
    items = await desks.all_of(asked.group.service) or []
    chosen = [
        ChosenEvent(
            service=item.service, consumer=item.event.consumer, event_id=item.event.event_id
        )
        for item in items
        if group_of(item) == asked.group
    ]
    if not chosen:
        raise NothingIsParked
    return chosen[:SET_MAX]


def _must_edit_one(asked: AskRedrive, events: list[ChosenEvent]) -> None:
    """Refuse a text that replaces several events, none, or that is no JSON."""
    if asked.verb is not Verb.EDIT and asked.edited is None:
        return
    try:
        edited: Any = msgspec.json.decode(asked.edited or "")
    except msgspec.DecodeError:
        raise EditsOneEvent from None
    if asked.verb is not Verb.EDIT or len(events) != 1 or not isinstance(edited, dict):
        raise EditsOneEvent
