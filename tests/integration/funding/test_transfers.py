"""The route that takes acts: what it answers, whatever it is sent."""

import asyncio
import json
from uuid import UUID

import pytest

from contracts.http.funding import TRANSFERS_MAX
from services.funding.model.ledger import companion_id


async def test_answers_come_in_the_order_of_the_acts_and_refused_ones_stop_no_other(world):
    acts = [world.act("pledge", 100), world.act("notify", 101), world.act("notify", 60)]

    answers = await world.send(acts)

    assert [one["id"] for one in answers] == [one["id"] for one in acts]
    assert [(one["status"], one["code"]) for one in answers] == [
        ("posted", None),
        ("refused", "E_FUNDS"),
        ("posted", None),
    ]
    assert await world.stages() == {"promised": 40, "notified": 60}


MALFORMED = {
    "un montant nul": ("amount_cents", 0),
    "un montant à virgule": ("amount_cents", 1.5),
    "un montant énorme": ("amount_cents", 10**20),
    "un acte inconnu": ("kind", "steal"),
    "un champ de trop": ("colour", "blue"),
    "un jour qui n'est pas": ("effective_on", "2026-02-30"),
    "un caractère nul": ("reason", "a\0b"),
    "un fonds mal nommé": ("fund", "Région"),
    "un identifiant qui n'en est pas": ("id", "un-deux-trois"),
}


@pytest.mark.parametrize(("field", "value"), MALFORMED.values(), ids=list(MALFORMED))
async def test_an_act_that_does_not_follow_the_contract_is_refused_alone(world, field, value):
    acts = [world.act("pledge", 100), world.act("pledge", 100), world.act("notify", 100)]
    acts[1][field] = value

    first, bad, last = await world.send(acts)

    assert (first["status"], last["status"]) == ("posted", "posted")
    assert (bad["id"], bad["status"], bad["code"]) == (acts[1]["id"], "refused", "E_FIELD")
    assert field in bad["detail"]


@pytest.mark.parametrize("item", ["pledge", None, 1, [], {}, {"id": {"a": 1}}])
async def test_what_is_no_act_at_all_is_refused_alone(world, item):
    bad, good = await world.send([item, world.act("pledge", 100)])

    assert bad == {"id": None, "status": "refused", "code": "E_FIELD", "detail": bad["detail"]}
    assert good["status"] == "posted"


async def test_an_act_that_is_not_utf8_is_refused_alone(world):
    good = json.dumps(world.act("pledge", 100)).encode()

    answer = await world.running.client.post(
        world.address("transfers"),
        content=b'[{"reason": "\xff"}, ' + good + b"]",
        headers=world.headers,
    )

    assert [(one["status"], one["code"]) for one in answer.json()] == [
        ("refused", "E_FIELD"),
        ("posted", None),
    ]
    assert "UTF-8" in answer.json()[0]["detail"]


@pytest.mark.parametrize("body", [b"", b"{}", b"[", b'[{"id":1},]', b"null", b"\xff"])
async def test_a_body_that_is_no_list_is_refused_whole(world, body):
    answer = await world.running.client.post(
        world.address("transfers"), content=body, headers=world.headers
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "E_FIELD")
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_list_of_8000_acts_is_taken_and_one_more_is_not(world):
    acts = [world.act("pledge", 1, reason="Révision annoncée") for _ in range(TRANSFERS_MAX)]

    answers = await world.send(acts)
    more = await world.running.client.post(
        world.address("transfers"), json=[*acts, world.act("pledge")], headers=world.headers
    )

    assert {one["status"] for one in answers} == {"posted"}
    assert (more.status_code, more.json()["code"]) == (413, "E_SIZE")
    assert await world.stages() == {"promised": TRANSFERS_MAX}


async def test_a_body_of_more_than_8_mib_is_refused(world):
    answer = await world.running.client.post(
        world.address("transfers"), content=b"[" + b" " * (8 * 1024 * 1024), headers=world.headers
    )

    assert (answer.status_code, answer.json()["code"]) == (413, "E_SIZE")


async def test_an_empty_list_is_answered_by_an_empty_list(world):
    assert await world.send([]) == []


async def test_a_trial_answers_as_the_ledger_would_and_records_nothing(world):
    await world.must("pledge", 100)
    acts = [world.act("notify", 60), world.act("notify", 41), world.act("pledge", 1)]

    tried = await world.send(acts, dry_run="true")

    assert [one["status"] for one in tried] == ["posted", "refused", "posted"]
    assert await world.stages() == {"promised": 100}
    assert await world.send(acts) == tried


async def test_a_list_sent_again_is_answered_without_effect(world):
    acts = [world.act("pledge", 100), world.act("notify", 60)]
    await world.send(acts)

    again = await world.send(acts)

    assert [one["status"] for one in again] == ["exists", "exists"]
    assert await world.stages() == {"promised": 40, "notified": 60}


async def test_another_content_under_a_known_id_is_refused(world):
    act = world.act("pledge", 100)
    await world.send([act])

    answers = await world.send([{**act, "amount_cents": 99}, {**act, "reason": "Autre"}])

    assert [one["code"] for one in answers] == ["E_DIFFERS", "E_DIFFERS"]


async def test_the_same_act_sent_fifty_times_at_once_is_recorded_once(world):
    act = world.act("pledge", 100)

    answers = await asyncio.gather(*(world.send([act]) for _ in range(50)))

    statuses = sorted(answer[0]["status"] for answer in answers)
    assert statuses == ["exists"] * 49 + ["posted"]
    assert await world.stages() == {"promised": 100}


async def test_an_id_that_a_payment_will_need_cannot_be_taken_to_harm_the_others(world):
    """The treasury's side of a payment has an id of its own, which anyone may compute."""
    await world.reach("mandated", 100)
    pay = world.act("pay", 50)
    await world.must("pledge", 7, id=str(companion_id(UUID(pay["id"]))))

    answers = await world.send([pay, world.act("pledge", 100)])

    assert [one["code"] for one in answers] == ["E_DIFFERS", None]
    assert (await world.stages())["mandated"] == 100


async def test_ids_of_two_coordinations_are_apart(make_world):
    one, two = await make_world(), await make_world()
    act = one.act("pledge", 100)

    assert (await one.send([act]))[0]["status"] == "posted"
    assert (await two.send([act]))[0]["status"] == "posted"
    assert (await one.get("pool"))["stages"] == (await two.get("pool"))["stages"]


@pytest.mark.parametrize(
    ("role", "coordination", "status"),
    [
        ("coordinator", "own", 200),
        ("operator", "*", 200),
        ("coordinator", "other", 403),
        ("member", "own", 403),
        ("institution", "own", 403),
    ],
)
async def test_acts_are_for_who_keeps_this_coordinations_money(
    world, bearer, role, coordination, status
):
    where = {"own": world.coordination, "other": "autre"}.get(coordination, coordination)

    answer = await world.running.client.post(
        world.address("transfers"), json=[], headers=bearer(role, where)
    )

    assert answer.status_code == status


async def test_nobody_reads_or_writes_without_a_token(world):
    for method, path in (
        ("POST", "transfers"),
        ("GET", "pool"),
        ("GET", "journal"),
        ("GET", "funds"),
        ("GET", "actions"),
        ("PUT", "payees/nouveau"),
    ):
        answer = await world.running.client.request(method, world.address(path))
        assert (answer.status_code, answer.json()["code"]) == (401, "E_TOKEN"), path
