"""The doors the demonstration uses: the services' HTTP routes, and the exchange by NATS."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urlencode

import httpx
import msgspec

from contracts.envelope import Event
from contracts.partner import credentials
from contracts.partner.cli import slices
from contracts.partner.client import BATCH_MAX, Partner
from infra.cli.environment import Ports

WAIT_SECONDS_MAX = 30.0


class DemonstrationFailed(RuntimeError):
    """A step was refused or never had its effect; the message says which."""


class Doors:
    """The services' HTTP doors, for an operator; `here` starts the coordination's own routes."""

    def __init__(self, client: httpx.AsyncClient, ports: Ports, coordination: str) -> None:
        self._client, self._ports, self._coordination = client, ports, coordination
        self.here = f"/v1/coordinations/{coordination}"

    async def upload(self, service: str, path: str, table: str) -> Any:
        """Send a CSV file and return what became of its rows."""
        return await self._send("POST", service, path, table.encode(), "text/csv")

    async def _ask(self, verb: str, service: str, path: str, body: object) -> Any:
        content = None if body is None else msgspec.json.encode(body)
        return await self._send(verb, service, path, content, "application/json")

    async def _send(
        self, verb: str, service: str, path: str, content: bytes | None, kind: str
    ) -> Any:
        answer = await self._client.request(
            verb,
            f"{self._ports.url(service)}{path}",
            content=content,
            headers={"Content-Type": kind},
        )
        if not answer.is_success:
            raise DemonstrationFailed(f"{service}{path} : {answer.text[:500]}")
        return answer.json()

    async def get(self, service: str, path: str) -> Any:
        """Return what a route answers."""
        return await self._ask("GET", service, path, None)

    async def post(self, service: str, path: str, body: object) -> Any:
        """Send a body and return the answer."""
        return await self._ask("POST", service, path, body)

    async def put(self, service: str, path: str, body: object) -> Any:
        """Write what a route names and return the answer."""
        return await self._ask("PUT", service, path, body)

    async def rights_in_force(self, institution: str) -> bool:
        """Tell whether NATS lets an institution do here what it may."""
        here = {"coordination": self._coordination}
        path = f"/v1/partners/{institution}/status?{urlencode(here)}"
        access = (await self.get("exchange", path))["access"]
        return bool(access["in_force"] and self._coordination in access["coordinations"])


async def until(holds: Callable[[], Awaitable[bool]], what: str) -> None:
    """Ask again and again until it holds: facts travel from one service to another."""
    try:
        async with asyncio.timeout(WAIT_SECONDS_MAX):
            while not await holds():  # noqa: ASYNC110  # Nobody tells us: we ask.
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise DemonstrationFailed(f"Toujours en attente : {what}.") from None


async def send(own: credentials.Credentials, events: Sequence[Event]) -> tuple[int, int]:
    """Publish events, wait for every answer, and return how many were accepted and refused."""
    awaited: set[int] = set()
    accepted = refused = 0
    async with Partner(own) as partner, asyncio.timeout(WAIT_SECONDS_MAX):
        for batch in slices(events, BATCH_MAX):
            awaited |= {one.in_seq for one in await partner.publish(batch)}
        while awaited:
            for event, _, message in await partner.read(own.durables.answers, seconds=1.0):
                told = msgspec.json.decode(event.data)
                for answer in told.get("answers", [told]):
                    if answer["in_seq"] in awaited:
                        awaited.discard(answer["in_seq"])
                        refused += answer.get("code") is not None
                        accepted += answer.get("code") is None
                await partner.done(message)
    return accepted, refused
