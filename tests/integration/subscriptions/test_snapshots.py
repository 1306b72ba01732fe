"""Who was away longer than retention is told so, and what the diagnostic has come to meanwhile.

Both services run for real, and messages are purged from the stream as its age would.
"""

import asyncio

import msgspec

from contracts.events.diagnostics import AreaStateTold, AreaUpdated, DiagnosticPublished
from contracts.events.exchange.feeds import GapTold, Heartbeat
from contracts.partner.feeds import GAP, Count, follows
from services.chassis import ids
from services.exchange.jobs.numbers import forget_old
from tests.integration.conftest import until
from tests.integration.subscriptions.exchanges import UPDATED
from tests.integration.subscriptions.test_beats import durable_of
from tests.integration.subscriptions.worlds import HERE, THERE

STATE = AreaStateTold.TYPE


def told(events, kind):
    return [one for one in events if one["type"] == kind]


async def test_a_feed_left_too_long_gets_a_notice_then_the_present_state(world, names):
    await world.exchange.sign(*names, areas=[HERE])
    made = await world.exchange.subscribe(*names)
    for value in (1, 2, 3):
        await world.observe(value)
    before = await world.events(names, made["id"])
    await world.acknowledge(names, made["id"], before[0]["subseq"])
    await world.purge()
    await forget_old(world.exchange.service, now=ids.now())  # What it forgets changes nothing.
    await world.observe(4)

    async def whole():
        found = await world.events(names, made["id"], after=before[0]["subseq"])
        return found if told(found, STATE) else None

    found = await until(whole, 60)

    assert follows(found, after=before[0]["subseq"]) == found[-1]["subseq"]
    assert found[0]["type"] == GAP
    assert found[0]["data"] == {"from_subseq": 2, "to_subseq": before[-1]["subseq"]}
    kept = told(found, UPDATED)
    assert [one["data"]["indicators"][0]["value"] for one in kept] == ["4"]
    (state,) = told(found, STATE)  # Of its area alone.
    assert state["data"]["state"]["commune"] == HERE
    assert [one["value"] for one in state["data"]["state"]["indicators"]] == ["4"]
    assert (state["data"]["n"], state["data"]["of"]) == (1, 1)


async def test_a_snapshot_is_told_once_however_often_the_gap_is_read(world, names):
    await world.exchange.sign(*names)
    made = await world.exchange.subscribe(*names)
    await world.observe(1)
    await world.events(names, made["id"])
    await world.purge()
    await world.observe(2)

    async def whole():
        found = await world.events(names, made["id"])
        return found if len(told(found, STATE)) == 2 else None

    found = await until(whole, 60)
    assert {one["data"]["state"]["commune"] for one in told(found, STATE)} == {HERE, THERE}

    again = await world.events(names, made["id"])
    await world.observe(3)
    last = await until(lambda: more_than(world, names, made["id"], found))

    named = ("id", "subseq", "type", "data")
    same = [{name: one[name] for name in named} for one in again]
    assert same == [{name: one[name] for name in named} for one in found]
    assert len(told(last, STATE)) == 2


async def more_than(world, names, feed, found):
    last = await world.events(names, feed)
    return last if len(last) >= len(found) + 2 else None


async def test_who_confirmed_everything_in_time_gets_no_snapshot(world, names):
    """The negative control: the same purge, and nothing was missed."""
    await world.exchange.sign(*names)
    made = await world.exchange.subscribe(*names)
    await world.observe(1)
    found = await world.events(names, made["id"])
    await world.acknowledge(names, made["id"], found[-1]["subseq"])
    other = await world.exchange.subscribe(*names)
    await world.events(names, other["id"])
    await world.purge()
    await world.observe(2)

    async def told_elsewhere():
        return told(await world.events(names, other["id"]), STATE)

    await until(told_elsewhere, 60)  # What one feed lost is told to it, and to it alone.
    after = await world.events(names, made["id"], after=found[-1]["subseq"])
    assert {one["type"] for one in after} == {UPDATED}
    assert follows(after, after=found[-1]["subseq"]) == found[-1]["subseq"] + 2


async def test_a_webhook_paused_too_long_gets_the_state_without_what_is_gone(
    world, names, receiver
):
    """Nothing of what is gone was ever numbered."""
    types = [UPDATED, DiagnosticPublished.TYPE]
    await world.exchange.sign(*names, receives=types)
    made = await world.exchange.subscribe(*names, channel="webhook", url=receiver.url, types=types)
    path, headers = f"/v1/subscriptions/{made['id']}", world.exchange.headers(names[0])
    await world.observe(1)
    await until(lambda: len(receiver.messages) >= 2)

    async def confirmed():
        one = await world.exchange.look(names[0], made["id"])
        return one if one["acked"] == len(receiver.messages) == one["last_subseq"] else None

    before = (await until(confirmed))["acked"]
    await world.exchange.client.patch(path, json={"paused": True}, headers=headers)
    for value in (2, 3):
        await world.observe(value)
    await world.purge()
    await world.observe(4)

    await world.exchange.client.patch(path, json={"paused": False}, headers=headers)

    def states():
        return told([content for _, content in receiver.messages], STATE)

    await until(lambda: len(states()) == 2, 60)
    late = [content for _, content in receiver.messages[before:]]
    assert follows(late, after=before) == late[-1]["subseq"]
    assert late[0]["type"] == GAP
    assert {one["data"]["snapshot"] for one in states()} == {states()[0]["data"]["snapshot"]}
    kept = [one["data"]["state"]["indicators"][0]["value"] for one in states()]
    assert kept == ["4", "4"]


async def heard(subscription, enough):
    """Take messages until `enough` of them came; each as subject, place and content."""
    found = []
    async with asyncio.timeout(60):
        while not enough(found):
            for message in await subscription.fetch(50, timeout=5):
                await message.ack()
                found.append((message.subject, message.metadata.sequence.stream, message.data))
    return found


def of_kind(found, kind):
    name = ".".join(kind.TYPE.split(".")[3:])
    return [msgspec.json.decode(data, type=kind) for s, _, data in found if s.endswith(name)]


def places(found, kind):
    """What was told of a kind, by its place in the stream."""
    return {
        place: of_kind([(s, place, d)], kind)[0]
        for s, place, d in found
        if of_kind([(s, place, d)], kind)
    }


async def owes(world, made):
    async with world.exchange.service.read() as connection:
        return await connection.fetchval(
            "SELECT owed_seq FROM feeds WHERE subscription = $1", made["id"]
        )


async def test_a_durable_left_behind_the_stream_s_beginning_is_told_and_gets_the_state(
    world, names
):
    await world.exchange.sign(*names, areas=[HERE])
    made = await world.exchange.subscribe(*names, channel="nats", start={"at": "now"})
    await durable_of(world.exchange, made)
    for value in (1, 2, 3):
        await world.observe(value)
    await until(lambda: owes(world, made), 60)
    await world.purge()
    await world.observe(4)

    async def anew():
        async with world.exchange.service.read() as connection:
            return await connection.fetchval(
                "SELECT cardinality(snapshots) FROM feeds WHERE subscription = $1", made["id"]
            )

    await until(anew, 60)
    subscription = await durable_of(world.exchange, made)
    taken = Count()

    def enough(found):
        for subject, place, _ in found:
            if not subject.startswith("out."):
                taken.took(place)
        beats = of_kind(found, Heartbeat)
        done = of_kind(found, GapTold) and of_kind(found, AreaStateTold)
        return done and beats and beats[-1].matching >= 2 and not taken.lacks(beats[-1])

    found = await heard(subscription, enough)

    (gap,) = of_kind(found, GapTold)
    (state,) = of_kind(found, AreaStateTold)
    assert gap.snapshot == state.snapshot
    assert state.state.commune == HERE
    told = {**places(found, AreaUpdated), **places(found, AreaStateTold)}
    last = told[max(told)]  # Of the state and the updates around it, the last holds the present.
    assert getattr(last, "state", last).indicators[0].value == "4"
    assert of_kind(found, Heartbeat)[-1].start_seq == gap.to_seq + 1


async def test_a_durable_that_keeps_up_is_told_no_gap(world, names):
    """The negative control: confirmed before it went, so nothing was lost."""
    await world.exchange.sign(*names)
    made = await world.exchange.subscribe(*names, channel="nats", start={"at": "now"})
    subscription = await durable_of(world.exchange, made)
    await world.observe(1)
    await until(lambda: owes(world, made), 60)
    await heard(subscription, lambda found: len(of_kind(found, AreaUpdated)) >= 2)

    async def owes_nothing():
        return await owes(world, made) is None

    await until(owes_nothing, 60)
    await world.purge()
    await world.observe(2)
    found = await heard(subscription, lambda found: len(of_kind(found, AreaUpdated)) >= 2)
    assert of_kind(found, GapTold) == []
