"""Pull a subscription over NATS with nats-py alone, and prove that nothing is missing.

python pull.py FOLDER DURABLE LOG_FILE

LOG_FILE gets one line per event: its place in the stream, a space, its id; and one line
`complete PLACE COUNT` whenever a heartbeat says as many events as were counted up to a place.
"""

import asyncio
import json
import sys
from pathlib import Path

import nats
from nats.errors import TimeoutError as Nothing

BEAT = "fr.ctin.exchange.heartbeat.v1"


async def main(folder: Path, durable: str, log: Path) -> None:
    """Follow for ever."""
    me = json.loads((folder / "partner.json").read_text())
    seen: dict[int, str] = {}
    if log.exists():
        rows = [line.split() for line in log.read_text().splitlines()]
        seen = {int(row[0]): row[1] for row in rows if row[0] != "complete"}
    client = await nats.connect(
        me["nats_url"],
        nkeys_seed_str=Path(me["nkey_seed_file"]).read_text().strip(),
        inbox_prefix=me["inbox_prefix"],
        max_reconnect_attempts=-1,
    )
    pulled = await client.jetstream().pull_subscribe_bind(durable=durable, stream=me["stream"])
    while True:
        try:
            messages = await pulled.fetch(50, timeout=5)
        except Nothing:
            continue
        with log.open("a") as told:
            for message in messages:
                keep(message, durable, seen, told)
        for message in messages:
            await message.ack()


def keep(message, durable: str, seen: dict[int, str], told) -> None:
    """Write an event, or what a heartbeat of this subscription proves."""
    if message.headers["ce-type"] != BEAT:
        place = message.metadata.sequence.stream
        if place not in seen:
            seen[place] = message.headers["ce-id"]
            told.write(f"{place} {seen[place]}\n")
        return
    beat = json.loads(message.data)
    if durable.endswith(beat["subscription"].replace("-", "")):
        through = beat["through_seq"]
        if sum(place <= through for place in seen) == beat["matching"]:
            told.write(f"complete {through} {beat['matching']}\n")


asyncio.run(main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])))
