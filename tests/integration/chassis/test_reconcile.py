"""What a stream lost comes back under the same identifiers, and nobody has it twice."""

import asyncio
from contextlib import asynccontextmanager, suppress

import asyncpg
import pytest

from contracts.events.roadmap import ActionProposed
from services.chassis import ids
from services.chassis.consumer import Consumer, Source
from services.chassis.reconcile import reconcile
from services.chassis.relay import Relay
from tests.integration.chassis.conftest import STREAM, commit, proposed, stored
from tests.integration.conftest import until

FACTS = 40


class Ground:
    """A service that told facts, its relay, one that follows it, and an administrator."""

    async def commit(self, count: int) -> None:
        for number in range(count):
            await commit(self.connection, proposed(f"a{number % 5}"))

    async def told(self) -> list[str]:
        rows = await self.connection.fetch("SELECT event_id FROM ev ORDER BY seq")
        return [str(row["event_id"]) for row in rows]

    async def in_stream(self) -> list[str]:
        return [one["ce-id"] for one in await stored_but_gaps(self.admin)]

    async def all_out(self) -> bool:
        return await self.own.fetchval("SELECT count(*) FROM ev_pending") == 0

    async def state(self) -> dict:
        return (await self.admin.api(f"STREAM.INFO.{STREAM}"))["state"]

    async def effects(self) -> list[str]:
        return [row["id"] for row in await self.pool.fetch("SELECT id FROM effects ORDER BY n")]

    async def round(self):
        """Do one round and wait until what it found missing is out."""
        async with self.own.acquire() as connection:
            found = await reconcile("roadmap", self.relay, connection, self.roadmap)
        await until(self.all_out)
        return found


async def stored_but_gaps(admin) -> list[dict[str, str]]:
    """Return the headers of every message that is there, whatever is not."""
    state = (await admin.api(f"STREAM.INFO.{STREAM}"))["state"]
    if not state.get("num_deleted"):
        return await stored(admin)
    config = {"durable_name": f"look-{ids.new_id()}", "ack_policy": "none", "headers_only": True}
    await admin.ensure_consumer(STREAM, config)
    found = await admin.pull(STREAM, config["durable_name"], most=500, seconds=1)
    return [one.headers for one in found]


@pytest.fixture
async def damaged_ground(bus, make_settings, open_streams):
    it = Ground()
    it.bus = bus
    settings = await make_settings("roadmap")
    it.roadmap, it.admin = await open_streams("roadmap"), await open_streams("admin")
    funding = await open_streams("funding")
    it.connection = await asyncpg.connect(settings.database_url)
    it.own = await asyncpg.create_pool(settings.database_url, min_size=1, max_size=2)
    other = await make_settings("funding")
    it.pool = await asyncpg.create_pool(other.database_url, min_size=1, max_size=4)
    await it.pool.execute("CREATE TABLE effects (id text, n int GENERATED ALWAYS AS IDENTITY)")

    async def note(connection, run):
        for one in run:
            await connection.execute("INSERT INTO effects VALUES ($1)", one.event.id)

    source = Source(
        stream=STREAM, subjects=("evt.roadmap.>",), handlers={ActionProposed.TYPE: note}
    )
    it.relay = Relay("roadmap", settings, it.roadmap)
    it.consumer = Consumer("funding", source, streams=funding, write=it.pool.acquire)

    @asynccontextmanager
    async def running(*works):
        tasks = [asyncio.create_task(one.run()) for one in works]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async with running(it.relay, it.consumer):
        await it.commit(FACTS)
        await until(it.all_out)

        async def followed():
            return len(await it.effects()) == FACTS

        await until(followed)
        yield it
    await it.pool.close()
    await it.own.close()
    await it.connection.close()


async def test_a_whole_stream_is_found_whole_even_while_facts_are_told(damaged_ground):
    """Negative control: nothing is missing, so nothing is published again."""
    writing = asyncio.create_task(damaged_ground.commit(60))
    rounds = [await damaged_ground.round() for _ in range(3)]
    await writing
    await until(damaged_ground.all_out)
    assert [(one.missing, one.doubled, one.strangers) for one in rounds] == [(0, 0, 0)] * 3
    assert await damaged_ground.in_stream() == await damaged_ground.told()


async def test_messages_that_were_deleted_come_back_once_and_no_effect_doubles(damaged_ground):
    before = await damaged_ground.told()
    for seq in (1, 5, 17, FACTS):
        await damaged_ground.admin.api(f"STREAM.MSG.DELETE.{STREAM}", {"seq": seq})
    await asyncio.to_thread(damaged_ground.bus.restart)
    await until(lambda: damaged_ground.roadmap.is_up and damaged_ground.admin.is_up)
    await until(lambda: damaged_ground.relay.trouble is None)

    found = await damaged_ground.round()

    assert (found.missing, found.found) == (4, FACTS - 4)
    assert sorted(await damaged_ground.in_stream()) == sorted(before)
    again = await damaged_ground.round()
    assert (again.missing, again.found, again.doubled) == (0, FACTS, 0)
    await damaged_ground.commit(1)
    expected = await damaged_ground.told()

    async def has_the_new_one():
        return (await damaged_ground.effects())[-1] == expected[-1]

    await until(has_the_new_one)
    assert await damaged_ground.effects() == expected, "each had its effect once, in order"


async def test_what_the_server_still_knows_stops_neither_the_relay_nor_the_round(damaged_ground):
    """Deleted while the server runs: it takes the identifier for a repetition for ten minutes."""
    for seq in (3, 4):
        await damaged_ground.admin.api(f"STREAM.MSG.DELETE.{STREAM}", {"seq": seq})
    await damaged_ground.commit(3)
    assert (await damaged_ground.round()).missing == 2
    await damaged_ground.commit(3)
    await until(damaged_ground.all_out)
    told = await damaged_ground.told()
    assert set(told) - set(await damaged_ground.in_stream()) == set(told[2:4])
    assert (await damaged_ground.round()).missing == 2, "they are not forgotten"


async def test_a_flipped_bit_in_a_stream_file_loses_nothing_in_the_end(damaged_ground):
    before = await damaged_ground.told()
    damaged_ground.bus.kill()
    (block,) = (damaged_ground.bus.server.folder / "streams").rglob(f"{STREAM}/msgs/1.blk")
    damaged = bytearray(block.read_bytes())
    damaged[len(damaged) // 2] ^= 0b100
    block.write_bytes(damaged)
    for index in block.parent.glob("index.db"):
        index.unlink()  # What a server that was cut does not have either: it reads the blocks.
    await asyncio.to_thread(damaged_ground.bus.start)
    await until(lambda: damaged_ground.roadmap.is_up and damaged_ground.admin.is_up)
    await until(lambda: damaged_ground.relay.trouble is None)
    lost = FACTS - len(set(await damaged_ground.in_stream()))
    assert lost > 0, "the flip cost messages, in silence"

    found = await damaged_ground.round()

    assert found.missing == lost
    assert sorted(await damaged_ground.in_stream()) == sorted(before)
    assert await damaged_ground.effects() == before
    assert (await damaged_ground.round()).missing == 0


@pytest.mark.parametrize("by", ["reconciler", "next-fact"])
async def test_a_deleted_stream_is_made_again_with_the_same_ids_and_ends_where_it_did(
    damaged_ground, by
):
    before = await damaged_ground.told()
    await damaged_ground.admin.api(f"STREAM.DELETE.{STREAM}")

    if by == "next-fact":
        await damaged_ground.commit(1)
    else:
        await damaged_ground.round()
    await until(damaged_ground.all_out)

    expected = await damaged_ground.told()
    assert await damaged_ground.in_stream() == expected
    state = await damaged_ground.state()
    assert (state["first_seq"], state["last_seq"]) == (1, len(expected))

    async def followed():
        return len(await damaged_ground.effects()) == len(expected)

    await damaged_ground.commit(2)
    expected = await damaged_ground.told()
    await until(followed)
    assert await damaged_ground.effects() == expected
    assert before == expected[: len(before)]


async def test_a_stream_that_held_more_than_its_facts_still_ends_where_it_did(damaged_ground):
    """Who follows by numbers would else pass over as many new facts as there were too many."""
    for seq in (2, 3):
        await damaged_ground.admin.api(f"STREAM.MSG.DELETE.{STREAM}", {"seq": seq})
    await asyncio.to_thread(damaged_ground.bus.restart)
    await until(lambda: damaged_ground.roadmap.is_up and damaged_ground.admin.is_up)
    await until(lambda: damaged_ground.relay.trouble is None)
    await damaged_ground.round()
    assert (await damaged_ground.state())["last_seq"] == FACTS + 2
    await damaged_ground.admin.api(f"STREAM.DELETE.{STREAM}")

    await damaged_ground.round()

    state = await damaged_ground.state()
    assert (state["first_seq"], state["last_seq"]) == (3, FACTS + 2)
    assert await damaged_ground.in_stream() == await damaged_ground.told()
