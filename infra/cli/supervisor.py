"""Keep processes running: start, watch, start again what dies, stop all in order."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from contracts.streams import SERVICES

STOP_SECONDS = 4.0
WATCH_SECONDS = 0.1
PAUSES_SECONDS = (0.0, 0.2, 1.0, 3.0)


class Seen(msgspec.Struct, kw_only=True):
    """One process as `ctin status` shows it. `started_at` is seconds of the epoch."""

    pid: int
    started_at: float
    restarts: int


class Process:
    """One thing to keep running: how to start it, and how to stop it."""

    def __init__(
        self,
        name: str,
        start: Callable[[], "subprocess.Popen[bytes]"],
        stop: Callable[[], None] | None = None,
    ) -> None:
        """Keep how; nothing starts before `launch`. Without `stop`, SIGTERM does."""
        self.name = name
        self._start, self._stop = start, stop
        self._running: subprocess.Popen[bytes] | None = None
        self.restarts = -1
        self.started_at = 0.0

    @property
    def is_alive(self) -> bool:
        """Whether it runs now."""
        return self._running is not None and self._running.poll() is None

    def launch(self) -> None:
        """Start it, or start it again; returns when its own start says it is up."""
        self._running = self._start()
        self.restarts += 1
        self.started_at = time.time()

    def seen(self) -> Seen:
        """Return what `ctin status` shows."""
        pid = self._running.pid if self._running else 0
        return Seen(pid=pid, started_at=self.started_at, restarts=max(0, self.restarts))

    def ask_to_stop(self) -> None:
        """Tell it to end, without waiting; those with a stop of their own are told later."""
        if self._stop is None and self._running and self.is_alive:
            self._running.send_signal(signal.SIGTERM)

    def wait_stopped(self) -> None:
        """Wait for its end, and end it by force when it does not come."""
        if self._stop is not None:
            self._stop()
        elif self._running:
            try:
                self._running.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._running.kill()
                self._running.wait()


PASSED_ON = (
    "EXCHANGE_WEBHOOKS_TO_LOOPBACK",
    *(f"{name.upper()}_VOCABULARY_FILE" for name in SERVICES),
)
"""What whoever runs the stack chooses for its services; each reads its own variables alone."""


def spawn(
    argv: list[str], *, environment: Mapping[str, str], log: Path, cwd: Path
) -> "subprocess.Popen[bytes]":
    """Start a child in a group of its own, so that Ctrl-C reaches the supervisor alone."""
    with log.open("ab") as file:
        return subprocess.Popen(
            argv,
            env={**_plain(), **environment},
            stdout=file,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd=cwd,
            start_new_session=True,
        )


def _plain() -> dict[str, str]:
    kept = ("PATH", "LANG", "LC_ALL", "TZ", "HOME", "PYTHONDONTWRITEBYTECODE", *PASSED_ON)
    found = {name: os.environ[name] for name in kept if name in os.environ}
    # Services run in another folder: a file is named whole.
    files = {name: str(Path(path).resolve()) for name, path in found.items() if "_FILE" in name}
    return found | files


class Supervisor:
    """The processes of a stack, in the order they start; they stop in the other."""

    def __init__(self, changed: Callable[[dict[str, Seen]], None]) -> None:
        """`changed` is told of every start, for `ctin status`."""
        self._processes: list[Process] = []
        self._changed = changed

    async def add(self, process: Process) -> None:
        """Start a process and keep it running from now on."""
        await asyncio.to_thread(process.launch)
        self._processes.append(process)
        self._tell()

    def _tell(self) -> None:
        self._changed({process.name: process.seen() for process in self._processes})

    async def watch(self, say: Callable[[str], None]) -> None:
        """Start again what dies, a little later each time it dies young; never returns."""
        young: dict[str, int] = {}
        while True:
            for process in self._processes:
                if process.is_alive:
                    continue
                lived = time.time() - process.started_at
                young[process.name] = (
                    0 if lived > PAUSES_SECONDS[-1] else (young.get(process.name, 0) + 1)
                )
                await asyncio.sleep(
                    PAUSES_SECONDS[min(young[process.name], len(PAUSES_SECONDS) - 1)]
                )
                say(f"« {process.name} » s'est arrêté ; il redémarre.")
                try:
                    await asyncio.to_thread(process.launch)
                except (OSError, RuntimeError) as fault:
                    say(f"« {process.name} » ne redémarre pas encore : {fault}")
                    process.started_at = time.time()
                self._tell()
            await asyncio.sleep(WATCH_SECONDS)

    def stop(self) -> None:
        """Stop everything, services together first, servers after."""
        for process in self._processes:
            process.ask_to_stop()
        for process in reversed(self._processes):
            process.wait_stopped()
