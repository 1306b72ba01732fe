"""Webhooks, received by a program that knows Standard Webhooks and nothing of ours."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from services.exchange.commands import feeds as telling
from services.exchange.lane.endpoints import Endpoints, NotDelivered
from tests.integration.conftest import until
from tests.integration.subscriptions.receivers import Receiver


async def webhook(exchange, names, receiver, **asked):
    """Subscribe an endpoint and wait until it answered the handshake."""
    institution, coordination = names
    await exchange.sign(institution, coordination)
    made = await exchange.subscribe(
        institution, coordination, channel="webhook", url=receiver.url, **asked
    )
    receiver.secrets = [made["secret"]]
    await until(lambda: has_status(exchange, institution, made["id"], "active"))
    return made


async def has_status(exchange, institution, subscription, status):
    return (await exchange.look(institution, subscription))["status"] == status


async def test_events_come_signed_in_order_and_once_confirmed(exchange, names, receiver):
    made = await webhook(exchange, names, receiver)
    assert made["status"] == "pending"
    await exchange.publish(names[1], "31113", 6)

    await until(lambda: len(receiver.messages) == 6)

    assert receiver.subseqs() == [1, 2, 3, 4, 5, 6]
    headers, _ = receiver.messages[0]
    assert headers["content-type"] == "application/cloudevents+json"
    ids = [told["webhook-id"] for told, _ in receiver.messages]
    assert len(set(ids)) == 6

    async def confirmed():
        found = await exchange.look(names[0], made["id"])
        return found if found["acked"] == 6 else None

    found = await until(confirmed)
    assert (found["sent"], found["failed"], found["lag"]) == (7, 0, 0)
    assert found["last_success_at"] is not None


async def test_a_message_changed_on_the_way_is_seen(exchange, names, receiver):
    """The negative control of the signature: the receiver's own check is not blind."""
    made = await webhook(exchange, names, receiver)
    await exchange.publish(names[1], "31113", 1)
    await until(lambda: receiver.messages)
    headers, _ = receiver.messages[0]
    with pytest.raises(WebhookVerificationError):
        Webhook(made["secret"]).verify(b'{"other": 1}', headers)


async def test_an_endpoint_that_does_not_give_the_challenge_back_gets_nothing(
    exchange, names, receiver
):
    institution, coordination = names
    await exchange.sign(institution, coordination)
    receiver.echo = False
    made = await exchange.subscribe(institution, coordination, channel="webhook", url=receiver.url)
    await exchange.publish(coordination, "31113", 1)

    async def failed():
        found = await exchange.look(institution, made["id"])
        return found if found["failed"] else None

    found = await until(failed)
    assert (found["status"], receiver.messages) == ("pending", [])
    assert "défi" in found["last_failure"]
    assert found["next_attempt_at"] is not None
    receiver.echo = True
    path = f"/v1/subscriptions/{made['id']}"
    headers = exchange.headers(institution)
    await exchange.client.patch(path, json={"paused": False}, headers=headers)
    await until(lambda: receiver.subseqs() == [1])


async def test_a_failed_message_is_sent_again_with_its_id_before_any_other(
    exchange, names, receiver
):
    made = await webhook(exchange, names, receiver)
    failing = iter([500])
    receiver.answers = lambda _: next(failing, 200)
    await exchange.publish(names[1], "31113", 3)
    await until(lambda: receiver.subseqs() == [1])

    async def waits():
        found = await exchange.look(names[0], made["id"])
        return found if found["next_attempt_at"] else None

    found = await until(waits)
    assert (found["attempts"], found["failed"], found["acked"]) == (1, 1, 0)
    status = await exchange.client.get(
        f"/v1/partners/{names[0]}/status",
        headers=exchange.headers("coordination", names[1], "coordinator"),
    )
    assert status.json()["next_attempt_at"] == found["next_attempt_at"]
    assert "500" in found["last_failure"]
    await until(lambda: receiver.subseqs() == [1, 1, 2, 3])
    ids = [told["webhook-id"] for told, _ in receiver.messages]
    assert ids[0] == ids[1]


async def test_an_endpoint_that_says_gone_is_disabled_until_resumed(exchange, names, receiver):
    made = await webhook(exchange, names, receiver)
    receiver.answers = lambda _: 410
    await exchange.publish(names[1], "31113", 1)
    await until(lambda: has_status(exchange, names[0], made["id"], "disabled"))
    found = await exchange.look(names[0], made["id"])
    assert "410" in found["reason"]
    receiver.answers = lambda _: 200
    await exchange.client.patch(
        f"/v1/subscriptions/{made['id']}",
        json={"paused": False},
        headers=exchange.headers(names[0]),
    )
    await until(lambda: receiver.subseqs() == [1, 1])


async def test_after_the_last_attempt_the_subscription_waits_for_its_owner(
    exchange, names, receiver
):
    made = await webhook(exchange, names, receiver)
    receiver.answers = lambda _: 500
    subscription = UUID(made["id"])
    async with exchange.service.read() as connection:
        for attempts in range(1, 10):
            await telling.tell_failure(
                connection,
                subscription,
                "essai",
                attempts=attempts,
                now=datetime.now(UTC),
            )
        await connection.execute(
            "UPDATE feeds SET next_attempt_at = NULL WHERE subscription = $1", subscription
        )
    await exchange.publish(names[1], "31113", 1)
    await until(lambda: has_status(exchange, names[0], made["id"], "disabled"))
    found = await exchange.look(names[0], made["id"])
    assert "10 tentatives" in found["reason"]
    assert found["next_attempt_at"] is None


async def test_a_redirection_is_a_failure_and_is_not_followed(exchange, names, receiver):
    made = await webhook(exchange, names, receiver)
    receiver.answers = lambda _: 302
    await exchange.publish(names[1], "31113", 1)

    async def failed():
        found = await exchange.look(names[0], made["id"])
        return found if found["failed"] else None

    assert "302" in (await until(failed))["last_failure"]
    assert len(receiver.messages) == 1


async def test_a_rotated_secret_signs_beside_the_one_before(exchange, names, receiver):
    made = await webhook(exchange, names, receiver)
    answer = await exchange.client.post(
        f"/v1/subscriptions/{made['id']}/secret", headers=exchange.headers(names[0])
    )
    fresh = answer.json()["secret"]
    assert fresh != made["secret"]
    receiver.secrets = [made["secret"], fresh]  # Both must hold, or the receiver answers nothing.
    await exchange.publish(names[1], "31113", 1)
    await until(lambda: receiver.subseqs() == [1])
    signatures = receiver.messages[0][0]["webhook-signature"].split(" ")
    assert len(signatures) == 2
    assert (await exchange.look(names[0], made["id"]))["secret"] is None


async def test_a_backlog_may_come_in_batches(exchange, names, receiver):
    institution, coordination = names
    await exchange.sign(institution, coordination)
    await exchange.publish(coordination, "31113", 25)
    made = await exchange.subscribe(
        institution, coordination, channel="webhook", url=receiver.url, batch_max=10
    )
    receiver.secrets = [made["secret"]]
    await until(lambda: len(receiver.subseqs()) >= 25)
    assert receiver.subseqs() == list(range(1, 26))
    assert max(len(content) for _, content in receiver.messages) == 10
    assert receiver.messages[0][0]["content-type"] == "application/cloudevents-batch+json"


async def test_an_endpoint_that_never_answers_slows_no_other(exchange, names, receiver):
    institution, coordination = names
    stuck = await Receiver().start()
    open_again = asyncio.Event()
    stuck.wait = open_again.wait
    try:
        await webhook(exchange, names, stuck)
        healthy = await exchange.subscribe(
            institution, coordination, channel="webhook", url=receiver.url
        )
        await exchange.publish(coordination, "31113", 20)
        await until(lambda: receiver.subseqs() == list(range(1, 21)))
        assert stuck.messages == []
        assert healthy["id"]
    finally:
        open_again.set()
        await until(lambda: stuck.subseqs() == list(range(1, 21)))
        await stuck.stop()


async def test_the_end_of_an_agreement_stops_its_webhook(exchange, names, receiver):
    institution, coordination = names
    fact = await exchange.sign(institution, coordination)
    made = await exchange.subscribe(institution, coordination, channel="webhook", url=receiver.url)
    await exchange.publish(coordination, "31113", 1)
    await until(lambda: receiver.subseqs() == [1])
    await exchange.end(fact)
    await until(lambda: has_status(exchange, institution, made["id"], "closed"))
    await exchange.publish(coordination, "31113", 3)
    other = await Receiver().start()
    fresh = (f"{institution}-b", f"{coordination}-b")
    await webhook(exchange, fresh, other)
    await exchange.publish(fresh[1], "31113", 1)
    await until(other.subseqs)  # What came later was delivered elsewhere.
    assert receiver.subseqs() == [1]
    await other.stop()


@pytest.mark.parametrize("loopback", [True, False])
async def test_a_name_that_leads_inside_is_not_connected_to(monkeypatch, receiver, loopback):
    """A public name whose address is private: what is checked is where the connection goes."""
    endpoints = Endpoints(loopback=loopback)
    loop = asyncio.get_running_loop()

    async def lies(name, port, **_):
        return [(2, 1, 6, "", ("93.184.215.14", port)), (2, 1, 6, "", ("10.0.0.1", port))]

    monkeypatch.setattr(loop, "getaddrinfo", lies)
    async with endpoints.client() as client:
        with pytest.raises(NotDelivered, match="n'est pas sur Internet"):
            await endpoints.post(client, "https://partner.example.org/in", b"{}", {})


async def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch, receiver):
    """A second resolution would lead elsewhere: there is none."""
    endpoints = Endpoints(loopback=True)
    loop = asyncio.get_running_loop()
    asked = []

    async def once(name, port, **_):
        asked.append(name)
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(loop, "getaddrinfo", once)
    url = f"http://partner.example.org:{receiver.port}/in"
    body = b'{"type": "x", "subseq": 1}'
    async with endpoints.client() as client:
        status, _ = await endpoints.post(client, url, body, {"content-type": "application/json"})
    assert (status, receiver.subseqs()) == (200, [1])
    assert receiver.messages[0][0]["host"] == f"partner.example.org:{receiver.port}"
    assert [one for one in asked if one == "partner.example.org"] == ["partner.example.org"]


async def test_of_fifty_a_slow_and_a_dead_one_keep_nobody_waiting(exchange, names):
    institution, coordination = names
    await exchange.sign(institution, coordination)
    healthy = [await Receiver().start() for _ in range(48)]
    slow, goes_on = await Receiver().start(), asyncio.Event()
    slow.wait = goes_on.wait
    asked = {"channel": "webhook"}
    for one in (*healthy, slow):
        made = await exchange.subscribe(institution, coordination, url=one.url, **asked)
        one.secrets, one.subscription = [made["secret"]], made["id"]
    nobody = "http://127.0.0.1:9/nobody"
    dead = await exchange.subscribe(institution, coordination, url=nobody, **asked)
    numbers = [1, 2, 3, 4, 5, 6]
    try:
        await exchange.publish(coordination, "31113", len(numbers))
        await until(lambda: all(len(one.messages) >= len(numbers) for one in healthy), 90)
        assert [list(dict.fromkeys(one.subseqs())) for one in healthy] == [numbers] * 48
        assert slow.messages == []

        async def failing() -> bool:
            found = await exchange.look(institution, dead["id"])
            return found["failed"] > 0 and found["sent"] == 0

        await until(failing, 60)
        goes_on.set()
        again = {"json": {"status": "active"}, "headers": exchange.headers(institution)}
        await exchange.client.patch(f"/v1/subscriptions/{slow.subscription}", **again)
        await until(lambda: numbers[-1] in slow.subseqs(), 60)
        assert list(dict.fromkeys(slow.subseqs())) == numbers
    finally:
        goes_on.set()
        for one in (*healthy, slow):
            await one.stop()
        subscriptions = await exchange.client.get(
            "/v1/subscriptions?limit=200", headers=exchange.headers(institution)
        )
        for one in subscriptions.json()["items"]:
            path = f"/v1/subscriptions/{one['id']}"
            await exchange.client.delete(path, headers=exchange.headers(institution))
