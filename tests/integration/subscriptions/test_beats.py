"""Who pulls over NATS knows how many messages are its own, and finds one that is missing."""

import msgspec

from contracts.events.exchange.feeds import Heartbeat
from contracts.partner.feeds import Count
from tests.integration.conftest import until


async def read_all(subscription, count, taken, *, lose=()):
    """Read until the heartbeats count so many; messages of `lose` are dropped on the way."""
    while True:
        for message in await subscription.fetch(50, timeout=5):
            await message.ack()
            if message.subject.startswith("out."):
                beat = msgspec.json.decode(message.data, type=Heartbeat)
                if beat.matching >= count:
                    return beat
            elif message.metadata.sequence.stream not in lose:
                taken.took(message.metadata.sequence.stream)


async def durable_of(exchange, made):
    async def there():
        found = await exchange.admin.request(
            f"$JS.API.CONSUMER.INFO.PUB.{made['durable']}", b"", timeout=15
        )
        return b'"error"' not in found.data

    await until(there)
    jetstream = exchange.admin.jetstream()
    return await jetstream.pull_subscribe_bind(durable=made["durable"], stream="PUB")


async def test_a_heartbeat_proves_that_nothing_is_missing(exchange, names):
    institution, coordination = names
    await exchange.sign(institution, coordination, areas=["31113"])
    made = await exchange.subscribe(institution, coordination, channel="nats", start={"at": "now"})
    subscription = await durable_of(exchange, made)
    taken = Count()
    for _ in range(3):
        await exchange.publish(coordination, "31113", 4)
        await exchange.publish(coordination, "31446", 2)  # Not of its areas.

    beat = await read_all(subscription, 12, taken)

    assert (beat.matching, taken.lacks(beat)) == (12, 0)
    assert str(beat.subscription) == made["id"]


async def test_a_lost_message_is_noticed_and_found_in_its_range(exchange, names):
    """The negative control: the count sees one message that never came, and the range has it."""
    institution, coordination = names
    await exchange.sign(institution, coordination)
    made = await exchange.subscribe(institution, coordination, channel="nats", start={"at": "now"})
    subscription = await durable_of(exchange, made)
    taken = Count()
    await exchange.publish(coordination, "31113", 5)
    everything = await until(lambda: whole_range(exchange, institution, made, 5))
    lost = int(everything[2]["streamsequence"])

    beat = await read_all(subscription, 5, taken, lose={lost})

    assert taken.lacks(beat) == 1
    found = await exchange.events(institution, made["id"], after=lost - 1, until=lost)
    assert [one["id"] for one in found] == [everything[2]["id"]]
    taken.took(int(found[0]["streamsequence"]))
    assert taken.lacks(beat) == 0


async def whole_range(exchange, institution, made, count):
    found = await exchange.events(institution, made["id"])
    return found if len(found) == count else None
