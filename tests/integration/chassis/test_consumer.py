"""A consumer: each fact changes the service once, in order, and a bad one stops no other."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import asynccontextmanager, suppress
from types import SimpleNamespace

import asyncpg
import pytest

from contracts import streams as names
from contracts.events.roadmap import ActionProposed, ActionValidated
from services.chassis.consumer import BEHIND, REMOVED, Consumer, Delivery, Source
from services.chassis.database import SQL
from services.chassis.relay import stream_config
from services.chassis.streams import Message, StreamRefusal
from tests.integration.chassis.conftest import STREAM, publish
from tests.integration.conftest import until

DURABLE = "funding-evt_roadmap"
SUBJECTS = ("evt.roadmap.>",)


class Forgetful(Consumer):
    """The mutant: takes what comes, whatever was given and not acknowledged before."""

    async def run(self) -> None:
        config = {
            "durable_name": self.name,
            "filter_subjects": list(SUBJECTS),
            "ack_policy": "all",
            "ack_wait": 30 * 10**9,
        }
        await self._streams.ensure_consumer(STREAM, config)
        while True:
            batch = await self._streams.pull(STREAM, self.name, most=names.BATCH_MAX, seconds=1)
            with suppress(asyncpg.PostgresError, asyncpg.InterfaceError):
                if batch:
                    await self._take(batch)
                    await self._streams.ack_through(batch[-1])


async def note(connection, run: Sequence[Delivery]) -> None:
    """Make the effect: a row per event, and no constraint that would hide a second one."""
    for one in run:
        if one.event.data == b'"poison"':
            raise ValueError("cette valeur est impossible")
        await connection.execute("INSERT INTO effects VALUES ($1)", one.event.id)


# Refused at the door, the bare client leaves its socket to the collector.
LEAKS = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
async def ground_of_funding(bus, make_settings, open_streams):
    """A database, two clients and the stream; `consume` runs a consumer, `effects` reads them."""
    settings = await make_settings()
    roadmap, funding = await open_streams("roadmap"), await open_streams("funding")
    await roadmap.ensure_stream(stream_config("roadmap", replicas=1))
    pool = await asyncpg.create_pool(settings.database_url, min_size=1, max_size=4)
    await pool.execute("CREATE TABLE effects (id text, n int GENERATED ALWAYS AS IDENTITY)")

    @asynccontextmanager
    async def consume(
        handlers=None, kind: type[Consumer] = Consumer, ack: Callable | None = None, **over
    ):
        source = Source(
            stream=STREAM,
            subjects=SUBJECTS,
            handlers=handlers or {ActionProposed.TYPE: note},
            **over,
        )
        one = kind("funding", source, streams=funding, write=pool.acquire)
        if ack:
            one._streams = SimpleNamespace(
                connected=funding.connected,
                pull=funding.pull,
                ensure_consumer=funding.ensure_consumer,
                ack_through=ack,
            )
        task = asyncio.create_task(one.run())
        try:
            yield one
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def effects() -> list[str]:
        return [row["id"] for row in await pool.fetch("SELECT id FROM effects ORDER BY n")]

    async def parked() -> dict[str, asyncpg.Record]:
        return {row["event_id"]: row for row in await pool.fetch("SELECT * FROM parked")}

    async def acknowledged() -> bool:
        last = (await roadmap.api(f"STREAM.INFO.{STREAM}"))["state"]["last_seq"]
        with suppress(StreamRefusal):  # The durable may not be there yet.
            info = await funding.api(f"CONSUMER.INFO.{STREAM}.{DURABLE}")
            return info["ack_floor"]["stream_seq"] == last
        return False

    yield SimpleNamespace(
        bus=bus,
        roadmap=roadmap,
        funding=funding,
        pool=pool,
        consume=consume,
        effects=effects,
        parked=parked,
        acknowledged=acknowledged,
    )
    await pool.close()


BLIND_INBOX = "SELECT event_id FROM unnest($2::text[]) AS a (event_id) WHERE $1::text > ''"


@pytest.mark.parametrize(("inbox", "times"), [(None, 1), (BLIND_INBOX, 2)], ids=["inbox", "none"])
async def test_an_event_redelivered_after_a_crash_before_its_acknowledgement_has_one_effect(
    ground_of_funding, monkeypatch, inbox, times
):
    """With an inbox that forgets, the control, the effect doubles."""
    it = ground_of_funding
    if inbox:
        monkeypatch.setitem(SQL, "add_to_inbox", inbox)
    await publish(it.roadmap, "a", 1)
    crashed = asyncio.Event()

    async def crash(_):
        crashed.set()
        await asyncio.Event().wait()

    async with it.consume(ack=crash):
        await asyncio.wait_for(crashed.wait(), 10)
    assert await it.effects() == ["a-1"]

    async with it.consume():
        await until(it.acknowledged)
    assert await it.effects() == ["a-1"] * times


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(Consumer, ["a-1", "a-2", "a-3"]), (Forgetful, ["a-3"])],
    ids=["ours", "mutant"],
)
async def test_what_a_crashed_process_had_been_given_is_handled_by_the_next_before_anything_new(
    ground_of_funding, kind, expected
):
    """One acknowledgement covers all before it: the mutant, the control, loses two events."""
    it = ground_of_funding
    for version in (1, 2):
        await publish(it.roadmap, "a", version)
    given = asyncio.Event()

    async def hang(*_):
        given.set()
        await asyncio.Event().wait()

    async with it.consume({ActionProposed.TYPE: hang}):
        await asyncio.wait_for(given.wait(), 10)
    await publish(it.roadmap, "a", 3)

    async with it.consume(kind=kind):
        await until(it.acknowledged)
    assert await it.effects() == expected


async def test_a_delivery_lost_on_its_way_is_asked_again_before_the_next_is_acknowledged(
    ground_of_funding, monkeypatch
):
    it = ground_of_funding
    await publish(it.roadmap, "a", 1)
    async with it.consume() as one:
        await until(lambda: one.handled == 1)
        # Another pull takes the next one, as a connection that breaks in time would.
        stolen = asyncio.create_task(it.funding.pull(STREAM, DURABLE, most=1, seconds=5))
        for version in range(2, 6):
            await publish(it.roadmap, "a", version)
        await stolen
        await until(it.acknowledged)
    assert await it.effects() == [f"a-{version}" for version in range(1, 6)]


async def test_a_poisonous_event_is_parked_with_its_reason_and_the_others_go_on(ground_of_funding):
    it = ground_of_funding
    await publish(it.roadmap, "a", 1, data=b'"poison"')
    await publish(it.roadmap, "b", 1)

    async with it.consume():
        await until(it.acknowledged)

    (row,) = (await it.parked()).values()
    assert (row["event_id"], row["aggregate"], row["state"]) == ("a-1", "a", "parked")
    assert row["error"] == "ValueError: cette valeur est impossible"
    assert row["data"] == b'"poison"'
    assert await it.effects() == ["b-1"]


async def test_nothing_is_parked_when_nothing_is_poisonous(ground_of_funding):
    """Negative control of the rules about parking."""
    it = ground_of_funding
    await publish(it.roadmap, "a", 1)
    await publish(it.roadmap, "a", 2)
    async with it.consume():
        await until(it.acknowledged)
    assert await it.parked() == {}
    assert await it.effects() == ["a-1", "a-2"]


async def test_later_events_of_a_parked_aggregate_queue_behind_it_whatever_their_type(
    ground_of_funding,
):
    it = ground_of_funding
    await publish(it.roadmap, "a", 1, data=b'"poison"')
    await publish(it.roadmap, "a", 2, type=ActionValidated.TYPE)
    await publish(it.roadmap, "b", 1)
    handlers = {ActionProposed.TYPE: note, ActionValidated.TYPE: note}

    async with it.consume(handlers):
        await until(it.acknowledged)
        await publish(it.roadmap, "a", 3)  # In a batch of its own.
        await publish(it.roadmap, "b", 2)
        await until(it.acknowledged)

    parked = await it.parked()
    assert sorted(parked) == ["a-1", "a-2", "a-3"]
    assert {parked[name]["error"] for name in ("a-2", "a-3")} == {BEHIND}
    assert await it.effects() == ["b-1", "b-2"]


async def test_a_parked_event_about_nothing_holds_back_no_other(ground_of_funding):
    it = ground_of_funding
    await publish(it.roadmap, "a", 1, data=b'"poison"', subject=None)
    await publish(it.roadmap, "a", 2, subject=None)
    async with it.consume():
        await until(it.acknowledged)
    assert list(await it.parked()) == ["a-1"]
    assert await it.effects() == ["a-2"]


async def test_an_event_twice_in_one_batch_has_one_effect(ground_of_funding):
    it = ground_of_funding
    await publish(it.roadmap, "a", 1)
    await publish(it.roadmap, "a", 1)
    async with it.consume():
        await until(it.acknowledged)
    assert await it.effects() == ["a-1"]


async def test_an_unreadable_message_is_parked_under_its_place_with_its_reason(ground_of_funding):
    it = ground_of_funding
    await publish(it.roadmap, "a", 1)
    subject = "evt.roadmap.gers-numerique._all.action_proposed.v1"
    seq = await it.roadmap.publish(Message(subject, b"?", {"ce-specversion": "0.3"}))
    await publish(it.roadmap, "a", 2)

    async with it.consume():
        await until(it.acknowledged)

    (row,) = (await it.parked()).values()
    assert row["event_id"].startswith(f"{seq}-")
    assert row["error"] == "Seule la version 1.0 de CloudEvents est admise."
    assert (row["subject"], row["data"]) == (subject, b"?")
    assert await it.effects() == ["a-1", "a-2"]


async def test_an_argument_that_postgresql_cannot_take_is_poison_and_not_an_outage(
    ground_of_funding,
):
    it = ground_of_funding

    async def overflow(connection, run):
        for one in run:
            number = 2**40 if one.event.subject == "a" else 1
            await connection.execute("INSERT INTO effects VALUES ($1::int::text)", number)

    await publish(it.roadmap, "a", 1)
    await publish(it.roadmap, "b", 1)
    async with it.consume({ActionProposed.TYPE: overflow}):
        await until(it.acknowledged)
    assert list(await it.parked()) == ["a-1"]
    assert await it.effects() == ["1"]


@pytest.mark.parametrize(
    ("kind", "is_kept"), [(Consumer, True), (Forgetful, False)], ids=["ours", "mutant"]
)
async def test_postgresql_cut_in_the_middle_makes_the_whole_batch_wait_and_order_holds(
    ground_of_funding, monkeypatch, kind, is_kept
):
    """The mutant, the control, goes on with the next batch: it loses one."""
    it = ground_of_funding
    monkeypatch.setattr(names, "BATCH_MAX", 2)
    cuts = []

    async def cut_once(connection, run):
        await note(connection, run)
        if not cuts:
            cuts.append(1)
            await it.pool.execute("SELECT pg_terminate_backend($1)", connection.get_server_pid())
            await connection.execute("SELECT 1")

    everything = [f"a-{version}" for version in range(1, 7)]
    for version in range(1, 7):
        await publish(it.roadmap, "a", version)
    async with it.consume({ActionProposed.TYPE: cut_once}, kind=kind):
        await until(it.acknowledged)
    assert cuts
    assert (await it.effects() == everything) is is_kept
    assert await it.parked() == {}


async def test_a_deadlock_is_waited_for_and_never_parked(ground_of_funding):
    it = ground_of_funding
    tries = []

    async def lose_twice(connection, run):
        tries.append(1)
        if len(tries) <= 2:
            raise asyncpg.DeadlockDetectedError("deadlock detected")
        await note(connection, run)

    await publish(it.roadmap, "a", 1)
    async with it.consume({ActionProposed.TYPE: lose_twice}):
        await until(it.acknowledged)
    assert await it.parked() == {}
    assert await it.effects() == ["a-1"]


async def test_event_types_of_which_nothing_is_known_are_passed_over(ground_of_funding):
    it = ground_of_funding
    await publish(it.roadmap, "a", 1, type="fr.ctin.roadmap.something_new.v7")
    await publish(it.roadmap, "a", 2)
    async with it.consume():
        await until(it.acknowledged)
    assert await it.parked() == {}
    assert await it.effects() == ["a-2"]


async def test_personal_data_is_not_kept_in_what_is_parked(ground_of_funding):
    it = ground_of_funding
    email = "jeanne.dupont@exemple.fr"

    async def quote(_, run):
        raise ValueError(run[0].event.data.decode())

    await publish(it.roadmap, "a", 1, data=f'"{email}"'.encode(), causationid=email)
    await publish(it.roadmap, "b", 1, data=b'"rien de personnel"')
    async with it.consume({ActionProposed.TYPE: quote}):
        await until(it.acknowledged)

    parked = await it.parked()
    assert email not in str(parked["a-1"])
    assert (parked["a-1"]["data"], parked["a-1"]["error"]) == (b"", REMOVED)
    assert parked["b-1"]["data"] == b'"rien de personnel"'  # The negative control.


async def test_a_durable_deleted_by_an_admin_is_made_again_and_nothing_is_lost_nor_doubled(
    ground_of_funding, open_streams
):
    it = ground_of_funding
    admin = await open_streams("admin")
    await publish(it.roadmap, "a", 1)
    async with it.consume() as one:
        await until(lambda: one.handled == 1)
        await admin.api(f"CONSUMER.DELETE.{STREAM}.{DURABLE}")
        await publish(it.roadmap, "a", 2)
        await until(lambda: one.handled >= 3)  # The first comes again: its inbox knows it.
        await until(it.acknowledged)
    assert await it.effects() == ["a-1", "a-2"]


async def test_a_consumer_goes_on_when_nats_is_killed_again_and_again(ground_of_funding):
    it = ground_of_funding
    async with it.consume() as one:
        for version in range(1, 31):
            await until(lambda: it.roadmap.is_up)
            await publish(it.roadmap, "a", version)
            if version % 10 == 0:
                await asyncio.to_thread(it.bus.restart)  # The loop must see the cut.
        await until(lambda: one.trouble is None)

        async def is_done():
            return (await it.effects())[-1:] == ["a-30"]

        await until(is_done)
    assert await it.effects() == [f"a-{version}" for version in range(1, 31)]


@LEAKS
async def test_a_consumer_whose_user_is_revoked_then_readmitted_goes_on(ground_of_funding):
    it = ground_of_funding
    async with it.consume() as one:
        await until(lambda: one.trouble is None)
        it.bus.reload(without=("funding",))
        await until(lambda: one.trouble is not None)
        it.bus.reload()
        await publish(it.roadmap, "a", 1)
        await until(lambda: one.handled == 1)
    assert await it.effects() == ["a-1"]
