"""Numbers that nobody needs are forgotten; what may still be delivered never is."""

from datetime import timedelta

from contracts.partner.feeds import GAP, follows
from services.chassis import ids
from services.exchange.jobs.numbers import forget_old
from tests.integration.subscriptions.test_feeds import all_of


async def kept(exchange, made):
    async with exchange.service.read() as connection:
        rows = await connection.fetch(
            "SELECT subseq FROM deliveries WHERE subscription = $1 ORDER BY subseq", made["id"]
        )
    return [row["subseq"] for row in rows]


async def five(exchange, names):
    """A feed of five events, three of which are confirmed."""
    await exchange.sign(*names)
    made = await exchange.subscribe(*names)
    await exchange.publish(names[1], "31113", 5)
    await all_of(exchange, names[0], made["id"], 5)
    answer = await exchange.client.post(
        f"/v1/feeds/{made['id']}/ack", json={"through": 3}, headers=exchange.headers(names[0])
    )
    assert answer.json()["acked"] == 3
    return made


async def test_what_was_confirmed_long_ago_is_forgotten_and_the_rest_is_not(exchange, names):
    made = await five(exchange, names)

    await forget_old(exchange.service, now=ids.now() + timedelta(days=31))

    assert await kept(exchange, made) == [4, 5]
    left = await exchange.events(names[0], made["id"])
    assert [one["subseq"] for one in left] == [4, 5]
    again = await exchange.events(names[0], made["id"], after=0)
    assert [one["type"] == GAP for one in again] == [True, False, False]
    assert follows(again, after=0) == 5
    async with exchange.service.read() as connection:
        asked = await connection.fetchval(
            "SELECT cardinality(snapshots) FROM feeds WHERE subscription = $1", made["id"]
        )
    assert asked == 0  # Nothing was lost: it had confirmed all that was forgotten.


async def test_numbers_of_these_days_are_all_kept(exchange, names):
    """The negative control: the same turn, some days too early."""
    made = await five(exchange, names)

    await forget_old(exchange.service, now=ids.now() + timedelta(days=29))

    assert await kept(exchange, made) == [1, 2, 3, 4, 5]


async def test_a_turn_takes_some_numbers_and_goes_on(exchange, names, monkeypatch):
    monkeypatch.setattr("services.exchange.commands.feeds.FORGOTTEN_MAX", 2)
    made = await five(exchange, names)

    gone = await forget_old(exchange.service, now=ids.now() + timedelta(days=31))

    assert gone >= 3
    assert await kept(exchange, made) == [4, 5]
