"""An open page is told what changed: from the fact to the browser's stream."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from contracts.envelope import Event
from contracts.events import BY_TYPE, FACTS
from contracts.streams import PUB, stream_of
from services.chassis.consumer import Delivery
from services.chassis.streams import Received
from services.portal import commands, consumers, reads
from services.portal.api.live import tellings
from services.portal.errors import TooManyFollow
from services.portal.model.topics import Topic
from services.portal.reads.live import Hub
from tests.integration.portal.conftest import running, until

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
SECONDS = 5


def delivered(fact, coordination, *, at=NOON) -> Delivery:
    """A message as a relay writes it; the portal reads its headers and subject only."""
    where = consumers.filter_of(fact, coordination=coordination, area="_all")
    event = Event(id="1", source="urn:test", type=fact.TYPE, time=at, data=b"{}")
    message = Received(where, b"{}", event.headers(), 1, 0, "", 0)
    return Delivery(event, message)


async def handle(portal, *deliveries: Delivery) -> None:
    handlers = {
        event_type: handler
        for source in consumers.SOURCES
        for event_type, handler in source.handlers.items()
    }
    async with portal.service.write() as connection:
        for one in deliveries:
            await handlers[one.event.type](connection, [one])


async def changes_of(portal, coordination):
    async with portal.service.read() as connection:
        return {one.topic: one for one in await reads.changes_of(connection, coordination)}


@pytest.mark.parametrize("fact", consumers.MOVES)
async def test_each_fact_that_is_followed_makes_its_topics_old(portal, fact):
    """The coordination is read from the subject, whatever the tier of the fact."""
    slug = f"c-{fact.__name__.lower()}"

    await handle(portal, delivered(fact, slug))

    assert set(await changes_of(portal, slug)) == {topic.value for topic in consumers.MOVES[fact]}


def test_every_source_is_the_stream_its_fact_goes_to():
    """A fact followed on another stream would never come; answers go to the partners' own."""
    for source in consumers.SOURCES:
        for event_type in source.handlers:
            owner = next(
                name for name, facts in FACTS.items() if event_type in {one.TYPE for one in facts}
            )
            expected = PUB if BY_TYPE[event_type].TIER == "out" else stream_of(owner)
            assert source.stream == expected


async def test_a_change_keeps_its_latest_instant_and_counts(portal):
    """Facts of two services may come in any order; each is counted."""
    for at in (NOON, NOON - timedelta(hours=1), NOON - timedelta(hours=2)):
        async with portal.service.write() as connection:
            await commands.note_changes(connection, [("ordre", Topic.MONEY, at)])

    found = (await changes_of(portal, "ordre"))["money"]
    assert (found.n, found.changed_at) == (3, NOON)


async def test_a_page_says_when_it_was_updated(portal):
    """The instant is the fact's."""
    async with portal.service.write() as connection:
        await commands.note_changes(connection, [("dite", Topic.PARTNERS, NOON)])

    async with portal.service.read() as connection:
        (found,) = await reads.changes_of(connection, "dite")
    assert found.changed_at == NOON


async def events(lines, wanted: int) -> list[str]:
    """Return the names of the first `wanted` events of a stream."""
    found: list[str] = []
    async with asyncio.timeout(SECONDS):
        async for line in lines:
            if line.startswith("event:"):
                found.append(line.removeprefix("event:").strip())
                if len(found) == wanted:
                    break
    return found


async def until_followed(hub: Hub, slug: str) -> None:
    await until(lambda: slug in hub._followers)


async def test_a_fact_reaches_the_browser_s_stream(portal):
    """From the handler's commit to an event named after the topic, over real HTTP."""
    async with portal.client.stream("GET", "/c/suivie/live") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert "content-security-policy" in stream.headers
        lines = stream.aiter_lines()
        assert (await anext(lines)).startswith(":")
        await until_followed(portal.hub, "suivie")
        block_posted = next(fact for fact in consumers.MOVES if fact.__name__ == "BlockPosted")

        await handle(portal, delivered(block_posted, "suivie"))

        assert await events(lines, 1) == ["money"]


async def test_another_coordination_s_facts_are_not_told(portal):
    """A page follows its own coordination."""
    with portal.hub.follow("mienne") as mine:
        portal.hub.announce("autre", Topic.MONEY)
        portal.hub.announce("mienne", Topic.SIGNALS)

        assert await mine.moved(SECONDS) == [Topic.SIGNALS]


async def test_a_browser_that_leaves_is_forgotten(portal):
    """A closed page holds nothing here."""
    async with portal.client.stream("GET", "/c/partie/live") as stream:
        assert await anext(stream.aiter_lines())
        await until_followed(portal.hub, "partie")

    await until(lambda: "partie" not in portal.hub._followers)


async def test_a_burst_of_facts_is_few_tellings():
    """A thousand facts in two seconds: each topic at once, then at most once a second."""
    hub = Hub(10)
    told: list[str] = []

    async def follow():
        async for message in tellings(hub, "c"):
            told.extend([message.event] if message.event else [])

    following = asyncio.create_task(follow())
    await until_followed(hub, "c")
    for _ in range(100):
        for _ in range(10):
            hub.announce("c", Topic.SIGNALS)
        await asyncio.sleep(0.02)
    following.cancel()
    with suppress(asyncio.CancelledError):
        await following

    assert 2 <= len(told) <= 4


async def test_a_change_is_told_again_a_little_later():
    """The service that shows it may learn of it after the portal does."""
    hub = Hub(10)
    with hub.follow("c") as follower:
        hub.announce("c", Topic.SIGNALS, again_after=0.05)
        hub.announce("c", Topic.SIGNALS, again_after=0.05)

        assert await follower.moved(SECONDS) == [Topic.SIGNALS]
        assert await follower.moved(SECONDS) == [Topic.SIGNALS]
        assert await follower.moved(0.2) == []


async def test_no_more_browsers_follow_than_the_settings_admit(make_settings, database_url):
    """The others are told to reload by hand; their page is whole."""
    async with running(make_settings(database_url, followers_max=1)) as portal:
        with portal.hub.follow("pleine"):
            answer = await portal.client.get("/c/pleine/live")

            assert answer.status_code == 503
            assert "Le direct est complet (1 au plus)" in answer.text
            with pytest.raises(TooManyFollow), portal.hub.follow("pleine"):
                pass


async def test_a_page_is_whole_without_the_portal_s_own_database(make_settings):
    """Only the `mis à jour` is missing."""
    nowhere = "postgresql://portal@127.0.0.1:1/portal"
    async with running(make_settings(nowhere)) as portal:
        answer = await portal.client.get("/c/sicoval")

        assert answer.status_code == 200
        assert "Le service des membres ne répond pas" in unescape(answer.text)
