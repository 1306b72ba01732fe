"""The NATS client: one test for each way in which the bare one loses or waits."""

import asyncio
import signal
import time
from contextlib import suppress
from pathlib import Path

import nats
import pytest

from contracts.envelope import from_headers
from services.chassis import streams
from services.chassis.errors import Unavailable
from services.chassis.relay import stream_config
from services.chassis.streams import (
    NO_CONSUMER,
    WRONG_LAST_SEQUENCE,
    Message,
    StreamRefusal,
    Streams,
)
from tests.integration.chassis.conftest import STREAM, publish, stored
from tests.integration.conftest import until

DURABLE = {
    "durable_name": "funding-evt_roadmap",
    "filter_subjects": ["evt.roadmap.>"],
    "ack_policy": "all",
}
SUBJECT = "evt.roadmap.gers._all.x.v1"
TOO_LARGE = 10054
# Refused at the door, the bare client leaves its socket to the collector.
LEAKS = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
async def roadmap(open_streams):
    client = await open_streams("roadmap")
    await client.ensure_stream(stream_config("roadmap", replicas=1))
    return client


@pytest.fixture
async def funding(open_streams, roadmap):
    client = await open_streams("funding")
    await client.ensure_consumer(STREAM, DURABLE)
    return client


async def last(client) -> int:
    return (await client.last(STREAM))[0]


async def test_a_refused_permission_is_told_by_its_name(roadmap, funding, monkeypatch):
    monkeypatch.setattr(streams, "REQUEST_SECONDS", 0.5)
    assert funding.denied is None

    with pytest.raises(Unavailable, match=r"NATS refuse evt\.roadmap\.gers"):
        await funding.publish(Message(SUBJECT, b"{}", {}))

    assert "permissions violation" in funding.denied
    assert await last(roadmap) == 0


async def test_a_server_that_denies_tls_is_not_gone_on_with(bus, open_streams):
    """The bare client would: who stands between needs only to take TLS out of the greeting."""
    plain = await open_streams("roadmap")
    assert plain.is_up
    url = bus.url.replace("nats://", "tls://")
    client = Streams(url=url, seed=bus.seeds["roadmap"], name="roadmap")
    await client.start()
    try:
        await until(lambda: client.untrusted)
        assert not client.is_up
        assert "TLS" in client.untrusted
    finally:
        await client.stop()
    bare = await nats.connect(url, nkeys_seed_str=bus.seeds["roadmap"])
    assert bare.is_connected, "the bare client would refuse too: the wrapper may go"
    await bare.close()


@LEAKS
async def test_a_user_revoked_then_readmitted_is_back_by_itself(bus, roadmap):
    bus.reload(without=("roadmap",))
    await until(lambda: not roadmap.is_up)
    with pytest.raises(Unavailable):
        await last(roadmap)

    bus.reload()

    await until(lambda: roadmap.is_up)
    assert await last(roadmap) == 0


async def test_a_client_closed_for_good_is_replaced(roadmap):
    closed = roadmap.client()
    await closed.close()
    await until(lambda: roadmap.is_up)
    assert roadmap.client() is not closed
    assert await last(roadmap) == 0


@LEAKS
async def test_revoking_one_user_disconnects_no_other(bus, roadmap, funding):
    """Negative control of the test above, and a promise to the other partners."""
    client = roadmap.client()
    bus.reload(without=("funding",))
    await until(lambda: not funding.is_up)
    assert roadmap.client() is client
    assert client.stats["reconnects"] == 0


async def test_a_server_away_for_many_tries_is_found_again(bus, roadmap):
    tries = 0
    connect = asyncio.open_connection

    async def counted(*arguments, **options):
        nonlocal tries
        tries += 1
        return await connect(*arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "open_connection", counted)
        bus.kill()
        await until(lambda: tries > 70)  # The bare client gives up after 60.
        assert not roadmap.is_up
        bus.start()
        await until(lambda: roadmap.is_up)
    assert await last(roadmap) == 0


async def test_a_request_under_way_when_the_connection_breaks_fails_at_once(bus, roadmap):
    bus.process.send_signal(signal.SIGSTOP)  # Connected, and answering nothing.
    status = Path(f"/proc/{bus.process.pid}/status")
    await until(lambda: "State:\tT" in status.read_text())
    asking = asyncio.create_task(last(roadmap))
    await asyncio.sleep(0.05)  # For the request to be written; nothing tells.
    began = time.monotonic()
    bus.kill()
    with pytest.raises(Unavailable):
        await asking
    assert time.monotonic() - began < streams.REQUEST_SECONDS / 2


async def test_a_pull_on_a_deleted_durable_is_refused_at_once(open_streams, funding):
    admin = await open_streams("admin")
    waiting = asyncio.create_task(funding.pull(STREAM, DURABLE["durable_name"], most=5, seconds=5))

    async def is_waiting():
        info = await funding.api(f"CONSUMER.INFO.{STREAM}.{DURABLE['durable_name']}")
        return info["num_waiting"] == 1

    await until(is_waiting)
    began = time.monotonic()
    await admin.api(f"CONSUMER.DELETE.{STREAM}.{DURABLE['durable_name']}")
    with pytest.raises(StreamRefusal) as while_waiting:
        await waiting
    with pytest.raises(StreamRefusal) as afterwards:
        await funding.pull(STREAM, DURABLE["durable_name"], most=5, seconds=5)

    assert time.monotonic() - began < 2
    assert {while_waiting.value.code, afterwards.value.code} == {NO_CONSUMER}


async def test_a_pull_with_nothing_there_returns_nothing_after_its_wait(funding):
    began = time.monotonic()
    assert await funding.pull(STREAM, DURABLE["durable_name"], most=5, seconds=0.3) == []
    assert 0.25 < time.monotonic() - began < 1


async def test_a_pull_never_misses_what_is_published_while_it_waits(roadmap, funding):
    """Twelve times, with the publication at other moments of the wait."""
    for number in range(1, 13):
        pulling = asyncio.create_task(
            funding.pull(STREAM, DURABLE["durable_name"], most=500, seconds=3)
        )
        await asyncio.sleep(number * 0.003)
        began = time.monotonic()
        await publish(roadmap, "a", number)
        (message,) = await pulling
        await funding.ack_through(message)
        assert message.stream_seq == message.consumer_seq == number
        assert time.monotonic() - began < 1


async def test_a_pull_returns_what_waits_at_once_and_at_most_what_was_asked(roadmap, funding):
    for number in range(1, 8):
        await publish(roadmap, "a", number)
    began = time.monotonic()
    first = await funding.pull(STREAM, DURABLE["durable_name"], most=5, seconds=5)
    second = await funding.pull(STREAM, DURABLE["durable_name"], most=5, seconds=5)
    assert [one.stream_seq for one in first + second] == [1, 2, 3, 4, 5, 6, 7]
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "headers",
    [{"Status": "404"}, {"Status": "409", "Description": "Consumer Deleted"}, {"Status": "100"}],
)
async def test_a_sender_cannot_pass_an_empty_message_off_as_the_servers_word(
    roadmap, funding, headers
):
    """Such a message would otherwise be skipped in silence, or block the durable for ever."""
    await roadmap.publish(Message(SUBJECT, b"", headers))
    (message,) = await funding.pull(STREAM, DURABLE["durable_name"], most=5, seconds=1)
    assert message.headers == headers


async def test_values_of_headers_survive_the_way(roadmap, funding):
    odd = 'Été à « Auch » 100 % "sûr"\n\\ 日本 %41'
    await publish(roadmap, odd, 1, causationid=odd)
    (message,) = await funding.pull(STREAM, DURABLE["durable_name"], most=5, seconds=1)
    event = from_headers(message.headers, message.data)
    assert (event.subject, event.causationid) == (odd, odd)


async def test_a_message_over_the_limit_is_refused_and_one_below_is_not(roadmap):
    with pytest.raises(StreamRefusal) as refused:
        await roadmap.publish(Message(SUBJECT, b"x" * (64 * 1024 + 1), {}))
    assert refused.value.code == TOO_LARGE
    assert await last(roadmap) == 0
    assert await roadmap.publish(Message(SUBJECT, b"x" * (63 * 1024), {})) == 1


@pytest.mark.parametrize(
    ("fence", "expected"), [("0", ["0", "1", "2"]), ("7", [])], ids=["right", "wrong"]
)
async def test_a_batch_is_stored_whole_or_not_at_all(roadmap, fence, expected):
    batch = [Message(SUBJECT, b"{}", {"ce-id": str(number)}) for number in range(3)]
    batch[0].headers["Nats-Expected-Last-Sequence"] = fence
    codes = []
    with suppress(StreamRefusal):
        try:
            await roadmap.publish_batch(batch, batch="b")
        except StreamRefusal as refusal:
            codes.append(refusal.code)
            raise
    assert bool(codes) is (expected == [])
    assert set(codes) <= set(WRONG_LAST_SEQUENCE)
    assert [one["ce-id"] for one in await stored(roadmap)] == expected


async def test_a_batch_with_one_message_too_large_stores_nothing(roadmap):
    batch = [Message(SUBJECT, b"{}", {}) for _ in range(3)]
    batch[1] = Message(SUBJECT, b"x" * (64 * 1024 + 1), {})
    with pytest.raises(StreamRefusal):
        await roadmap.publish_batch(batch, batch="b")
    assert await last(roadmap) == 0


async def test_a_batch_begun_and_left_does_not_spoil_the_same_one_sent_again(roadmap):
    batch = [Message(SUBJECT, b"{}", {"ce-id": str(number)}) for number in range(3)]
    headers = {"Nats-Batch-Id": "b", "Nats-Batch-Sequence": "1"}
    await roadmap.client().publish(SUBJECT, b"{}", headers=headers)

    async def sent() -> bool:
        with suppress(StreamRefusal):
            return await roadmap.publish_batch(batch, batch="b") == 3
        return False

    await until(sent)
    assert [one["ce-id"] for one in await stored(roadmap)] == ["0", "1", "2"]


async def test_an_institution_writes_its_own_subjects_and_reads_its_own_inbox_alone(
    open_streams, monkeypatch
):
    monkeypatch.setattr(streams, "REQUEST_SECONDS", 0.3)
    partner = await open_streams("caf-31")
    for subject in ("in.la-poste.gers-numerique.x.v1", "in.caf-31.tarn.x.v1", SUBJECT):
        with pytest.raises(Unavailable, match="refuse"):
            await partner.publish(Message(subject, b"{}", {}))
