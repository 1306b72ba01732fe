"""The relay: every committed fact once and in order, whatever stops meanwhile."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from typing import ClassVar

import asyncpg
import msgspec
import pytest

from contracts.events.roadmap import ActionProposed
from contracts.streams import ANSWERS, PUB
from services.chassis import database, outbox, relay
from services.chassis.errors import Unavailable
from services.chassis.relay import Relay
from services.chassis.streams import WRONG_LAST_SEQUENCE, Message, StreamRefusal
from tests.integration.chassis.conftest import STREAM, commit, proposed, put, stored
from tests.integration.conftest import until

WRITERS, TRANSACTIONS, AGGREGATES = 4, 60, 5
CANCELS, KILLS = 40, 3


class Careless(Relay):
    """The mutant: resends an open claim without asking the stream whether it is in already."""

    async def _lead(self):
        connection = await database.open_connection(self._settings, name="careless")
        try:
            await self.ensure_stream(connection)
            rows = await connection.fetch(database.SQL["open_claim"], self.answers)
            await self._publish_for_ever(connection, rows, 0)
        finally:
            connection.terminate()


def without(*headers: str) -> Callable[..., list[Message]]:
    """Return the relay's own messages, without some of their headers."""
    original = relay._messages

    def stripped(*arguments):
        found = original(*arguments)
        for message in found:
            for header in headers:
                message.headers.pop(header, None)
        return found

    return stripped


def violations(found: list[dict[str, str]], committed: list[str]) -> list[str]:
    """Return what is wrong with a stream: a fact missing, foreign, twice, or out of order."""
    seen = [one["ce-id"] for one in found]
    wrong = [f"twice {one}" for one in set(seen) if seen.count(one) > 1]
    wrong += [f"missing {one}" for one in set(committed) - set(seen)]
    wrong += [f"never committed {one}" for one in set(seen) - set(committed)]
    versions: dict[str, int] = {}
    for one in found:
        version, former = int(one["ce-sequence"]), versions.get(one["ce-subject"], 0)
        if version != former + 1:
            wrong.append(f"{one['ce-subject']}: {version} after {former}")
        versions[one["ce-subject"]] = version
    return wrong


@asynccontextmanager
async def running(one: Relay) -> AsyncIterator[asyncio.Task]:
    task = asyncio.create_task(one.run())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class Answered(ActionProposed, frozen=True, kw_only=True):
    """A fact for one institution: the second relay of the exchange carries it to `PUB`."""

    TIER: ClassVar[str] = "out"
    area = "caf-31"


async def write(url: str, chance: random.Random, kind: type[ActionProposed]) -> None:
    connection = await asyncpg.connect(url)
    for _ in range(TRANSACTIONS):
        names = [f"a{chance.randrange(AGGREGATES)}" for _ in range(chance.randint(1, 4))]
        facts = [kind(**msgspec.structs.asdict(proposed(name))) for name in names]
        with suppress(ZeroDivisionError):
            async with connection.transaction():
                await put(connection, *facts)
                await asyncio.sleep(chance.random() * 0.01)
                if chance.random() < 0.15:
                    raise ZeroDivisionError
    await connection.close()


async def suffer(
    bus, settings, streams, make: Callable[[], Relay], seed: int, kind=ActionProposed
) -> list[str]:
    """Commit from several writers under a relay and a server that are killed; return violations."""
    chance = random.Random(seed)
    writers = asyncio.gather(*(write(settings.database_url, chance, kind) for _ in range(WRITERS)))
    kills = sorted(chance.sample(range(5, CANCELS), KILLS))
    for number in range(CANCELS):
        one = make()
        async with running(one):
            await until(lambda one=one: one.trouble is None)
            await asyncio.sleep(chance.random() * 0.03)
        if number in kills:
            async with running(make()):
                bus.kill()
                await asyncio.sleep(chance.random() * 0.03)
                bus.start()
    await writers
    connection = await asyncpg.connect(settings.database_url)
    async with running(make()):
        waiting = "SELECT (SELECT count(*) FROM ev_pending) + (SELECT count(*) FROM ev_claim)"

        async def is_done():
            return await connection.fetchval(waiting) == 0

        await until(is_done)
    committed = [str(row["event_id"]) for row in await connection.fetch("SELECT event_id FROM ev")]
    await connection.close()
    assert len(committed) > WRITERS * TRANSACTIONS, "too few facts for this to prove anything"
    found = await stored(streams, PUB if kind is Answered else STREAM)
    return violations([one for one in found if "ce-id" in one], committed)


@pytest.mark.parametrize("dropped", [(), ("Nats-Msg-Id",)], ids=["deduplicated", "not"])
async def test_every_committed_fact_is_in_the_stream_once_and_in_order_whatever_is_killed(
    bus, make_settings, open_streams, monkeypatch, dropped
):
    """The proof does not rest on deduplication: it holds without the header that asks for it."""
    monkeypatch.setattr(relay, "_messages", without(*dropped))
    seed = random.randrange(10**6)

    settings, streams = await make_settings(), await open_streams("roadmap")

    wrong = await suffer(bus, settings, streams, lambda: Relay("roadmap", settings, streams), seed)

    assert wrong == [], f"seed {seed}"


async def test_every_committed_answer_reaches_the_partners_stream_once_though_others_write_there(
    bus, make_settings, open_streams, monkeypatch
):
    """`PUB` has its sources too, so the fence is on the subjects of answers alone."""
    monkeypatch.setattr(relay, "_messages", without("Nats-Msg-Id"))
    settings, streams = await make_settings("exchange"), await open_streams("exchange")
    roadmap, admin = await open_streams("roadmap"), await open_streams("admin")
    await roadmap.ensure_stream(relay.stream_config("roadmap", replicas=1))
    sources = [{"name": STREAM, "filter_subject": "pub.>"}]
    pub = {"name": PUB, "subjects": [ANSWERS], "sources": sources, "allow_atomic": True}
    await admin.ensure_stream(pub)

    async def others() -> None:
        while True:
            with suppress(Unavailable, StreamRefusal):
                await roadmap.publish(Message("pub.roadmap.x.y.z.v1", b"{}", {}))
            await asyncio.sleep(0.002)

    writing = asyncio.create_task(others())
    seed = random.randrange(10**6)
    one = partial(Relay, "exchange", settings, streams, answers=True)
    wrong = await suffer(bus, settings, streams, one, seed, Answered)
    writing.cancel()

    assert wrong == [], f"seed {seed}"
    assert (await streams.last(PUB, "pub.>"))[0] > 0, "nobody else wrote: this proves nothing"


async def test_a_relay_that_resends_without_looking_is_caught_by_the_same_check(
    bus, make_settings, open_streams, monkeypatch
):
    """Negative control of the test above."""
    monkeypatch.setattr(relay, "_messages", without("Nats-Msg-Id", "Nats-Expected-Last-Sequence"))

    settings, streams = await make_settings(), await open_streams("roadmap")

    wrong = await suffer(bus, settings, streams, lambda: Careless("roadmap", settings, streams), 7)

    assert any(one.startswith("twice") for one in wrong)


async def test_of_two_relays_at_once_one_leads_and_the_other_takes_over(
    make_settings, open_streams
):
    settings, streams = await make_settings(), await open_streams("roadmap")
    first, second = (Relay("roadmap", settings, streams) for _ in range(2))
    connection = await asyncpg.connect(settings.database_url)
    async with AsyncExitStack() as late:
        async with running(first):
            await until(lambda: first.trouble is None)
            await late.enter_async_context(running(second))
            await until(lambda: second.trouble == "un autre relais publie déjà")
            await commit(connection, proposed("a"), proposed("b"))
            await until(lambda: first.published == 2)
        await until(lambda: second.trouble is None)
        await commit(connection, proposed("a"))
        await until(lambda: second.published == 1)
    await connection.close()
    assert [one["ce-sequence"] for one in await stored(streams)] == ["1", "1", "2"]


async def test_a_stale_fence_is_refused_and_the_relay_goes_on_from_the_stream(
    make_settings, open_streams
):
    settings, streams = await make_settings(), await open_streams("roadmap")
    connection = await asyncpg.connect(settings.database_url)
    one = Relay("roadmap", settings, streams)
    async with running(one):
        await commit(connection, proposed("a"))
        await until(lambda: one.published == 1)
        stale = Message("evt.roadmap.x.y.z.v1", b"{}", {"Nats-Expected-Last-Sequence": "0"})
        with pytest.raises(StreamRefusal) as refused:
            await streams.publish(stale)
        stranger = Message("evt.roadmap.x.y.z.v1", b"{}", {"ce-id": "stranger"})
        await streams.publish(stranger)  # The relay's own fence is stale from here.

        await commit(connection, proposed("a"), proposed("b"))
        await until(lambda: one.published == 3)
    await connection.close()
    assert refused.value.code in WRONG_LAST_SEQUENCE
    assert [one.get("ce-sequence") for one in await stored(streams)] == ["1", None, "2", "1"]


async def test_a_relay_whose_connection_to_postgresql_is_cut_resumes(make_settings, open_streams):
    settings, streams = await make_settings(), await open_streams("roadmap")
    connection = await asyncpg.connect(settings.database_url)
    one = Relay("roadmap", settings, streams)
    async with running(one):
        await commit(connection, proposed("a"))
        await until(lambda: one.published == 1)
        cut = await connection.fetchval(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE application_name = 'roadmap-relay' AND datname = current_database()"
        )
        await commit(connection, proposed("a"))
        await until(lambda: one.published == 2)
    await connection.close()
    assert cut == 1
    assert [one["ce-sequence"] for one in await stored(streams)] == ["1", "2"]


async def test_a_stream_deleted_by_an_admin_is_made_again_and_publishing_goes_on(
    bus, make_settings, open_streams
):
    settings, streams = await make_settings(), await open_streams("roadmap")
    connection = await asyncpg.connect(settings.database_url)
    one = Relay("roadmap", settings, streams)
    async with running(one):
        await commit(connection, proposed("a"))
        await until(lambda: one.published == 1)
        bus.kill()
        for folder in (bus.server.folder / "streams").rglob(STREAM):
            folder.rename(bus.server.folder / "lost")
        bus.start()
        await commit(connection, proposed("a"))
        await until(lambda: one.published == 3)  # What was lost with the stream goes out again.
    await connection.close()
    assert [one["ce-sequence"] for one in await stored(streams)] == ["1", "2"]


async def test_a_fact_that_no_message_can_carry_is_refused_before_it_is_committed(
    make_settings, open_streams
):
    settings = await make_settings()
    connection = await asyncpg.connect(settings.database_url)
    with pytest.raises(AssertionError, match="larger than a message"):
        await commit(connection, proposed("a", title="é" * (outbox.DATA_BYTES_MAX // 2)))
    assert await connection.fetchval("SELECT count(*) FROM ev") == 0

    largest = outbox.DATA_BYTES_MAX - len(outbox._ENCODER.encode(proposed("a", title="")))
    streams = await open_streams("roadmap")
    one = Relay("roadmap", settings, streams)
    await commit(connection, proposed("a", title="e" * largest))
    async with running(one):  # The largest admitted does leave.
        await until(lambda: one.published == 1)
    await connection.close()
