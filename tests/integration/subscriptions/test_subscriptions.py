"""Subscriptions as resources: made within an agreement, seen by their owner, changed and ended."""

from uuid import uuid4

import pytest
from nats.js.errors import NotFoundError

from tests.integration.conftest import until
from tests.integration.subscriptions.exchanges import UPDATED


def wish(coordination, **changes):
    return {
        "channel": "http",
        "coordinations": [coordination],
        "types": [UPDATED],
        **changes,
    }


async def post(exchange, institution, body, **headers):
    return await exchange.client.post(
        "/v1/subscriptions", json=body, headers={**exchange.headers(institution), **headers}
    )


async def test_a_subscription_says_what_was_asked_and_how_it_goes(exchange, names):
    institution, coordination = names
    await exchange.sign(institution, coordination)
    made = await exchange.subscribe(institution, coordination, areas=["31113"], themes=["x"])
    found = await exchange.look(institution, made["id"])
    assert found == made
    assert (found["status"], found["areas"], found["themes"]) == ("active", ["31113"], ["x"])
    told = ("sent", "failed", "lag", "last_subseq", "acked", "attempts")
    assert {name: found[name] for name in told} == dict.fromkeys(told, 0)
    assert found["secret"] is None


async def test_the_same_key_makes_one_subscription(exchange, names):
    institution, coordination = names
    await exchange.sign(institution, coordination)
    key = {"Idempotency-Key": str(uuid4())}
    one = await post(exchange, institution, wish(coordination), **key)
    again = await post(exchange, institution, wish(coordination), **key)
    assert (one.status_code, again.status_code) == (201, 201)
    assert one.json()["id"] == again.json()["id"]
    other = await post(exchange, institution, wish(coordination, areas=["31113"]), **key)
    assert (other.status_code, other.json()["code"]) == (409, "E_DIFFERS")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"coordinations": ["elsewhere"]}, 403, "E_AGREEMENT"),
        ({"areas": ["31446"]}, 403, "E_AGREEMENT"),
        ({"types": ["fr.ctin.exchange.signals_received.v1"]}, 422, "E_TYPE"),
        ({"types": ["fr.ctin.nothing.known.v1"]}, 422, "E_TYPE"),
        ({"types": []}, 400, "E_FIELD"),
        ({"channel": "webhook"}, 422, "E_FIELD"),
        ({"url": "https://example.org/in"}, 422, "E_FIELD"),
        ({"channel": "nats", "themes": ["x"]}, 422, "E_FIELD"),
        ({"channel": "nats", "payload": "id_only"}, 422, "E_FIELD"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, 409, "E_EXPIRED"),
        ({"start": {"seq": 3, "at": "now"}}, 400, "E_FIELD"),
        ({"name": "x"}, 400, "E_FIELD"),
        ({"channel": "webhook", "url": "https://10.0.0.1/in"}, 422, "E_FIELD"),
        ({"channel": "webhook", "url": "https://jean.dupont@free.fr/in"}, 422, "E_FIELD"),
        ({"channel": "webhook", "url": "https://x.fr/?m=jean.dupont@free.fr"}, 422, "E_FIELD"),
    ],
)
async def test_what_no_agreement_opens_or_no_channel_does_is_refused(
    exchange, names, changes, status, code
):
    institution, coordination = names
    await exchange.sign(institution, coordination, areas=["31113"])
    answer = await post(exchange, institution, wish(coordination, **changes))
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_an_institution_reaches_nothing_of_another(exchange, names):
    """Each route of a subscription and of its feed, with the token of a stranger."""
    institution, coordination = names
    await exchange.sign(institution, coordination)
    stranger = f"{institution}-b"
    await exchange.sign(stranger, coordination)
    made = await exchange.subscribe(institution, coordination)
    await exchange.publish(coordination, "31113", 1)
    feed, resource = f"/v1/feeds/{made['id']}", f"/v1/subscriptions/{made['id']}"
    tries = [
        ("GET", resource, None),
        ("PATCH", resource, {"paused": True}),
        ("DELETE", resource, None),
        ("POST", f"{resource}/secret", None),
        ("GET", f"{feed}/events", None),
        ("GET", f"{feed}/stream", None),
        ("POST", f"{feed}/ack", {"through": 1}),
    ]
    for verb, path, body in tries:
        for headers in (
            exchange.headers(stranger),
            exchange.headers(institution, coordination="another-place"),
        ):
            answer = await exchange.client.request(verb, path, json=body, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (404, "E_UNKNOWN"), path
    listed = await exchange.client.get("/v1/subscriptions", headers=exchange.headers(stranger))
    assert listed.json()["items"] == []
    coordinator = exchange.headers("", coordination, role="coordinator")
    for verb, path, body in tries[1:]:
        answer = await exchange.client.request(verb, path, json=body, headers=coordinator)
        assert answer.status_code == 403, path
    assert (await exchange.look(institution, made["id"]))["status"] == "active"


async def test_a_coordinator_sees_how_the_subscriptions_of_its_coordination_go(exchange, names):
    institution, coordination = names
    await exchange.sign(institution, coordination)
    made = [await exchange.subscribe(institution, coordination) for _ in range(3)]
    headers = exchange.headers("", coordination, role="coordinator")
    first = (await exchange.client.get("/v1/subscriptions?limit=2", headers=headers)).json()
    rest = await exchange.client.get(
        f"/v1/subscriptions?limit=2&cursor={first['cursor']}", headers=headers
    )
    found = [one["id"] for one in [*first["items"], *rest.json()["items"]]]
    assert found == sorted(one["id"] for one in made)
    assert rest.json()["cursor"] is None


async def test_an_ended_subscription_is_gone_with_its_numbers(exchange, names):
    institution, coordination = names
    await exchange.sign(institution, coordination)
    made = await exchange.subscribe(institution, coordination)
    headers = exchange.headers(institution)
    path = f"/v1/subscriptions/{made['id']}"
    assert (await exchange.client.delete(path, headers=headers)).status_code == 204
    assert (await exchange.client.get(path, headers=headers)).status_code == 404
    events = await exchange.client.get(f"/v1/feeds/{made['id']}/events", headers=headers)
    assert events.status_code == 404


async def durable(exchange, name):
    """Return how a durable stands for the server, None when it is not there."""
    try:
        return await exchange.admin.jetstream().consumer_info("PUB", name)
    except NotFoundError:
        return None


async def test_a_nats_subscription_has_a_durable_of_its_own(exchange, names):
    institution, coordination = names
    await exchange.sign(institution, coordination, areas=["31113"])
    await exchange.publish(coordination, "31113", 2)
    made = await exchange.subscribe(institution, coordination, channel="nats")
    assert made["durable"].startswith(f"{institution}-s-")
    info = await until(lambda: durable(exchange, made["durable"]))
    assert info.config.filter_subjects == [
        f"pub.diagnostics.{coordination}.c31113.area_state_told.v1",
        f"pub.diagnostics.{coordination}.c31113.area_updated.v1",
        f"out.{institution}.*.heartbeat.v1",
        f"out.{institution}.*.gap_told.v1",
    ]

    async def both():
        found = await durable(exchange, made["durable"])
        return found and found.num_pending >= 2

    await until(both)
    path = f"/v1/subscriptions/{made['id']}"
    await exchange.client.delete(path, headers=exchange.headers(institution))

    async def gone():
        return await durable(exchange, made["durable"]) is None

    await until(gone)


async def test_the_end_of_an_agreement_pauses_its_durable_and_keeps_its_place(exchange, names):
    institution, coordination = names
    fact = await exchange.sign(institution, coordination)
    made = await exchange.subscribe(institution, coordination, channel="nats")
    await until(lambda: durable(exchange, made["durable"]))
    await exchange.end(fact)
    await exchange.publish(coordination, "31113", 1)

    async def paused():
        answer = await exchange.admin.request(
            f"$JS.API.CONSUMER.INFO.PUB.{made['durable']}", b"", timeout=15
        )
        return b'"paused":true' in answer.data

    await until(paused)
    await exchange.sign(institution, coordination)

    async def resumed():
        return not await paused()

    await until(resumed)
