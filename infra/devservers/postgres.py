"""An embedded PostgreSQL 18 on a Unix socket, run as root or as anyone, from the wheel's binaries.

The wheel's own server class is left alone: as root it makes every parent folder of the cluster
world-readable. Layout of the folder: `cluster/`, `superuser.password`, `postgres.log`,
`postgres.lock`.
"""

import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final
from urllib.parse import quote

import asyncpg

from infra.devservers import socket_folder, spawning
from infra.devservers.account import ENVIRONMENT, Account, choose_account
from infra.devservers.programs import installed_programs, make_passage, reachable_programs
from infra.devservers.spawning import CannotStart

PORT: Final = 5432  # Names the socket file; nothing listens on the network.
ROLE_BYTES_MAX: Final = 63
CONNECTIONS_MAX: Final = 120
READY_SECONDS_MAX: Final = 15
CONNECT_SECONDS_MAX: Final = 10
ENSURE_LOCK: Final = 7_203_185_001  # Any number that nobody else takes in the `postgres` database.
STOP: Final = ((signal.SIGINT, 8.0), (signal.SIGQUIT, 8.0))
SYSTEM_FOLDER: Final = Path("/var/lib/ctin")
NO_SETTINGS: Final[Mapping[str, str]] = MappingProxyType({})


class Postgres:
    """One PostgreSQL of one folder, for as long as its supervisor lives."""

    def __init__(
        self,
        folder: Path,
        *,
        settings: Mapping[str, str] = NO_SETTINGS,
        say: Callable[[str], None] | None = None,
        programs: Path | None = None,
        system_folder: Path = SYSTEM_FOLDER,
    ) -> None:
        """Name the server of a folder; nothing is touched before `start`.

        Args:
            folder: where the cluster goes, made if missing; may be deep, with spaces and accents.
            settings: server settings, over ours; without any, nothing durable is relaxed.
            say: told, in French, what the operator would not expect.
            programs: a `pginstall18` tree, by default the installed wheel's.
            system_folder: where root puts what an unprivileged account cannot reach elsewhere.
        """
        self.folder = folder.resolve()
        self.cluster = self.folder / "cluster"
        self._settings = dict(settings)
        self._say = say or (lambda _: None)
        self._programs = programs
        self._system_folder = system_folder
        self._mark = f"ctin-{hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]}"
        self.socket_folder = socket_folder.name_socket_folder(self._mark, f".s.PGSQL.{PORT}")
        self._account = Account()
        self._lock: BinaryIO | None = None
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server and return once it accepts connections, in its own session.

        Makes the cluster the first time; stops the server that a killed supervisor left over.

        Raises:
            CannotStart: the folder is in use, or the server refused; the reason is quoted.
        """
        assert self._server is None or self._server.poll() is not None
        self._lock = self._lock or spawning.hold(self.folder, "postgres")
        try:
            self._settle()
            programs = reachable_programs(
                self._programs or installed_programs(),
                self._account,
                self._system_folder,
                self._say,
            )
            self._end_left_over()
            socket_folder.claim(self.socket_folder, self._account)
            if not self.cluster.is_dir():
                self._create_cluster(programs)
            return self._launch(programs)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server that `start` started, sessions cut and data on disk; safe to repeat."""
        if self._server is not None:
            spawning.end_child(self._server, STOP)
            self._server = None
        with suppress(OSError):
            self.socket_folder.rmdir()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    @property
    def superuser_password(self) -> str:
        """The password of `postgres`, known once the server started; for the supervisor alone."""
        return self._password_file.read_text()

    def superuser_url(self, database: str = "postgres") -> str:
        """Return the address of a database for the superuser, without its password."""
        return self._url("postgres", database)

    def service_url(self, name: str) -> str:
        """Return the address of a service's own database, without its password."""
        return self._url(name, name)

    async def ensure_service(self, name: str, password: str) -> None:
        """Give a service a role and a database that it alone can enter.

        Repetition changes nothing but the password, which becomes the one given.
        """
        assert name != "postgres"
        assert 0 < len(name.encode()) <= ROLE_BYTES_MAX
        connection = await asyncpg.connect(
            self.superuser_url(),
            password=self.superuser_password,
            timeout=CONNECT_SECONDS_MAX,
            # A statement that fails would otherwise put the password in the log.
            server_settings={"log_min_error_statement": "panic"},
        )

        async def do(statement: str, *words: str) -> None:
            # Neither role names nor passwords can be parameters of these statements.
            quoted = "SELECT format($1, VARIADIC $2::text[])"
            await connection.execute(await connection.fetchval(quoted, statement, words))

        try:
            # One caller at a time: two revokes at once on one database fail.
            await connection.execute("SELECT pg_advisory_lock($1)", ENSURE_LOCK)
            role = "SELECT FROM pg_roles WHERE rolname = $1"
            verb = "ALTER" if await connection.fetchrow(role, name) is not None else "CREATE"
            await do(f"{verb} ROLE %I LOGIN PASSWORD %L", name, password)
            database = "SELECT FROM pg_database WHERE datname = $1"
            if await connection.fetchrow(database, name) is None:
                await do("CREATE DATABASE %I OWNER %I", name, name)
            await do("REVOKE ALL ON DATABASE %I, postgres, template1 FROM PUBLIC", name)
        finally:
            await connection.close()

    @property
    def _password_file(self) -> Path:
        return self.cluster.with_name("superuser.password")

    def _url(self, role: str, database: str) -> str:
        # The port is said, lest PGPORT in somebody's environment name another socket.
        return (
            f"postgresql://{quote(role, safe='')}@/{quote(database, safe='')}"
            f"?host={quote(str(self.socket_folder))}&port={PORT}"
        )

    def _settle(self) -> None:
        """Choose the account and the place of the cluster; an existing one stays where it is."""
        near = self.folder / "cluster"
        away = self._system_folder / self._mark / "cluster"
        existing = next((place for place in (near, away) if place.is_dir()), None)
        self._account = choose_account(existing)
        self.cluster = existing or near
        if self._account.uid is None:
            if existing is not None and existing.stat().st_uid != os.geteuid():
                raise CannotStart(f"La base de {self.folder} appartient à un autre compte.")
        elif not self._account.can_enter(self.cluster.parent):
            if existing is not None:
                raise CannotStart(
                    f"Le compte {self._account.uid} ne peut plus entrer dans {existing.parent}, "
                    "le dossier de la base : rendez-lui le passage."
                )
            self.cluster = away
            for made in (self._system_folder, away.parent):
                make_passage(made)
        if self.cluster == away:
            self._say(
                f"PostgreSQL ne tourne pas en root et {self.folder} est fermé à son compte : "
                f"la base est dans {away.parent}."
            )

    def _end_left_over(self) -> None:
        place = str(self.cluster)
        for pid in spawning.running(
            lambda words: (
                Path(words[0]).name == "postgres"
                and place in words
                and f"cluster_name={self._mark}" in words
            )
        ):
            self._say(f"Un PostgreSQL resté d'un arrêt brutal (processus {pid}) est arrêté.")
            spawning.end_left_over(pid, STOP)
        pid_file = self.cluster / "postmaster.pid"
        if not pid_file.exists():
            return
        holder = Path("/proc") / pid_file.read_text().partition("\n")[0].strip()
        try:
            is_alive_here = (holder / "cwd").readlink() == self.cluster
        except OSError:
            is_alive_here = False
        if is_alive_here:
            raise CannotStart(
                f"Un PostgreSQL que ctin n'a pas lancé tient {self.cluster} : "
                f"arrêtez le processus {holder.name}."
            )
        if holder.name.isdigit() and holder.exists():
            # A stranger has the dead server's pid, or nobody reaped it: PostgreSQL would refuse.
            pid_file.unlink()

    def _create_cluster(self, programs: Path) -> None:
        """Make the cluster beside its place, then move it there: half a cluster is never seen."""
        fresh = self.cluster.with_name("cluster.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(0o700)
        self._account.take(fresh)
        spawning.write_private(self._password_file, secrets.token_urlsafe(32))
        shown = self.socket_folder / "password"
        try:
            spawning.write_private(shown, self.superuser_password)
            self._account.take(shown)
            made = self._account.run(
                *(programs / "bin" / "initdb", "-D", fresh, "-U", "postgres"),
                *("--auth=scram-sha-256", f"--pwfile={shown}", "--data-checksums"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"),
            )
        finally:
            shown.unlink(missing_ok=True)
        if made.returncode != 0:
            raise CannotStart(f"initdb a échoué :\n{spawning.last_lines(made.stderr)}")
        fresh.rename(self.cluster)
        spawning.sync_folder(self.cluster.parent)

    def _launch(self, programs: Path) -> subprocess.Popen[bytes]:
        """Start the server, again while backends of a killed one still hold its shared memory."""
        log_path = self.folder / "postgres.log"
        orphan = f"postgres: {self._mark}: "
        deadline = time.monotonic() + READY_SECONDS_MAX
        while True:
            with spawning.open_log(log_path) as log:
                offset = log.tell()
                self._server = self._spawn(programs / "bin" / "postgres", log)
            if self._accepts(self._server, programs, deadline):
                return self._server
            said = spawning.logged_since(log_path, offset)
            if "shared memory block" not in said or time.monotonic() >= deadline:
                raise CannotStart(
                    f"PostgreSQL ne démarre pas ; fin de {log_path} :\n{spawning.last_lines(said)}"
                )
            for pid in spawning.running(lambda words: words[0].startswith(orphan)):
                spawning.end_left_over(pid, ((signal.SIGQUIT, 1.0), (signal.SIGKILL, 1.0)))
            time.sleep(spawning.PAUSE_SECONDS)

    def _spawn(self, program: Path, log: BinaryIO) -> subprocess.Popen[bytes]:
        settings = {
            "cluster_name": self._mark,
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": f'"{self.socket_folder}"',
            "max_connections": str(CONNECTIONS_MAX),
            **self._settings,
        }
        options = [word for pair in settings.items() for word in ("-c", "=".join(pair))]
        return subprocess.Popen(
            [program, "-D", self.cluster, *options],
            user=self._account.uid,
            group=self._account.gid,
            extra_groups=None if self._account.uid is None else [],
            env=ENVIRONMENT,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            umask=0o077,
            start_new_session=True,  # Ctrl-C reaches the supervisor alone.
        )

    def _accepts(self, server: subprocess.Popen[bytes], programs: Path, deadline: float) -> bool:
        """Wait until the server takes connections; False when it died or is late, then ended."""
        asked = (programs / "bin" / "pg_isready", "-q", "-h", self.socket_folder, "-p", str(PORT))
        while server.poll() is None:
            if self._account.run(*asked).returncode == 0:
                return True
            if time.monotonic() >= deadline:
                spawning.end_child(server, STOP)
            time.sleep(spawning.PAUSE_SECONDS)
        return False
