"""What a request of signals is given: the same answer under the same key, and no more than a quota."""

import asyncio
import json
from uuid import uuid4

import msgspec
import pytest

from contracts.streams import PUB, durables_of
from services.chassis.streams import Message
from services.exchange.store import intake
from tests.integration.conftest import COORDINATION, until
from tests.integration.edge.conftest import Edge, attributes, event_of, exposure

BATCH = {"Content-Type": "application/cloudevents-batch+json"}


async def send(edge: Edge, events: list, institution: str = "caf-31", key: str | None = None):
    """Send a batch as an institution."""
    headers = {**edge.system_of(institution), **BATCH, **({"Idempotency-Key": key} if key else {})}
    return await edge.ask("/v1/signals", verb="POST", json=events, headers=headers)


def batch(size: int, institution: str = "caf-31") -> list:
    """Return good signals under the open licence, which both institutions may bring."""
    body = {"agreement": None, "licence": "cnaf-open-data"}
    source = {"source": f"urn:ctin:institution:{institution}"}
    return [event_of(exposure(**body), **source) for _ in range(size)]


async def receipts(edge: Edge, institution: str = "caf-31") -> int:
    query = "SELECT count(*) FROM receipts WHERE institution = $1"
    return await edge.service.pool.fetchval(query, institution)


async def test_the_same_request_under_the_same_key_is_answered_once_and_for_all(edge: Edge):
    events = [*batch(2), event_of(exposure(count=-1))]
    first = await send(edge, events, key="k1")
    again = await asyncio.gather(*(send(edge, events, key="k1") for _ in range(5)))

    assert first.status_code == 202
    assert [one.json() for one in again] == [first.json()] * 5
    assert await receipts(edge) == 3


async def test_the_same_request_ten_times_at_once_under_a_key_counts_once(edge: Edge):
    events = batch(2)
    answers = await asyncio.gather(*(send(edge, events, key="k2") for _ in range(10)))
    assert {one.text for one in answers} == {answers[0].text}
    assert await receipts(edge) == 2


async def test_without_a_key_the_same_request_counts_twice(edge: Edge):
    """Negative control of the two above."""
    events = batch(2)
    await send(edge, events)
    await send(edge, events)
    assert await receipts(edge) == 4


async def test_a_key_stands_for_one_body_and_for_one_institution(edge: Edge):
    assert (await send(edge, batch(1), key="k3")).status_code == 202
    other = await send(edge, batch(1), key="k3")
    assert (other.status_code, other.json()["code"]) == (409, "E_DIFFERS")
    neighbour = await send(edge, batch(1, "la-poste"), "la-poste", key="k3")
    assert neighbour.json()["items"][0]["status"] == "kept"


async def test_a_request_of_too_many_events_or_bytes_is_refused_whole(edge: Edge):
    small = {"specversion": "1.0"}
    answer = await send(edge, [small] * 4001)
    assert (answer.status_code, answer.json()["code"]) == (413, "E_SIZE")
    answer = await send(edge, [{"x": "é" * 4_200_000}])
    assert (answer.status_code, answer.json()["code"]) == (413, "E_SIZE")
    assert await receipts(edge) == 0


async def test_a_request_beyond_the_quota_is_told_when_to_come_back(open_edge):
    edge = await open_edge(signals_at_once_max=4_000, signals_per_second_max=1)
    assert (await send(edge, batch(3_900))).status_code == 202

    answer = await send(edge, batch(200))

    assert (answer.status_code, answer.json()["code"]) == (429, "E_QUOTA")
    assert 90 <= int(answer.headers["retry-after"]) <= 100
    assert await receipts(edge) == 3_900, "nothing of a refused request is kept"
    assert (await send(edge, batch(50))).status_code == 202


@pytest.mark.parametrize("is_shared", [False, True], ids=["ours", "one-bucket-for-all"])
async def test_the_flood_of_one_leaves_the_quota_of_another_whole(
    open_edge, monkeypatch, is_shared
):
    """With one bucket for all, the control, the second institution is told to wait."""
    edge = await open_edge(signals_at_once_max=4_000, signals_per_second_max=1)
    if is_shared:
        refill, take = intake.refill_allowance, intake.take_allowance
        monkeypatch.setattr(intake, "refill_allowance", lambda c, _, **o: refill(c, "all", **o))
        monkeypatch.setattr(intake, "take_allowance", lambda c, _, n: take(c, "all", n))
    assert (await send(edge, batch(4_000))).status_code == 202
    assert (await send(edge, batch(10))).status_code == 429

    answer = await send(edge, batch(10, "la-poste"), "la-poste")

    assert answer.status_code == (429 if is_shared else 202)


async def test_beyond_the_quota_nats_answers_so_and_keeps_what_came_first(open_edge):
    edge = await open_edge(signals_at_once_max=4_000, signals_per_second_max=1)
    assert (await send(edge, batch(3_990))).status_code == 202
    caf, poste = await edge.user("caf-31"), await edge.user("la-poste")
    flood = [_message("caf-31") for _ in range(40)]
    last = await caf.publish_batch(flood, batch=uuid4().hex)
    await poste.publish(_message("la-poste"))

    query = "SELECT status, code, in_seq FROM receipts WHERE institution = $1 AND in_seq > 0"

    async def all_received():
        found = await edge.service.pool.fetch(f"{query} ORDER BY in_seq", "caf-31")
        return len(found) == 40 and found

    found = await until(all_received)
    told = [(row["status"], row["code"]) for row in found]
    kept = told.count(("kept", None))
    assert 10 <= kept <= 20, "time gives one back each second"
    assert told == [("kept", None)] * kept + [("refused", "E_QUOTA")] * (40 - kept)
    answers = await caf.pull(PUB, durables_of("caf-31")["answers"], most=500, seconds=5)
    codes = {msgspec.json.decode(one.data)["code"] for one in answers}
    assert codes == {"E_QUOTA"}
    assert found[-1]["in_seq"] == last

    async def neighbour():
        return await edge.service.pool.fetch(query, "la-poste")

    assert [row["status"] for row in await until(neighbour)] == ["kept"]


def _message(institution: str) -> Message:
    body = exposure(agreement=None, licence="cnaf-open-data")
    named = attributes(institution)
    headers = {f"ce-{name}": value for name, value in named.items()}
    subject = f"in.{institution}.{COORDINATION}.exposure_count.v1"
    return Message(subject, json.dumps(body).encode(), headers)
