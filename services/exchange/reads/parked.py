"""What services set aside, asked of each with the caller's own token, and the sets frozen of it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
import msgspec

from contracts import transport
from contracts.http.exchange.parked import (
    ChosenEvent,
    ParkedItem,
    Redrive,
    RedriveItem,
    RedriveLine,
    Service,
)
from contracts.http.upkeep import ParkedEvent, Settle, Settled, Verb
from services.chassis.database import Connection
from services.exchange.errors.parked import NoSuchRedrive, ServiceIsAway, ServiceRefused
from services.exchange.model.parked import reason_of
from services.exchange.store import parked as store

PATH = "/v1/upkeep/parked"
ANSWER_SECONDS = 10.0
PAGE = 200
SCANNED_MAX = 2_000
"""Events of one service that are put together by reason."""


class Desks:
    """Where each service deals with what it set aside; the exchange's own is in this process."""

    def __init__(
        self, urls: Mapping[Service, str], app: Any, token: str, ca_file: str | None
    ) -> None:
        """Keep where they are, whose token they are shown, and what they are verified by."""
        self._urls, self._app, self._token, self._ca_file = urls, app, token, ca_file
        self.services: tuple[Service, ...] = (*urls, "exchange")

    @asynccontextmanager
    async def _client(self, service: Service) -> AsyncIterator[httpx.AsyncClient]:
        own = service not in self._urls
        async with httpx.AsyncClient(
            base_url=self._urls.get(service, "http://exchange"),
            transport=httpx.ASGITransport(self._app) if own else None,
            headers={"Authorization": self._token},
            timeout=ANSWER_SECONDS,
            trust_env=False,
            verify=transport.trusting(self._ca_file),
        ) as client:
            yield client

    async def page(self, service: Service, *, after: int, limit: int) -> list[ParkedItem] | None:
        """Return what a service set aside after a place, None when it does not answer."""
        try:
            async with self._client(service) as client:
                answer = await client.get(PATH, params={"after": after, "limit": limit})
            answer.raise_for_status()
        except httpx.HTTPError:
            return None
        events = msgspec.json.decode(answer.content, type=list[ParkedEvent])
        return [
            ParkedItem(service=service, reason=reason_of(one.error), event=one) for one in events
        ]

    async def all_of(self, service: Service) -> list[ParkedItem] | None:
        """Return what a service set aside, the oldest 2,000 at most, None when it is away."""
        found: list[ParkedItem] = []
        while len(found) < SCANNED_MAX:
            after = found[-1].event.n if found else 0
            page = await self.page(service, after=after, limit=PAGE)
            if page is None:
                return None
            found += page
            if len(page) < PAGE:
                break
        return found

    async def settle(self, event: ChosenEvent, *, row: store.RedriveRow) -> list[Settled]:
        """Have a service deal with one event, and return what became of it and those behind.

        Raises:
            ServiceIsAway: it does not answer.
            ServiceRefused: it denies it, and says why.
        """
        asked = Settle(
            consumer=event.consumer,
            event_id=event.event_id,
            verb=Verb(row.verb),
            why=row.why,
            edited=row.edited,
        )
        try:
            async with self._client(event.service) as client:
                answer = await client.post(PATH, content=msgspec.json.encode(asked))
        except httpx.HTTPError:
            raise ServiceIsAway(event.service) from None
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise ServiceIsAway(event.service)
        if not answer.is_success:
            raise ServiceRefused(event.service, str(answer.json().get("detail", "")).rstrip("."))
        return msgspec.json.decode(answer.content, type=list[Settled])


async def is_frozen(connection: Connection, redrive_id: UUID) -> bool:
    """Tell whether a set was frozen under an id."""
    return await store.redrive(connection, redrive_id) is not None


async def frozen(connection: Connection, redrive_id: UUID) -> store.RedriveRow:
    """Return who asked what of a set.

    Raises:
        NoSuchRedrive: none was frozen under this id.
    """
    row = await store.redrive(connection, redrive_id)
    if row is None:
        raise NoSuchRedrive(redrive_id)
    return row


async def redrive(connection: Connection, redrive_id: UUID) -> Redrive:
    """Return a set and what became of each of its events.

    Raises:
        NoSuchRedrive: none was frozen under this id.
    """
    row = await frozen(connection, redrive_id)
    items = [
        RedriveItem(
            service=one.service,
            consumer=one.consumer,
            event_id=one.event_id,
            outcome=one.outcome,
            error=one.error,
            behind=one.behind,
        )
        for one in await store.redrive_items(connection, redrive_id)
    ]
    return Redrive(
        id=row.redrive_id,
        verb=Verb(row.verb),
        who=row.who,
        why=row.why,
        asked_at=row.asked_at,
        finished_at=row.finished_at,
        left=sum(one.outcome is None for one in items),
        items=items,
    )


async def log(
    connection: Connection, *, before: datetime | None, most: int
) -> tuple[list[RedriveLine], datetime | None]:
    """Return who dealt with what, latest first, and where to go on from."""
    rows = await store.redrive_log(connection, before=before, most=most + 1)
    lines = [
        RedriveLine(
            id=row.redrive_id,
            verb=Verb(row.verb),
            who=row.who,
            why=row.why,
            asked_at=row.asked_at,
            finished_at=row.finished_at,
            events=row.events,
        )
        for row in rows[:most]
    ]
    return lines, rows[most - 1].asked_at if len(rows) > most else None
