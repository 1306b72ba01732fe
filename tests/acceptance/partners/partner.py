"""A partner institution's own program: nats-py with its `nkeys` extra, and nothing else.

    partner.py publish FOLDER SIGNALS.ndjson [--idle SECONDS]
    partner.py follow FOLDER STATE_FILE [--idle SECONDS]

It is written from the partner guide and the published contracts alone.
Exit codes: 0 done, 1 a signal was refused, 2 wrong usage, 3 the exchange refuses us or is silent.
"""
# ruff: noqa: T201 - a small command: it prints, and reads its files at once

import argparse
import asyncio
import json
import math
import os
import sys
import time
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.errors import APIError, NoStreamResponseError

TYPES = ("exposure_count", "reported_need")
UPDATE = "fr.ctin.diagnostics.area_updated.v1"
SIZE_ERROR = 10054  # JetStream's own code for a message larger than the stream takes
Json = dict[str, Any]
DONE, REFUSED, USAGE, AWAY = 0, 1, 2, 3


class Stop(Exception):
    """Ends the program with an exit code and one French sentence."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


async def listen(client: Client, me: Json, durable: str, idle: float) -> AsyncIterator[Msg]:
    """Messages of a durable, until `idle` seconds went by without one."""
    name = me["durables"][durable]
    consumer = await client.jetstream().pull_subscribe_bind(durable=name, stream=me["stream"])
    heard = time.monotonic()
    while (left := heard + idle - time.monotonic()) > 0:
        messages: list[Msg] = []
        try:
            if client.is_connected:  # a request made while disconnected would only pile up
                messages = await consumer.fetch(100, timeout=max(0.1, min(5.0, left)))
            else:
                await asyncio.sleep(0.2)
        except TimeoutError:
            continue
        except APIError:  # the server starts, or the durable is not there yet
            await asyncio.sleep(0.5)
        for message in messages:
            yield message
            heard = time.monotonic()


async def publish(client: Client, me: Json, path: Path, idle: float) -> int:
    text = path.read_text(encoding="utf-8")
    signals = [json.loads(line) for line in text.split("\n") if line.strip()]
    if not all(isinstance(signal, dict) and signal.get("type") in TYPES for signal in signals):
        raise Stop(USAGE, f"Chaque ligne a un « type », {' ou '.join(TYPES)}.")
    lines = [await send(client, me, signal) for signal in signals]
    missing = {line["in_seq"]: line for line in lines if line["status"] is None}
    if missing:
        async for message in listen(client, me, "answers", idle):
            event = json.loads(message.data)
            for answer in event.get("answers", [event]):  # one answer, or several grouped
                line = missing.pop(answer["in_seq"], None)
                if line is not None:
                    line["code"], line["detail"] = answer.get("code"), answer.get("detail")
                    line["status"] = "accepted" if line["code"] is None else "refused"
            await message.ack()
            if not missing:
                break
        else:
            raise Stop(AWAY, "L'échange n'a pas encore répondu : relancez la même commande.")
    for line in lines:
        print(json.dumps(line, ensure_ascii=False))
    return DONE if all(line["status"] == "accepted" for line in lines) else REFUSED


async def send(client: Client, me: Json, signal: Json) -> Json:
    """Publish a signal until the stream keeps it. A retry is free, so every failure is retried."""
    kind = signal["type"]
    data = {key: value for key, value in signal.items() if key != "type"}
    body = json.dumps(data, ensure_ascii=False).encode()
    subject = f"in.{me['institution']}.{me['coordination']}.{kind}.v1"
    line = {"signal_id": signal.get("signal_id"), "in_seq": None, "status": None}
    line |= {"code": None, "detail": None}
    too_large = {"status": "refused", "code": "E_SIZE", "detail": "Le message est trop grand."}
    if len(body) > client.max_payload:
        return line | too_large
    while True:
        headers = {
            "ce-specversion": "1.0",
            "ce-id": str(uuid.uuid4()),
            "ce-source": f"urn:ctin:institution:{me['institution']}",
            "ce-type": f"fr.ctin.signals.{kind}.v1",
            "ce-time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "ce-datacontenttype": "application/json",
        }
        try:
            ack = await client.jetstream().publish(subject, body, headers=headers)
            return line | {"in_seq": ack.seq}
        except APIError as error:
            if error.err_code == SIZE_ERROR:
                return line | too_large
            if error.code is not None and error.code < 500:
                refusal = {"code": str(error.err_code), "detail": error.description}
                return line | refusal | {"status": "refused"}
        except (TimeoutError, NoStreamResponseError, nats.errors.OutboundBufferLimitError):
            pass
        await asyncio.sleep(0.5)


async def follow(client: Client, me: Json, path: Path, idle: float) -> int:
    state: Json = {"last_seq": 0, "areas": {}, "applied": 0}
    if path.exists():
        state = json.loads(path.read_text(encoding="utf-8"))
    async for message in listen(client, me, "updates", idle):
        known = (message.headers or {}).get("ce-type") == UPDATE
        if known and apply(state, message.metadata.sequence.stream, json.loads(message.data)):
            save(path, state)
        await message.ack()
    return DONE


def apply(state: Json, seq: int, area: Json) -> bool:
    """Keep each figure of an update that is newer than the one in its place; tell if any was.

    The sequence is kept per figure: after a crash, what was in flight comes again after newer
    messages, and must still be taken where nothing newer was.
    """
    found = state["areas"].setdefault(area["commune"], {"as_of_seq": 0, "readings": {}, "seqs": {}})
    changed = False
    for figure in area["exposures"]:
        key = key_of(figure)
        if seq > found["seqs"].get(key, 0):
            found["readings"][key], found["seqs"][key] = figure["reading"], seq
            changed = True
    found["as_of_seq"] = max(found["as_of_seq"], area["as_of_seq"])
    state["last_seq"] = max(state["last_seq"], seq)
    state["applied"] += changed
    return changed


def key_of(figure: Json) -> str:
    """Name the place of a figure: two with one name never stand together."""
    parts = [figure[name] for name in ("institution", "measure", "period", "unit", "grid")]
    breakdown = figure.get("breakdown") or {}
    return "/".join([*parts, *(f"{name}={breakdown[name]}" for name in sorted(breakdown))])


def save(path: Path, state: Json) -> None:
    """Replace the file at once, and only when its bytes are on disk."""
    new = path.with_name(path.name + ".new")
    with new.open("w", encoding="utf-8") as file:
        json.dump(state, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


async def main(arguments: argparse.Namespace) -> int:
    """Run the command until it ends or the server forbids something."""
    me = json.loads((arguments.folder / "partner.json").read_text(encoding="utf-8"))
    seed = Path(me["nkey_seed_file"]).read_text(encoding="utf-8").strip()
    forbidden: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def on_error(error: Exception) -> None:
        text = str(error).lower()
        if not forbidden.done() and ("permissions violation" in text or "authorization" in text):
            sentence = f"Le serveur refuse cette clé ou ce sujet : {error}."
            forbidden.set_exception(Stop(AWAY, sentence))

    async def on_closed() -> None:
        await on_error(nats.errors.AuthorizationError())

    async def work() -> int:
        client = await nats.connect(
            me["nats_url"],
            nkeys_seed_str=seed,
            inbox_prefix=me["inbox_prefix"],
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.5,
            error_cb=on_error,
            closed_cb=on_closed,
        )
        command = publish if arguments.command == "publish" else follow
        code = await command(client, me, arguments.file, arguments.idle)
        await client.flush()  # the last acknowledgements
        return code

    task = asyncio.create_task(work())
    first: list[asyncio.Future[Any]] = [task, forbidden]
    await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
    if forbidden.done():
        forbidden.result()  # raises
    return await task


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Programme d'un partenaire.")
    parser.add_argument("command", choices=("publish", "follow"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--idle", type=float, default=math.inf, help="secondes de silence")
    try:
        sys.exit(asyncio.run(main(parser.parse_args())))
    except Stop as stop:
        print(stop, file=sys.stderr)
        sys.exit(stop.code)
    except (OSError, ValueError, KeyError) as error:
        print(f"Fichier illisible ou mal formé : {error}", file=sys.stderr)
        sys.exit(USAGE)
