"""A version of the whole diagnostic reaches who is limited to some communes, and names no other."""

import json

from contracts.events.diagnostics import DiagnosticPublished
from contracts.events.exchange.versions import DiagnosticAnnounced
from tests.integration.conftest import until
from tests.integration.subscriptions.exchanges import UPDATED
from tests.integration.subscriptions.test_beats import durable_of
from tests.integration.subscriptions.worlds import HERE, THERE

PUBLISHED = DiagnosticPublished.TYPE
ANNOUNCED = DiagnosticAnnounced.TYPE
FOLLOWS = {"receives": [UPDATED, PUBLISHED]}


async def first_of(world, names, feed, kind):
    async def came():
        found = await world.events(names, feed)
        return [one for one in found if one["type"] == kind]

    return (await until(came, 60))[0]


async def test_who_has_some_communes_is_told_the_version_and_no_other_commune(world, names):
    await world.exchange.sign(*names, areas=[HERE], **FOLLOWS)
    limited = await world.exchange.subscribe(*names, types=[UPDATED, PUBLISHED])
    by_area = await world.exchange.subscribe(*names, types=[PUBLISHED], areas=[HERE])
    whole = (f"{names[0]}-b", names[1])
    await world.exchange.sign(*whole, **FOLLOWS)
    wide = await world.exchange.subscribe(*whole, types=[PUBLISHED])
    await world.observe(1)

    made = await world.freeze("Premier diagnostic (fictif)")

    seen = await first_of(world, whole, wide["id"], PUBLISHED)
    assert sorted(seen["data"]["changed_areas"]) == [HERE, THERE]
    for feed in (limited, by_area):
        told = await first_of(world, names, feed["id"], ANNOUNCED)
        assert told["data"] == {
            "coordination": names[1],
            "institution": names[0],
            "number": made["number"],
            "title": made["title"],
            "published_at": seen["data"]["published_at"],
            "hash": made["hash"],
            "public_hash": made["public_hash"],
            "path": f"/v1/coordinations/{names[1]}/diagnostics/{made['number']}",
        }
        everything = await world.events(names, feed["id"])
        assert THERE not in json.dumps(everything)
        assert [one["subseq"] for one in everything] == list(range(1, len(everything) + 1))
        headers = world.exchange.headers(names[0], names[1])
        answer = await world.client.get(told["data"]["path"], headers=headers)
        assert answer.json()["number"] == made["number"]


async def test_over_nats_the_version_is_announced_to_who_has_some_communes(world, names):
    await world.exchange.sign(*names, areas=[HERE], **FOLLOWS)
    made = await world.exchange.subscribe(*names, channel="nats", types=[UPDATED, PUBLISHED])
    other = (f"{names[0]}-b", names[1])
    await world.exchange.sign(*other, areas=[HERE])  # Follows updates, and no version.
    subscription = await durable_of(world.exchange, made)
    await world.observe(1)
    frozen = await world.freeze("Premier diagnostic (fictif)")
    subjects: dict[str, bytes] = {}
    announced = f"out.{names[0]}.{names[1]}.diagnostic_announced.v1"

    async def came():
        for message in await subscription.fetch(20, timeout=5):
            await message.ack()
            subjects[message.subject] = message.data
        return announced in subjects

    await until(came, 60)

    assert json.loads(subjects[announced])["number"] == frozen["number"]
    updates = f"pub.diagnostics.{names[1]}.c{HERE}.area_updated.v1"
    assert {one for one in subjects if "heartbeat" not in one} <= {announced, updates}
    info = await world.exchange.admin.jetstream().stream_info("PUB", subjects_filter="out.>")
    told = [one for one in info.state.subjects or {} if f".{names[1]}.diagnostic_ann" in one]
    assert told == [announced]
