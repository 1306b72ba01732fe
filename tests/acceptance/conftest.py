"""Whole stacks, run by the command a newcomer runs, and the doors outsiders use."""

import json
import os
import random
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.acceptance.certificates import Certificates
from tests.conftest import NATS_NODES, ROOT

CTIN = str(Path(sys.executable).parent / "ctin")
OFFSETS = (*range(6), *range(22, 22 + 3 * NATS_NODES))
START_SECONDS_MAX = 90
WAIT_SECONDS_MAX = 30
WITH_TLS = "CTIN_TEST_TLS"
"""Set to 1 by `make test-tls`: the shared stack is open beyond this machine, by TLS."""


SHARED: Certificates | None = None
if os.environ.get(WITH_TLS) == "1":  # Before modules of tests copy the environment.
    _folder = tempfile.TemporaryDirectory(prefix="ctin-certificates-")
    # A name, since the JavaScript client of NATS verifies no address.
    SHARED = Certificates(Path(_folder.name), "localhost")
    SHARED.trust_everywhere()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With TLS, run only what asks for the shared stack."""
    if SHARED is None:
        return
    asked = [one for one in items if _shares_the_stack(one)]
    config.hook.pytest_deselected(items=[one for one in items if one not in asked])
    items[:] = asked


def _shares_the_stack(item: pytest.Item) -> bool:
    """Tell whether it asks for the stack of this file, and not for one of its own module."""
    known = item._fixtureinfo.name2fixturedefs.get("stack")
    return known is not None and known[-1].func.__module__ == __name__


def free_port_base() -> int:
    """Return a base whose every port is free now."""
    for _ in range(200):
        base = random.randrange(10_000, 32_000, 50)  # Below what the kernel gives to callers.
        taken = False
        for offset in OFFSETS:
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("0.0.0.0", base + offset))
                except OSError:
                    taken = True
                    break
        if not taken:
            return base
    raise AssertionError("no port base is free")


def until(holds: Callable[[], Any], seconds: float = WAIT_SECONDS_MAX) -> Any:
    """Ask until it holds and return what it gave; the last thing it gave is in the failure."""
    deadline = time.monotonic() + seconds
    while True:
        found = holds()
        if found:
            return found
        assert time.monotonic() < deadline, f"still not: {found!r}"
        time.sleep(0.05)


class Stack:
    """A stack started by `ctin up --demo`, seen from outside."""

    def __init__(
        self,
        folder: Path,
        *,
        base: int,
        environment: dict[str, str] | None = None,
        certificates: Certificates | None = None,
    ):
        self.folder, self.base, self.certificates = folder, base, certificates
        self.ready_file = folder / "ready.json"
        self.log = folder / "up.log"
        self.data = folder / "data"
        self._environment = {**os.environ, **(environment or {})}
        self.process: subprocess.Popen[bytes] | None = None
        self.ready: dict[str, Any] = {}

    def start(self, *, seconds: float = START_SECONDS_MAX) -> float:
        """Start, wait for the ready file and return the seconds it took."""
        self.folder.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        command = [CTIN, "up", "--demo", "--data-dir", str(self.data)]
        command += ["--port-base", str(self.base), "--ready-file", str(self.ready_file)]
        if NATS_NODES > 1:
            command += ["--nats-nodes", str(NATS_NODES)]
        command += self.certificates.options if self.certificates else []
        self.ready_file.unlink(missing_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=subprocess.STDOUT, cwd=ROOT, env=self._environment
            )
        while not self.ready_file.exists():
            assert self.process.poll() is None, self.log.read_text()[-3000:]
            assert time.monotonic() - began < seconds, self.log.read_text()[-3000:]
            time.sleep(0.02)
        self.ready = json.loads(self.ready_file.read_text())
        return time.monotonic() - began

    def stop(self) -> float:
        """Send SIGINT as Ctrl-C does, and return the seconds it took to end."""
        assert self.process is not None
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(20)
        return time.monotonic() - began

    def institution(self, slug: str) -> Path:
        """The folder an institution received at admission."""
        return self.data / "institutions" / slug

    def ask(
        self,
        service: str,
        path: str,
        *,
        role: str = "coordinator",
        verb: str = "GET",
        **options: Any,
    ) -> httpx.Response:
        """Ask a service over HTTP with the token of a role."""
        headers = {"Authorization": f"Bearer {self.ready['tokens'][role]}"}
        headers |= options.pop("headers", {})
        url = f"{self.ready['services'][service]}{path}"
        return httpx.request(
            verb, url, headers=headers, timeout=15, trust_env=False, verify=self.trust, **options
        )

    @property
    def trust(self) -> ssl.SSLContext | bool:
        """What a request to it verifies by, for programs that do not look at their environment."""
        return self.certificates.trust if self.certificates else True

    def area(self, insee: str, *, role: str = "coordinator") -> dict[str, Any]:
        """The diagnostic of a commune."""
        answer = self.ask("diagnostics", f"/v1/coordinations/sicoval/areas/{insee}", role=role)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def processes(self) -> dict[str, dict[str, Any]]:
        """What `ctin status` says of each process."""
        done = run_ctin("status", "--data-dir", str(self.data))
        return json.loads(done.stdout)["processes"]

    def processes_of_files(self) -> dict[str, dict[str, Any]]:
        """The same of a stack that was stopped: every pid is None."""
        done = run_ctin("status", "--data-dir", str(self.data))
        assert done.returncode == 3
        return json.loads(done.stdout)["processes"]


def run_ctin(*arguments: str, text: str | None = None, check: bool = False):
    """Run the command and return what it did, its output as text."""
    return subprocess.run(
        [CTIN, *arguments], input=text, capture_output=True, text=True, check=check, timeout=120
    )


def publish(stack: Stack, institution: str, signals: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Publish signals with the institution's own key and return the answers, by sequence."""
    lines = "\n".join(json.dumps(one) for one in signals)
    folder = str(stack.institution(institution))
    done = run_ctin("partner", "publish", "-", "--credentials", folder, "--wait", text=lines)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    answers = [one for one in told if one["status"] != "kept"]
    assert len(answers) == len(signals), done.stderr + done.stdout[-2000:]
    return sorted(answers, key=lambda one: one["in_seq"])


@pytest.fixture(scope="session")
def stack(ground: Path) -> Iterator[Stack]:
    """One stack with its demonstration played, for tests that leave it standing."""
    one = Stack(ground / "stack", base=free_port_base(), certificates=SHARED)
    one.start()
    yield one
    one.stop()
