"""A feed by pages: numbered without a hole, the same numbers for ever, within what is open."""

import asyncio
from datetime import UTC, datetime

import pytest

from contracts.envelope import from_structured
from tests.integration.conftest import until
from tests.integration.subscriptions.exchanges import UPDATED

GAP = "fr.ctin.exchange.gap.v1"
WITHHELD = "fr.ctin.exchange.withheld.v1"


async def all_of(exchange, institution, feed, count):
    """Read a feed from its beginning until it holds so many events."""

    async def enough():
        found = await exchange.events(institution, feed, after=0)
        return found if len(found) >= count else None

    return await until(enough)


async def test_events_come_in_order_numbered_from_one(exchange, names):
    institution, coordination = names
    await exchange.sign(institution, coordination)
    made = await exchange.subscribe(institution, coordination)
    sent = await exchange.publish(coordination, "31113", 5)

    found = await all_of(exchange, institution, made["id"], 5)

    assert [one["subseq"] for one in found] == [1, 2, 3, 4, 5]
    assert [one["data"]["n"] for one in found] == [0, 1, 2, 3, 4]
    places = [int(one["streamsequence"]) for one in found]
    assert places == sorted(places)
    assert len(sent) == 5
    for one in found:
        event = from_structured(one)  # Extensions aside, each is a CloudEvent.
        assert event.type == UPDATED
        assert event.subject == f"{coordination}/c31113"


async def test_a_range_read_again_is_the_same(exchange, names):
    institution, coordination = names
    await exchange.sign(institution, coordination)
    made = await exchange.subscribe(institution, coordination)
    await exchange.publish(coordination, "31113", 6)
    first = await all_of(exchange, institution, made["id"], 6)
    await exchange.publish(coordination, "31446", 3)

    again = await exchange.events(institution, made["id"], after=2, until=4)

    assert again == first[2:4]
    assert await exchange.events(institution, made["id"], after=1, limit=2) == first[1:3]


async def test_readers_at_once_number_each_event_once(exchange, names):
    institution, coordination = names
    await exchange.sign(institution, coordination)
    made = await exchange.subscribe(institution, coordination)
    await exchange.publish(coordination, "31113", 40)
    await all_of(exchange, institution, (await exchange.subscribe(*names))["id"], 40)

    read = [exchange.events(institution, made["id"], after=0) for _ in range(12)]
    for found in await asyncio.gather(*read):
        assert [one["subseq"] for one in found] == list(range(1, 41))
        assert [one["data"]["n"] for one in found] == list(range(40))


async def test_what_is_confirmed_is_where_reading_goes_on(exchange, names):
    institution, coordination = names
    await exchange.sign(institution, coordination)
    made = await exchange.subscribe(institution, coordination)
    await exchange.publish(coordination, "31113", 4)
    await all_of(exchange, institution, made["id"], 4)
    headers = exchange.headers(institution)

    path = f"/v1/feeds/{made['id']}/ack"
    told = (await exchange.client.post(path, json={"through": 3}, headers=headers)).json()
    assert told == {"acked": 3, "last_subseq": 4}
    assert [one["subseq"] for one in await exchange.events(institution, made["id"])] == [4]
    # An older word changes nothing, and what was never given cannot be confirmed.
    await exchange.client.post(path, json={"through": 1}, headers=headers)
    told = (await exchange.client.post(path, json={"through": 99}, headers=headers)).json()
    assert told == {"acked": 4, "last_subseq": 4}
    assert (await exchange.look(institution, made["id"]))["lag"] == 0


async def test_only_areas_and_coordinations_asked_for_and_open_come(exchange, names):
    institution, coordination = names
    await exchange.sign(institution, coordination, areas=["31113", "31446"])
    one = await exchange.subscribe(institution, coordination, areas=["31113"])
    every = await exchange.subscribe(institution, coordination)
    for area in ("31113", "31446", "31582"):
        await exchange.publish(coordination, area, 2, where=area)
        await exchange.publish(f"{coordination}-x", area, 2, where=area)

    found = await all_of(exchange, institution, every["id"], 4)
    assert [each["data"]["where"] for each in found] == ["31113"] * 2 + ["31446"] * 2
    found = await exchange.events(institution, one["id"], after=0)
    assert [each["subject"] for each in found] == [f"{coordination}/c31113"] * 2
    assert [each["subseq"] for each in found] == [1, 2]


async def test_only_updates_with_a_need_of_the_themes_and_publics_come(exchange, names):
    institution, coordination = names
    await exchange.sign(institution, coordination)
    made = await exchange.subscribe(
        institution, coordination, themes=["daily_tools"], publics=["families", "seniors"]
    )
    for n, needs in enumerate(
        (
            [{"theme": "daily_tools", "public": "families"}],
            [{"theme": "daily_tools", "public": "youth"}],
            [{"theme": "other", "public": "families"}],
            [],
            [{"theme": "x", "public": "y"}, {"theme": "daily_tools", "public": "seniors"}],
        )
    ):
        await exchange.publish(coordination, "31113", 1, needs=needs, which=n)

    found = await all_of(exchange, institution, made["id"], 2)
    assert [each["data"]["which"] for each in found] == [0, 4]


async def test_an_identifier_only_feed_never_carries_the_payload(exchange, names):
    institution, coordination = names
    await exchange.sign(institution, coordination)
    made = await exchange.subscribe(institution, coordination, payload="id_only")
    await exchange.publish(coordination, "31113", 2, secret="figures")

    found = await all_of(exchange, institution, made["id"], 2)

    assert all("data" not in one and "figures" not in str(one) for one in found)
    assert {"id", "type", "source", "subject", "subseq", "time"} <= found[0].keys()


async def test_the_end_of_an_agreement_ends_the_feed(exchange, names):
    institution, coordination = names
    fact = await exchange.sign(institution, coordination)
    made = await exchange.subscribe(institution, coordination)
    await exchange.publish(coordination, "31113", 2)
    await all_of(exchange, institution, made["id"], 2)
    await exchange.end(fact)

    async def refused():
        return (
            await exchange.client.get(
                f"/v1/feeds/{made['id']}/events?after=0", headers=exchange.headers(institution)
            )
        ).status_code == 403

    await until(refused)
    assert (await exchange.look(institution, made["id"]))["status"] == "closed"


async def test_what_is_no_longer_open_is_withheld_at_its_number(exchange, names):
    """Rights are judged at each delivery: what was numbered before leaves no hole behind."""
    institution, coordination = names
    await exchange.sign(institution, coordination, areas=["31113"])
    over = await exchange.sign(institution, coordination, areas=["31446"])
    made = await exchange.subscribe(institution, coordination)
    await exchange.publish(coordination, "31113", 1)
    await exchange.publish(coordination, "31446", 1)
    await exchange.publish(coordination, "31113", 1)
    await all_of(exchange, institution, made["id"], 3)
    await exchange.end(over)

    async def withheld():
        found = await exchange.events(institution, made["id"], after=0)
        return found if found[1]["type"] == WITHHELD else None

    found = await until(withheld)
    assert [one["subseq"] for one in found] == [1, 2, 3]
    assert [one["type"] for one in found] == [UPDATED, WITHHELD, UPDATED]
    assert found[1]["data"]["reason"] == "agreement"


async def test_an_erased_message_is_withheld_at_its_number(exchange, names):
    institution, coordination = names
    await exchange.sign(institution, coordination)
    made = await exchange.subscribe(institution, coordination)
    await exchange.publish(coordination, "31113", 3)
    before = await all_of(exchange, institution, made["id"], 3)
    for tail in range(2):  # What was kept in memory is not what is asked for here.
        await exchange.publish(f"other-{tail}-{coordination}", "31113", 1)
    feeds = exchange.service.feeds
    await exchange.admin.jetstream().delete_msg("PUB", int(before[1]["streamsequence"]))
    feeds.tail._forget()

    found = await exchange.events(institution, made["id"], after=0)

    assert [one["subseq"] for one in found] == [1, 2, 3]
    assert found[1]["type"] == WITHHELD
    assert found[1]["data"] == {"event_id": before[1]["id"], "reason": "erased"}
    assert [found[0], found[2]] == [before[0], before[2]]


async def test_a_replay_starts_at_a_place_or_an_instant_and_numbers_go_on(exchange, names):
    institution, coordination = names
    await exchange.sign(institution, coordination)
    made = await exchange.subscribe(institution, coordination)
    await exchange.publish(coordination, "31113", 2)
    first = await all_of(exchange, institution, made["id"], 2)
    between = datetime.now(UTC)
    await exchange.publish(coordination, "31113", 1, late=True)
    first = await all_of(exchange, institution, made["id"], 3)
    headers = exchange.headers(institution)
    path = f"/v1/subscriptions/{made['id']}"

    place = {"start": {"seq": int(first[1]["streamsequence"])}}
    assert (await exchange.client.patch(path, json=place, headers=headers)).status_code == 200
    found = await exchange.events(institution, made["id"], after=3)
    assert [one["subseq"] for one in found] == [4, 5]
    assert [one["id"] for one in found] == [first[1]["id"], first[2]["id"]]

    moment = {"start": {"time": between.isoformat()}}
    assert (await exchange.client.patch(path, json=moment, headers=headers)).status_code == 200
    found = await exchange.events(institution, made["id"], after=5)
    assert [(one["subseq"], one["id"]) for one in found] == [(6, first[2]["id"])]


@pytest.mark.parametrize("stop", [{"paused": True}, {"expires_at": "2026-01-01T00:00:00Z"}])
async def test_a_stopped_feed_is_refused_and_goes_on_where_it_was(exchange, names, stop):
    institution, coordination = names
    await exchange.sign(institution, coordination)
    made = await exchange.subscribe(institution, coordination)
    await exchange.publish(coordination, "31113", 1)
    await all_of(exchange, institution, made["id"], 1)
    headers = exchange.headers(institution)
    path = f"/v1/subscriptions/{made['id']}"
    await exchange.client.patch(path, json=stop, headers=headers)
    await exchange.publish(coordination, "31113", 1)

    answer = await exchange.client.get(f"/v1/feeds/{made['id']}/events", headers=headers)
    assert answer.status_code == 409
    assert answer.json()["code"] in {"E_PAUSED", "E_EXPIRED"}

    again = {"paused": False, "expires_at": "2099-01-01T00:00:00Z"}
    await exchange.client.patch(path, json=again, headers=headers)
    found = await all_of(exchange, institution, made["id"], 2)
    assert [one["subseq"] for one in found] == [1, 2]


async def test_a_new_subscription_starts_now_unless_asked_otherwise(exchange, names):
    institution, coordination = names
    await exchange.sign(institution, coordination)
    old = await exchange.subscribe(institution, coordination)
    await exchange.publish(coordination, "31113", 2)
    await all_of(exchange, institution, old["id"], 2)
    made = await exchange.subscribe(institution, coordination, start={"at": "now"})
    await exchange.publish(coordination, "31113", 1, fresh=True)

    found = await all_of(exchange, institution, made["id"], 1)
    assert [one["data"].get("fresh") for one in found] == [True]
