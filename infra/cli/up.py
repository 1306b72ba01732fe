"""`ctin up`: start a whole stack, keep it running, stop it cleanly on Ctrl-C."""

import argparse
import asyncio
import json
import signal
import sys
from contextlib import suppress
from pathlib import Path

from infra.cli.demo.doors import DemonstrationFailed
from infra.cli.demo.play import Demonstration
from infra.cli.door import opened
from infra.cli.environment import Ports
from infra.cli.folder import DataFolder
from infra.cli.stack import NotReady, Stack
from infra.devservers.spawning import CannotStart

DONE, REFUSED, USAGE, AWAY = 0, 1, 2, 3
PORT_MIN, PORT_MAX = 1024, 65_500


def say(sentence: str) -> None:
    """Tell the operator, at once."""
    print(sentence, flush=True)


def run(arguments: argparse.Namespace) -> int:
    """Run until SIGINT or SIGTERM; 2 when it would be unsafe, 3 when something cannot start."""
    if not PORT_MIN <= arguments.port_base <= PORT_MAX:
        sys.stderr.write(f"--port-base va de {PORT_MIN} à {PORT_MAX}.\n")
        return USAGE
    try:
        door = opened(
            host=arguments.host,
            name=arguments.name,
            certificate=arguments.tls_certificate,
            key=arguments.tls_key,
            ca=arguments.tls_ca,
        )
    except SystemExit as refusal:
        sys.stderr.write(f"{refusal}\n")
        return USAGE
    return asyncio.run(
        _run(arguments, Ports(arguments.port_base, door, nats_nodes=arguments.nats_nodes))
    )


async def _run(arguments: argparse.Namespace, ports: Ports) -> int:
    folder = DataFolder(arguments.data_dir)
    demo = Demonstration(folder, ports, say=say) if arguments.demo else None
    stack = Stack(folder, ports, say=say)
    if arguments.ready_file:
        arguments.ready_file.unlink(missing_ok=True)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    working = asyncio.create_task(_work(stack, demo, arguments.ready_file))
    ending = asyncio.create_task(ended.wait())
    try:
        await asyncio.wait({working, ending}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
    except (CannotStart, DemonstrationFailed, NotReady, OSError) as fault:
        sys.stderr.write(f"{fault}\n")
        return AWAY
    finally:
        for task in (working, ending):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task
        say("Arrêt en cours…")
        await asyncio.to_thread(stack.stop)
        say("Tout est arrêté.")
    return DONE


async def _work(stack: Stack, demo: Demonstration | None, ready_file: Path | None) -> None:
    say("Démarrage de PostgreSQL, de NATS et des six services…")
    watching = asyncio.create_task(stack.supervisor.watch(say))
    renewing: asyncio.Task[None] | None = None
    try:
        await stack.start()
        renewing = asyncio.create_task(stack.renew())
        say(f"Prêt. Portail : {stack.ports.url('portal')}")
        if demo is not None:
            await demo.play(stack)
        if ready_file is not None:
            document = demo.ready_document(stack) if demo else plain_document(stack)
            fresh = ready_file.with_suffix(".partial")
            fresh.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
            fresh.chmod(0o600)
            fresh.rename(ready_file)
        say("Ctrl-C pour arrêter.")
        await watching
    finally:
        watching.cancel()
        if renewing:
            renewing.cancel()


def plain_document(stack: Stack) -> dict[str, object]:
    """Return what the ready file says of a stack without a demonstration."""
    return {
        "coordination": None,
        "services": {name: stack.ports.url(name) for name in stack.ports.services},
        "nats": {"url": stack.ports.nats_url, "monitor": stack.ports.monitor_url},
        "ca_file": stack.ports.door.ca_file,
        "institutions": {},
        "tokens": {},
    }
