"""The posting lane: many callers, one writer, and whatever dies under it."""

import asyncio
import json
from collections import Counter
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest
from msgspec import convert

from contracts.http.funding import TRANSFERS_MAX, TransferAsked
from contracts.verify.ledger import Audited, audit
from infra.devservers.postgres import Postgres
from services.chassis import ids, migrate
from services.chassis.errors import Unavailable
from services.funding import commands, store
from services.funding.lane import Lane
from tests.integration.funding.conftest import World


async def audited(world) -> Audited:
    found = audit((await world.journal()).splitlines())
    assert isinstance(found, Audited), found
    return found


async def until_one_waits(connection):
    """Wait for another session of this database to wait for a lock."""
    waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"
    async with asyncio.timeout(10):
        while not await connection.fetchval(waits):  # Nothing tells it.
            await asyncio.sleep(0)


async def test_of_fifty_clients_on_an_envelope_for_ten_exactly_ten_are_served(world):
    await world.reach("available", 1_000)

    answers = await asyncio.gather(*(world.do("earmark", 100) for _ in range(50)))

    told = Counter((answer["status"], answer["code"]) for answer in answers)
    assert told == {("posted", None): 10, ("refused", "E_FUNDS"): 40}
    assert await world.stages() == {"earmarked": 1_000}
    await audited(world)


async def test_callers_who_wait_together_share_a_block(world):
    await asyncio.gather(*(world.must("pledge", 1) for _ in range(60)))

    found = await audited(world)

    assert found.transfers == 60
    assert found.blocks < 60


async def test_two_processes_on_one_ledger_keep_one_chain(start_another, make_world, database_url):
    other = await start_another(database_url)
    world = await make_world()
    twin = World(other, world.headers)
    twin.coordination = world.coordination
    await world.reach("available", 1_000)

    tasks = [(world, twin)[number % 2].do("earmark", 100) for number in range(50)]
    answers = await asyncio.gather(*tasks, return_exceptions=True)  # Some are told to come back.
    served = [one for one in answers if isinstance(one, dict) and one["status"] == "posted"]

    assert 0 < len(served) <= 10
    assert (await world.stages())["earmarked"] == 100 * len(served)
    while (await twin.do("earmark", 100))["status"] == "posted":
        pass
    assert await world.stages() == {"earmarked": 1_000}
    await audited(world)


async def test_a_writer_whose_reading_is_old_is_fenced_and_records_nothing(world, pool):
    acts = [convert(world.act("pledge", cents), TransferAsked) for cents in (7, 100)]

    async with pool.acquire() as first, pool.acquire() as second:
        async with first.transaction():
            await commands.post(
                first, world.coordination, acts[:1], now=ids.now(), new_id=ids.new_id
            )
            late = asyncio.ensure_future(
                commands.post(
                    second, world.coordination, acts[1:], now=ids.now(), new_id=ids.new_id
                )
            )
            await until_one_waits(first)
        with pytest.raises(store.Fenced):
            await late

    assert await world.stages() == {"promised": 7}


async def test_a_lane_overtaken_by_another_process_reads_again_and_posts(world, pool):
    acts = [convert(world.act("pledge", cents), TransferAsked) for cents in (100, 7)]
    async with pool.acquire() as other, other.transaction():
        await commands.post(other, world.coordination, acts[:1], now=ids.now(), new_id=ids.new_id)
        waiting = asyncio.ensure_future(world.running.lane.post(world.coordination, acts))
        await until_one_waits(other)

    assert [one.status for one in await waiting] == ["exists", "posted"]
    assert (await audited(world)).blocks == 2


async def test_an_act_that_makes_the_database_fail_fails_its_caller_alone(
    make_database, start_another, make_world
):
    url = await make_database("funding")
    connection = await asyncpg.connect(url)
    await connection.execute("ALTER TABLE transfers ADD CHECK (amount_cents <> 666)")
    await connection.close()
    running = await start_another(url)
    world = await make_world(running)

    async def send(cents):
        answer = await running.client.post(
            world.address("transfers"), json=[world.act("pledge", cents)], headers=world.headers
        )
        return answer.status_code

    statuses = await asyncio.gather(*(send(cents) for cents in (1, 2, 666, 3, 4)))

    assert statuses == [200, 200, 500, 200, 200]
    assert await world.stages() == {"promised": 10}


async def test_a_lane_that_is_full_tells_its_callers_to_come_back():
    lane = Lane(transfers_max=2, ledgers_max=1)
    waiting = asyncio.ensure_future(lane.post("sicoval", [None, None]))
    await asyncio.sleep(0)

    with pytest.raises(Unavailable, match="2 actes attendent"):
        await lane.post("sicoval", [None])

    waiting.cancel()


async def test_a_full_lane_is_a_503_that_says_when_to_come_back(world, start_another, database_url):
    other = await start_another(database_url, lane_transfers_max=TRANSFERS_MAX)
    half = [world.act("pledge", 1) for _ in range(TRANSFERS_MAX // 2 + 1)]

    def post():
        return other.client.post(world.address("transfers"), json=half, headers=world.headers)

    answers = await asyncio.gather(post(), post())

    assert sorted(answer.status_code for answer in answers) == [200, 503]
    refused = max(answers, key=lambda answer: answer.status_code)
    assert refused.headers["retry-after"] == "2"
    assert (await post()).status_code == 200  # What was answered waits no more.


async def test_callers_of_a_lane_that_stops_are_told_to_come_back(
    start_another, database_url, world, pool
):
    other = await start_another(database_url)
    acts = [convert(world.act("pledge", 100), TransferAsked)]
    async with pool.acquire() as holder, holder.transaction():
        await holder.execute("LOCK TABLE blocks IN ACCESS EXCLUSIVE MODE")
        waiting = asyncio.ensure_future(other.lane.post(world.coordination, acts))
        await until_one_waits(holder)
        await other.stop()

        with pytest.raises(Unavailable):
            await waiting

    assert await world.stages() == {}


@asynccontextmanager
async def own_server(ground):
    """A PostgreSQL that this test alone may kill."""
    server = Postgres(ground / f"mortal-{uuid4().hex[:8]}", system_folder=ground / "system")
    process = await asyncio.to_thread(server.start)
    await server.ensure_service("funding", "funding")
    url = server.service_url("funding").replace("//funding@", "//funding:funding@")
    connection = await asyncpg.connect(url)
    await migrate.migrate(connection, "services.funding")
    await connection.close()
    try:
        yield server, process, url
    finally:
        await asyncio.to_thread(server.stop)


async def test_a_postgresql_killed_under_the_lane_costs_callers_a_retry_and_nothing_else(
    ground, start_another, make_world
):
    async with own_server(ground) as (server, process, url):
        running = await start_another(url)
        world = await make_world(running)
        await world.reach("available", 100)
        acts = [world.act("earmark", 1) for _ in range(300)]
        answers: dict[str, str] = {}
        interrupted, under_way = [], asyncio.Event()

        async def insist(some_acts):
            """Send acts one after the other, each until it is answered."""
            for act in some_acts:
                while act["id"] not in answers:
                    answer = await running.client.post(
                        world.address("transfers"), json=[act], headers=world.headers
                    )
                    if answer.status_code == 503:
                        interrupted.append(act["id"])
                        await asyncio.sleep(0.05)  # What Retry-After asks, sooner.
                        continue
                    assert answer.status_code == 200, answer.text
                    answers[act["id"]] = answer.json()[0]["status"]
                    if len(answers) == 50:
                        under_way.set()

        async def kill():
            await under_way.wait()
            process.kill()
            await asyncio.to_thread(process.wait)
            await asyncio.to_thread(server.start)

        async with asyncio.timeout(60):
            await asyncio.gather(kill(), *(insist(acts[start::6]) for start in range(6)))

        assert interrupted
        assert Counter(answers.values())["refused"] == 200
        assert await world.stages() == {"earmarked": 100}
        lines = [json.loads(line) for line in (await world.journal()).splitlines()]
        recorded = {one["id"] for one in lines if one["type"] == "transfer"}
        assert {name for name, status in answers.items() if status != "refused"} <= recorded
        await audited(world)


async def test_a_ledger_that_nobody_writes_to_costs_the_lane_nothing(make_world):
    worlds = [await make_world() for _ in range(5)]

    await asyncio.gather(*(one.must("pledge", 1) for one in worlds for _ in range(20)))

    lane = worlds[0].running.lane
    async with asyncio.timeout(10):
        while lane._callers:  # The last answer leaves just before its ledger does.
            await asyncio.sleep(0)
    assert (lane._waiting, lane._ready.qsize()) == (0, 0)


async def test_what_waits_alone_takes_its_turn_and_fails_its_caller_alone(world):
    lane, seen = world.running.lane, []

    async def work(connection):
        seen.append(await connection.fetchval("SELECT 1"))

    async def bad(_connection):
        raise ZeroDivisionError

    done = await asyncio.gather(
        world.do("pledge", 1),
        lane.alone(world.coordination, work),
        lane.alone(world.coordination, bad),
        world.do("pledge", 1),
        return_exceptions=True,
    )

    assert seen == [1]
    assert isinstance(done[2], ZeroDivisionError)
    assert await world.stages() == {"promised": 2}


async def test_a_full_lane_takes_no_closing_either():
    lane = Lane(transfers_max=1, ledgers_max=1)
    waiting = asyncio.ensure_future(lane.post("sicoval", [None]))
    await asyncio.sleep(0)

    with pytest.raises(Unavailable, match="1 actes attendent"):
        await lane.alone("sicoval", None)

    waiting.cancel()
