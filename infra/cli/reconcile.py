"""`ctin reconcile` and `ctin rebuild stream`: what was told, and what the streams hold of it."""

import argparse
import asyncio
import json
import sys
from pathlib import Path

import httpx

from contracts.streams import SERVICES, stream_of
from contracts.values import Role
from infra.cli.folder import DataFolder
from infra.cli.operator_token import token
from infra.cli.running import Running, running
from services.chassis.streams import AWAY as NATS_AWAY
from services.chassis.streams import NO_STREAM, StreamRefusal, Streams

DONE, DIFFERS, AWAY = 0, 1, 3
ROUND_SECONDS_MAX = 600.0
CONNECT_SECONDS_MAX = 5.0
PATH = "/v1/upkeep/reconciliations"


class NotThere(Exception):
    """Something the command needs does not answer; the message names it."""


def run(arguments: argparse.Namespace) -> int:
    """Compare the streams of services with their tables; 1 when facts were missing."""
    try:
        missing = 0
        for service in [arguments.service] if arguments.service else SERVICES:
            missing += _round(arguments.data_dir, service)
    except NotThere as fault:
        sys.stderr.write(f"{fault}\n")
        return AWAY
    return DIFFERS if missing else DONE


def rebuild(arguments: argparse.Namespace) -> int:
    """Delete a service's stream and have it made again from its table; consumers go on."""
    try:
        stack = stack_of(arguments.data_dir)
        asyncio.run(_delete(DataFolder(arguments.data_dir), stack, arguments.service))
        _round(arguments.data_dir, arguments.service)
    except NotThere as fault:
        sys.stderr.write(f"{fault}\n")
        return AWAY
    return DONE


async def _delete(folder: DataFolder, stack: Running, service: str) -> None:
    seed = folder.nats_seed("operator").read_text(encoding="utf-8").strip()
    streams = Streams(url=stack.nats, seed=seed, name="operator", ca_file=stack.ca_file)
    await streams.start()
    try:
        async with asyncio.timeout(CONNECT_SECONDS_MAX):
            await streams.connected()
        await streams.api(f"STREAM.DELETE.{stream_of(service)}")
    except StreamRefusal as refusal:
        if refusal.code != NO_STREAM:
            raise NotThere(f"NATS refuse de retirer le flux : {refusal}.") from refusal
    except NATS_AWAY as fault:
        raise NotThere("NATS ne répond pas ; démarrez la pile par « ctin up ».") from fault
    finally:
        await streams.stop()


def stack_of(folder: Path) -> Running:
    """Return where the services of the stack of a folder answer.

    Raises:
        NotThere: none was ever started there.
    """
    try:
        return running(folder)
    except FileNotFoundError:
        raise NotThere(f"Aucune pile n'a été démarrée dans {folder}.") from None


def _round(folder: Path, service: str) -> int:
    """Print what a round found in each stream of a service; return how many facts were missing."""
    stack = stack_of(folder)
    url = f"{stack.services[service]}{PATH}"
    headers = {"Authorization": f"Bearer {token(DataFolder(folder), Role.OPERATOR)}"}
    try:
        with stack.client(ROUND_SECONDS_MAX) as client:
            answer = client.post(url, headers=headers)
    except httpx.HTTPError:
        raise NotThere(f"Le service « {service} » ne répond pas.") from None
    if not answer.is_success:
        raise NotThere(f"Le service « {service} » : {answer.json().get('detail', '')}")
    missing = 0
    for one in answer.json():
        print(json.dumps({"service": service, **one}, ensure_ascii=False), flush=True)
        missing += one["missing"]
    return missing
