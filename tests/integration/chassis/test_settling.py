"""Events set aside: dealt with in order, each once, and those behind the culprit follow it."""

import asyncio
from collections.abc import Sequence
from contextlib import asynccontextmanager, suppress

import asyncpg
import pytest

from contracts.events.roadmap import ActionProposed
from contracts.http.upkeep import Settle, Verb
from services.chassis.consumer import Consumer, Delivery, Source
from services.chassis.relay import stream_config
from tests.integration.chassis.conftest import STREAM, publish
from tests.integration.conftest import COORDINATION, until

DURABLE = "funding-evt_roadmap"


class Ground:
    """A consumer with a table of effects, and a fault that a test puts in and takes out."""

    def __init__(self, pool: asyncpg.Pool, roadmap) -> None:
        self.pool, self.roadmap = pool, roadmap
        self.faulty = {"a-2"}

    async def note(self, connection, run: Sequence[Delivery]) -> None:
        for one in run:
            if one.event.id in self.faulty or one.event.data == b'"poison"':
                raise ValueError("cette valeur est impossible")
            cause = one.event.causationid
            await connection.execute("INSERT INTO effects VALUES ($1)", cause or one.event.id)

    async def effects(self) -> list[str]:
        return [row["id"] for row in await self.pool.fetch("SELECT id FROM effects ORDER BY n")]

    async def parked(self) -> list[str]:
        query = "SELECT event_id FROM parked WHERE state = 'parked' ORDER BY n"
        return [row["event_id"] for row in await self.pool.fetch(query)]


@pytest.fixture
async def ground_of_parking(make_settings, open_streams):
    settings = await make_settings()
    roadmap, funding = await open_streams("roadmap"), await open_streams("funding")
    await roadmap.ensure_stream(stream_config("roadmap", replicas=1))
    pool = await asyncpg.create_pool(settings.database_url, min_size=1, max_size=4)
    await pool.execute("CREATE TABLE effects (id text, n int GENERATED ALWAYS AS IDENTITY)")
    it = Ground(pool, roadmap)
    source = Source(
        stream=STREAM, subjects=("evt.roadmap.>",), handlers={ActionProposed.TYPE: it.note}
    )
    it.consumer = Consumer("funding", source, streams=funding, write=pool.acquire)

    @asynccontextmanager
    async def consuming():
        task = asyncio.create_task(it.consumer.run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async with consuming():
        for version in range(1, 5):
            await publish(roadmap, "a", version)
        await publish(roadmap, "b", 1)
        await until(lambda: it.consumer.handled == 5)
        yield it
    await pool.close()


def asked(event_id: str, verb: Verb = Verb.REDRIVE, **more) -> Settle:
    return Settle(consumer=DURABLE, event_id=event_id, verb=verb, why="panne levée", **more)


async def settle(it: Ground, one: Settle, home: str = "*"):
    found = await it.consumer.settle(one, home=home, told="operator : panne levée")
    return [(row.event_id, row.state) for row in found]


async def test_once_the_fault_is_gone_the_culprit_goes_first_and_those_behind_follow_in_order(
    ground_of_parking,
):
    it = ground_of_parking
    assert (await it.effects(), await it.parked()) == (["a-1", "b-1"], ["a-2", "a-3", "a-4"])
    it.faulty.clear()

    # Asked for the last of them: the first goes first all the same.
    told = await settle(it, asked("a-4"))

    assert told == [("a-2", "redriven"), ("a-3", "redriven"), ("a-4", "redriven")]
    assert await it.effects() == ["a-1", "b-1", "a-2", "a-3", "a-4"]
    await publish(it.roadmap, "a", 5)
    await until(lambda: it.consumer.handled == 6)
    assert (await it.effects())[-1] == "a-5", "nothing waits behind it any more"


async def test_while_the_fault_lasts_nothing_overtakes_the_culprit(ground_of_parking):
    """Negative control: the same request changes nothing, and says why."""
    it = ground_of_parking
    assert await settle(it, asked("a-2")) == [("a-2", "parked")]
    assert await settle(it, asked("a-3")) == [("a-2", "parked")]
    assert await it.effects() == ["a-1", "b-1"]
    row = await it.pool.fetchrow("SELECT attempts, told FROM parked WHERE event_id = 'a-2'")
    assert (row["attempts"], row["told"]) == (3, "operator : panne levée")


async def test_ten_at_once_have_one_effect(ground_of_parking):
    it = ground_of_parking
    it.faulty.clear()
    await asyncio.gather(*(settle(it, asked("a-2")) for _ in range(10)))
    assert await it.effects() == ["a-1", "b-1", "a-2", "a-3", "a-4"]


async def test_what_is_dropped_has_no_effect_and_those_behind_it_follow(ground_of_parking):
    it = ground_of_parking
    told = await settle(it, asked("a-2", Verb.DROP))
    assert told == [("a-2", "dropped"), ("a-3", "redriven"), ("a-4", "redriven")]
    assert await it.effects() == ["a-1", "b-1", "a-3", "a-4"]


async def test_an_edited_event_cites_the_one_it_replaces_and_keeps_its_place(ground_of_parking):
    it = ground_of_parking
    await it.pool.execute("UPDATE parked SET data = '\"poison\"' WHERE event_id = 'a-2'")
    it.faulty.clear()
    assert await settle(it, asked("a-2")) == [("a-2", "parked")]

    told = await settle(it, asked("a-2", Verb.EDIT, edited='{"mended": true}'))

    assert told == [("a-2", "dropped"), ("a-3", "redriven"), ("a-4", "redriven")]
    assert await it.effects() == ["a-1", "b-1", "a-2", "a-3", "a-4"], "it told its cause"


async def test_an_edited_event_that_fails_too_leaves_the_first_where_it_was(ground_of_parking):
    it = ground_of_parking
    it.faulty.clear()
    told = await settle(it, asked("a-2", Verb.EDIT, edited='"poison"'))
    assert told == [("a-2", "parked")]
    assert await it.parked() == ["a-2", "a-3", "a-4"]


async def test_a_coordinator_deals_with_what_is_of_its_coordination_alone(ground_of_parking):
    it = ground_of_parking
    it.faulty.clear()
    assert await settle(it, asked("a-2"), home="ailleurs") == []
    assert await it.effects() == ["a-1", "b-1"]
    assert len(await settle(it, asked("a-2"), home=COORDINATION)) == 3
