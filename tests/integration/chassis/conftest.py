"""What the tests of the chassis share: a client per user, facts to commit, a stream read back."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import asyncpg
import pytest

from contracts.envelope import Event
from contracts.events.roadmap import ActionCategory, ActionProposed
from contracts.streams import stream_of
from services.chassis import consumer, ids, outbox, relay, streams
from services.chassis.streams import Streams
from tests.integration.conftest import COORDINATION, Bus

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
STREAM = stream_of("roadmap")
OpenStreams = Callable[..., Awaitable[Streams]]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    """Pauses between tries are for production's logs; here they are only waited for."""
    for module in (consumer, relay, streams):
        monkeypatch.setattr(module, "RETRY_SECONDS", 0.02)


@pytest.fixture
async def open_streams(bus: Bus) -> AsyncIterator[OpenStreams]:
    """Return a function that connects as a user of the bus; all are closed at the end."""
    opened: list[Streams] = []

    async def open_as(user: str) -> Streams:
        client = Streams(url=bus.url, seed=bus.seeds[user], name=user)
        opened.append(client)
        await client.start()
        await asyncio.wait_for(client.connected(), 5)
        return client

    yield open_as
    for client in opened:
        await client.stop()


def proposed(action: str, *, title: str = "Ouvrir un lieu", number: int = 1) -> ActionProposed:
    return ActionProposed(
        coordination=COORDINATION,
        action=action,
        number=number,
        title=title,
        category=ActionCategory.ASSIST,
        budget_cents=0,
    )


async def put(connection: asyncpg.Connection, *facts: ActionProposed) -> None:
    """Append facts in the caller's transaction, their aggregates locked as the outbox asks."""
    for aggregate in sorted({fact.aggregate for fact in facts}):
        await connection.execute("SELECT pg_advisory_xact_lock(hashtext($1))", aggregate)
    await outbox.put(connection, facts, source="urn:ctin:test", now=NOON, new_id=ids.new_id)


async def commit(connection: asyncpg.Connection, *facts: ActionProposed) -> None:
    async with connection.transaction():
        await put(connection, *facts)


async def stored(client: Streams, stream: str = STREAM) -> list[dict[str, str]]:
    """Return the headers of every message of a stream, in its order."""
    state = (await client.api(f"STREAM.INFO.{stream}"))["state"]
    found = []
    for seq in range(max(1, state["first_seq"]), state["last_seq"] + 1):
        message = (await client.api(f"STREAM.MSG.GET.{stream}", {"seq": seq}))["message"]
        lines = base64.b64decode(message.get("hdrs", "")).decode().split("\r\n")[1:]
        found.append(dict(line.split(": ", 1) for line in lines if ": " in line))
    return found


async def publish(client: Streams, aggregate: str, version: int, **over: object) -> int:
    """Put one event into the stream of roadmap, as its relay would, and return its sequence."""
    event = Event(
        **{
            "id": f"{aggregate}-{version}",
            "source": "urn:ctin:test",
            "type": ActionProposed.TYPE,
            "time": NOON,
            "data": b"{}",
            "subject": aggregate,
            "sequence": str(version),
            **over,
        }
    )
    subject = f"evt.roadmap.{COORDINATION}._all.action_proposed.v1"
    return await client.publish(streams.Message(subject, event.data, event.headers()))
