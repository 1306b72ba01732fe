"""Compare what a service told with its stream, and publish again what a damaged stream lost.

PostgreSQL is the truth. A round reads the identifiers of the whole stream; what left the outbox and
is not there goes back into it, under the same identifier, so that a consumer that had it does
nothing. A fact published while the round reads is no loss: what looks missing is looked for again
once the stream was read to an end that came after.
"""

from contextlib import suppress
from uuid import UUID

from contracts.http.upkeep import Reconciled
from contracts.streams import ANSWERS, BATCH_MAX
from services.chassis.database import SQL, Connection
from services.chassis.log import logger
from services.chassis.relay import Relay
from services.chassis.streams import StreamRefusal, Streams

WAIT_SECONDS = 0.5
FORGOTTEN_SECONDS = 60


async def reconcile(
    service: str, relay: Relay, connection: Connection, streams: Streams
) -> Reconciled:
    """Do one round on the stream of `relay` and return what was found."""
    await relay.ensure_stream(connection)
    durable = f"{service}-audit"
    with suppress(StreamRefusal):  # A round that was cut short may have left it.
        await streams.api(f"CONSUMER.DELETE.{relay.stream}.{durable}")
    config: dict[str, object] = {
        "durable_name": durable,
        "ack_policy": "none",
        "deliver_policy": "all",
        "headers_only": True,
        "inactive_threshold": FORGOTTEN_SECONDS * 10**9,
    }
    if relay.answers:
        config["filter_subjects"] = [ANSWERS]
    await streams.ensure_consumer(relay.stream, config)
    await connection.execute(SQL["forget_seen"])
    await _read_on(relay.stream, durable, connection, streams)
    rows = await connection.fetch(SQL["unseen"], relay.answers, relay.since())
    again = []
    if rows:
        await _read_on(relay.stream, durable, connection, streams)
        suspects = [row["seq"] for row in rows]
        again = await connection.fetch(SQL["put_again"], relay.answers, suspects)
    relay.poke()
    figures = await connection.fetchrow(SQL["seen_figures"])
    assert figures is not None, "an aggregate has one row"
    found = Reconciled(stream=relay.stream, missing=len(again), **dict(figures))
    logger().info(
        "stream_reconciled",
        stream=found.stream,
        found=found.found,
        missing=found.missing,
        doubled=found.doubled,
        strangers=found.strangers,
    )
    return found


async def _read_on(stream: str, durable: str, connection: Connection, streams: Streams) -> None:
    """Note the identifiers of all that follows, through the end that the stream has meanwhile."""
    while batch := await streams.pull(stream, durable, most=BATCH_MAX, seconds=WAIT_SECONDS):
        seen = []
        for message in batch:
            with suppress(ValueError):  # None of ours: it is not what is looked for.
                seen.append(UUID(message.headers.get("ce-id", "")))
        await connection.execute(SQL["add_seen"], seen)
        if batch[-1].pending == 0:
            break
