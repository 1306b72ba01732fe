"""The embedded servers: what they keep, whom they let in, and what they survive."""

import asyncio
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg
import nats
import pytest

from infra.devservers.nats import Nats, free_port
from infra.devservers.ports import answer
from infra.devservers.postgres import Postgres
from infra.devservers.programs import installed_programs
from infra.devservers.spawning import CannotStart, words_of

REPOSITORY = Path(__file__).parents[3]
IS_ROOT = os.geteuid() == 0
only_root = pytest.mark.skipif(not IS_ROOT, reason="Only root hands over to another account.")

SUPERVISE_POSTGRES = """
import sys, time
from pathlib import Path
from infra.devservers.postgres import Postgres
server = Postgres(Path(sys.argv[1]), system_folder=Path(sys.argv[2]))
print(server.start().pid, flush=True)
time.sleep(600)
"""

SUPERVISE_NATS = """
import sys, time
from pathlib import Path
from infra.devservers.nats import Nats
server = Nats(Path(sys.argv[1]), port=int(sys.argv[2]), monitor_port=int(sys.argv[3]))
print(server.start(sys.argv[4]).pid, flush=True)
time.sleep(600)
"""

# Imports come first: the account that follows may not reach the standard library.
LIVE_AS_AN_ORDINARY_USER = """
import asyncio, encodings.idna, os, sys
from pathlib import Path
import asyncpg
from infra.devservers.nats import Nats, free_port
from infra.devservers.postgres import Postgres
os.setgroups([]); os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[1]))
folder = Path(sys.argv[3])
database = Postgres(folder / "pg", say=print)
async def ask():
    connection = await asyncpg.connect(
        database.superuser_url(), password=database.superuser_password
    )
    print(await connection.fetchval("SELECT 'answered'"))
    await connection.close()
for _ in range(2):
    database.start()
    asyncio.run(ask())
    database.stop()
bus = Nats(folder / "nats", port=free_port(), monitor_port=free_port(), say=print)
bus.start(f'listen: "127.0.0.1:{bus.port}", http: "127.0.0.1:{bus.monitor_port}"')
bus.stop()
"""


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Path]:
    """A folder that the account of PostgreSQL can cross; pytest's own is closed to all but root."""
    if not IS_ROOT:
        yield tmp_path
        return
    folder = Path(tempfile.mkdtemp(prefix="ctin-test-", dir="/tmp")).resolve()
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def postgres(ground: Path) -> Iterator[Postgres]:
    said: list[str] = []
    server = Postgres(ground / "pg", say=said.append, system_folder=ground / "system")
    server.said = said  # type: ignore[attr-defined]
    server.start()
    yield server
    server.stop()


@pytest.fixture
def bus(ground: Path) -> Iterator[Nats]:
    server = Nats(ground / "nats", port=free_port(), monitor_port=free_port())
    yield server
    server.stop()


@asynccontextmanager
async def superuser(server: Postgres) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(server.superuser_url(), password=server.superuser_password)
    try:
        yield connection
    finally:
        await connection.close()


async def remember(server: Postgres, word: str) -> None:
    async with superuser(server) as connection:
        await connection.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
        await connection.execute("INSERT INTO kept VALUES ($1)", word)


async def remembered(server: Postgres) -> list[str]:
    async with superuser(server) as connection:
        return [row["word"] for row in await connection.fetch("SELECT word FROM kept")]


def supervise(script: str, *words: object) -> tuple[subprocess.Popen[str], int]:
    """Start a server under a supervisor of its own; return both, the server by its pid."""
    supervisor = subprocess.Popen(
        [sys.executable, "-c", script, *map(str, words)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert supervisor.stdout is not None
    with supervisor.stdout as told:
        return supervisor, int(told.readline())


def kill(child: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    child.kill()
    child.wait(timeout=10)


def run_as(uid: int, *command: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        list(map(str, command)),
        user=uid if IS_ROOT else None,
        cwd="/",
        stderr=subprocess.DEVNULL,
    )


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def configuration(server: Nats, more: str = "") -> str:
    return (
        f'listen: "127.0.0.1:{server.port}"\nhttp: "127.0.0.1:{server.monitor_port}"\n'
        f'jetstream {{ store_dir: "{server.folder}/store", sync_interval: always }}\n{more}\n'
    )


def account_of(server: Postgres) -> int:
    return server.cluster.stat().st_uid


# PostgreSQL


async def test_a_restart_keeps_what_was_written(postgres):
    await remember(postgres, "avant")
    postgres.stop()

    postgres.start()

    assert await remembered(postgres) == ["avant"]


async def test_a_new_cluster_is_durable_checked_and_off_the_network(postgres):
    async with superuser(postgres) as connection:
        settings = {
            name: await connection.fetchval("SELECT current_setting($1)", name)
            for name in (
                *("fsync", "synchronous_commit", "full_page_writes", "data_checksums"),
                *("listen_addresses", "server_encoding", "max_connections"),
            )
        }
        locale = await connection.fetchval(
            "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'postgres'"
        )

    assert settings == {
        **dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "on"),
        "data_checksums": "on",
        "listen_addresses": "",
        "server_encoding": "UTF8",
        "max_connections": "120",
    }
    assert locale == "bC.UTF-8"


async def test_a_test_may_ask_for_a_server_that_is_not_durable(ground):
    server = Postgres(ground / "fast", settings={"fsync": "off"}, system_folder=ground / "system")
    server.start()
    try:
        async with superuser(server) as connection:
            assert await connection.fetchval("SHOW fsync") == "off"
    finally:
        server.stop()


async def test_the_socket_the_password_and_the_log_are_private(postgres):
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode)
        for path in (
            postgres.cluster,
            postgres.cluster.with_name("superuser.password"),
            postgres.folder / "postgres.log",
        )
    }

    assert modes == {"cluster": 0o700, "superuser.password": 0o600, "postgres.log": 0o600}
    assert stat.S_IMODE(postgres.socket_folder.stat().st_mode) == 0o700
    assert list(postgres.socket_folder.glob("*assword*")) == []


async def test_the_superuser_needs_its_password(postgres):
    async with superuser(postgres):
        pass  # The negative control: the right one is let in.

    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(postgres.superuser_url(), password="autre")


async def test_a_socket_folder_that_somebody_else_made_is_refused(ground):
    server = Postgres(ground / "pg", system_folder=ground / "system")
    server.socket_folder.mkdir()
    server.socket_folder.chmod(0o755)
    try:
        with pytest.raises(CannotStart, match="dossier privé attendu"):
            server.start()
    finally:
        with suppress(FileNotFoundError):
            server.socket_folder.rmdir()


async def test_a_killed_server_starts_again_with_what_it_acknowledged(postgres):
    await remember(postgres, "acquitté")
    kill(postgres._server)

    postgres.start()

    assert await remembered(postgres) == ["acquitté"]


async def test_a_killed_server_starts_again_while_a_backend_of_it_still_computes(postgres):
    async with superuser(postgres) as connection:
        pid = connection.get_server_pid()
        endless = asyncio.create_task(
            connection.fetchval("SELECT sum(n) FROM generate_series(1, 100000000000) AS n")
        )
        async with superuser(postgres) as watcher:
            while not await watcher.fetchval(
                "SELECT state = 'active' FROM pg_stat_activity WHERE pid = $1", pid
            ):
                await watcher.execute("SELECT pg_sleep(0.01)")
        kill(postgres._server)
        assert words_of(pid), "The backend must outlive its postmaster for this test to count."

        await asyncio.to_thread(postgres.start)

        with pytest.raises((asyncpg.PostgresConnectionError, OSError)):
            await endless
    assert not words_of(pid)


async def test_a_pid_file_that_names_a_stranger_does_not_prevent_a_start(postgres):
    pid_file = postgres.cluster / "postmaster.pid"
    former = pid_file.read_text().splitlines(keepends=True)
    uid = account_of(postgres)
    kill(postgres._server)
    stranger = run_as(uid, "sleep", 600)
    try:
        for file in (pid_file, postgres.socket_folder / ".s.PGSQL.5432.lock"):
            file.write_text("".join([f"{stranger.pid}\n", *former[1:]]))

        postgres.start()

        assert stranger.poll() is None
    finally:
        kill(stranger)


async def test_a_server_left_over_by_a_killed_supervisor_is_replaced_and_its_neighbour_spared(
    ground, postgres
):
    folder, system = ground / "autre", ground / "system"
    supervisor, pid = supervise(SUPERVISE_POSTGRES, folder, system)
    said: list[str] = []
    server = Postgres(folder, say=said.append, system_folder=system)
    try:
        with pytest.raises(CannotStart, match="Un autre `ctin up`"):
            server.start()  # The negative control: its supervisor is alive.
        assert words_of(pid)
    finally:
        kill(supervisor)
    assert words_of(pid), "The server must outlive its supervisor for this test to count."

    try:
        assert server.start().pid != pid
        assert not words_of(pid)
        assert [str(pid) in sentence for sentence in said] == [True]
        assert postgres._server.poll() is None
    finally:
        server.stop()


def test_a_server_that_ctin_did_not_start_is_refused_and_left_alone(postgres):
    uid = account_of(postgres)
    postgres.stop()
    foreign = run_as(
        uid,
        *(installed_programs() / "bin" / "postgres", "-D", postgres.cluster),
        *("-c", "listen_addresses=", "-c", "unix_socket_directories=."),
    )
    try:
        pid_file = postgres.cluster / "postmaster.pid"
        wait_until(lambda: pid_file.exists() and "ready" in pid_file.read_text())

        with pytest.raises(CannotStart, match=rf"n'a pas lancé.*{foreign.pid}"):
            postgres.start()

        assert foreign.poll() is None
    finally:
        foreign.send_signal(signal.SIGINT)
        foreign.wait(timeout=10)


async def test_a_broken_setting_is_refused_with_the_words_of_the_server(ground):
    server = Postgres(ground / "pg", settings={"wal_level": "x"}, system_folder=ground / "system")

    with pytest.raises(CannotStart, match=r"(?s)ne démarre pas.*wal_level"):
        server.start()

    sound = Postgres(ground / "pg", system_folder=ground / "system")
    sound.start()
    sound.stop()


async def test_a_service_enters_its_own_database_and_no_other(postgres):
    await asyncio.gather(
        postgres.ensure_service("members", "un'mot"), postgres.ensure_service("funding", "deux")
    )

    own = await asyncpg.connect(postgres.service_url("members"), password="un'mot")
    await own.execute("CREATE TABLE proof (id int)")
    await own.close()
    for database in ("funding", "postgres", "template1"):
        address = postgres.service_url("members").replace("/members?", f"/{database}?")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(address, password="un'mot")


async def test_a_service_ensured_again_keeps_its_rows_and_takes_the_new_password(postgres):
    await postgres.ensure_service("members", "premier")
    own = await asyncpg.connect(postgres.service_url("members"), password="premier")
    await own.execute("CREATE TABLE proof AS SELECT 1 AS id")
    await own.close()

    await postgres.ensure_service("members", "second")

    own = await asyncpg.connect(postgres.service_url("members"), password="second")
    assert await own.fetchval("SELECT id FROM proof") == 1
    await own.close()
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(postgres.service_url("members"), password="premier")
    log = (postgres.folder / "postgres.log").read_text()
    assert "premier" not in log
    assert "second" not in log


async def test_a_deep_folder_with_spaces_and_accents_is_as_good_as_another(ground, monkeypatch):
    monkeypatch.setenv("PGPORT", "1")
    folder = ground / "Données du comité, été" / ("très long " * 12).strip() / ("é" * 60)
    assert len(str(folder)) > 150
    server = Postgres(folder, system_folder=ground / "system")
    server.start()
    try:
        await remember(server, "profond")
        kill(server._server)
        server.start()
        assert await remembered(server) == ["profond"]
    finally:
        server.stop()
    assert server.cluster == folder / "cluster"


# PostgreSQL, as root


@only_root
def test_root_hands_over_to_an_unprivileged_account(postgres):
    postgres.stop()
    groups = os.getgroups()
    os.setgroups([*groups, 4])  # Something to lose.
    try:
        pid = postgres.start().pid
    finally:
        os.setgroups(groups)

    assert Path(f"/proc/{pid}").stat().st_uid == account_of(postgres) != 0
    assert "Groups:\t \n" in Path(f"/proc/{pid}/status").read_text()
    assert postgres.cluster == postgres.folder / "cluster"
    assert postgres.said == []


@only_root
async def test_a_folder_closed_to_the_account_sends_the_cluster_to_the_system_folder(
    ground, monkeypatch
):
    closed = ground / "closed"
    closed.mkdir(0o700)
    monkeypatch.chdir(closed)
    said: list[str] = []
    server = Postgres(closed / "pg", say=said.append, system_folder=ground / "system")
    for round_ in ("un", "deux"):
        server.start()
        await remember(server, round_)
        server.stop()

    assert server.cluster.is_relative_to(ground / "system")
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert [str(server.cluster.parent) in sentence for sentence in said] == [True, True]

    closed.chmod(0o711)  # Opened since: the cluster that exists must not be forgotten.
    server.start()
    assert await remembered(server) == ["un", "deux"]
    server.stop()


@only_root
async def test_a_cluster_that_the_account_can_no_longer_reach_is_refused_not_replaced(ground):
    parent = ground / "parent"
    parent.mkdir()
    server = Postgres(parent / "pg", system_folder=ground / "system")
    server.start()
    server.stop()
    parent.chmod(0o700)

    with pytest.raises(CannotStart, match="ne peut plus entrer"):
        server.start()

    assert not (ground / "system").exists()


@only_root
def test_programs_closed_to_the_account_are_copied_once(ground):
    closed = ground / "venv"
    closed.mkdir(0o700)
    installed = installed_programs()
    programs = closed / installed.parent.name / installed.name
    shutil.copytree(installed, programs, symlinks=True)
    libraries = f"{installed.parent.name}.libs"
    shutil.copytree(installed.parent.with_name(libraries), closed / libraries, symlinks=True)
    said: list[str] = []
    server = Postgres(
        ground / "pg",
        say=said.append,
        programs=programs,
        system_folder=ground / "system",
    )
    try:
        server.start()
        (copy,) = (ground / "system").iterdir()
        made_at = copy.stat().st_ctime_ns
        program = Path(f"/proc/{server._server.pid}/exe").readlink()
        server.stop()
        server.start()
    finally:
        server.stop()

    assert copy.name.startswith("postgresql-0.6")
    assert program == copy / programs.relative_to(closed) / "bin" / "postgres"
    assert list((ground / "system").iterdir()) == [copy]
    assert copy.stat().st_ctime_ns == made_at
    assert [str(copy) in sentence for sentence in said] == [True, True]
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@only_root
def test_both_servers_live_under_an_ordinary_account_too(ground):
    nobody = pwd.getpwnam("nobody")
    home = ground / "personne"
    home.mkdir(0o700)
    os.chown(home, nobody.pw_uid, nobody.pw_gid)

    lived = subprocess.run(
        [
            *(sys.executable, "-c", LIVE_AS_AN_ORDINARY_USER),
            *(str(nobody.pw_uid), str(nobody.pw_gid), str(home)),
        ],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (lived.stdout, lived.stderr) == ("answered\nanswered\n", "")


# NATS


async def test_nats_starts_on_its_port_with_a_private_configuration(bus):
    bus.start(configuration(bus))

    client = await nats.connect(bus.url)
    assert client.is_connected
    await client.close()
    assert stat.S_IMODE((bus.folder / "nats.conf").stat().st_mode) == 0o600


async def test_nats_reloaded_keeps_its_process_and_takes_the_new_rules(bus):
    server = bus.start(configuration(bus))
    assert not answer(bus.monitor_port, "/varz").get("auth_required")

    bus.reload(configuration(bus, 'authorization { token: "mot" }'))

    assert server.poll() is None
    assert answer(bus.monitor_port, "/varz")["auth_required"]
    client = await nats.connect(bus.url, token="mot")
    await client.close()


async def test_a_broken_configuration_is_refused_with_its_reason(bus):
    with pytest.raises(CannotStart, match=r"(?s)refuse sa configuration.*nonsense"):
        bus.start(configuration(bus, "nonsense: 1"))
    bus.start(configuration(bus))

    with pytest.raises(CannotStart, match=r"(?s)refuse sa configuration.*nonsense"):
        bus.reload(configuration(bus, "nonsense: 1"))

    assert (bus.folder / "nats.conf").read_text() == configuration(bus)


async def test_a_change_that_nats_cannot_take_while_running_is_told(bus):
    bus.start(configuration(bus))
    moved = configuration(bus).replace(str(bus.monitor_port), str(free_port()))

    with pytest.raises(CannotStart, match=r"(?s)garde son ancienne.*not supported"):
        bus.reload(moved)


async def test_a_failure_after_the_check_quotes_the_log(bus):
    bus.folder.mkdir()
    (bus.folder / "store").write_text("a file where JetStream needs a folder")

    with pytest.raises(
        CannotStart, match=r"(?s)ne démarre pas.*storage directory is not a directory"
    ):
        bus.start(configuration(bus))


async def test_nats_killed_starts_again_with_what_it_acknowledged(bus):
    server = bus.start(configuration(bus))
    client = await nats.connect(bus.url)
    await client.jetstream().add_stream(name="kept", subjects=["kept"])
    await client.jetstream().publish("kept", b"1")
    await client.close()
    kill(server)

    bus.start(configuration(bus))

    client = await nats.connect(bus.url)
    assert (await client.jetstream().stream_info("kept")).state.messages == 1
    await client.close()


async def test_a_nats_left_over_by_a_killed_supervisor_is_replaced_and_its_neighbour_spared(
    ground, bus
):
    neighbour = Nats(ground / "voisin", port=free_port(), monitor_port=free_port())
    spared = neighbour.start(configuration(neighbour))
    supervisor, pid = supervise(
        SUPERVISE_NATS, bus.folder, bus.port, bus.monitor_port, configuration(bus)
    )
    try:
        with pytest.raises(CannotStart, match="Un autre `ctin up`"):
            bus.start(configuration(bus))  # The negative control: its supervisor is alive.
    finally:
        kill(supervisor)
    assert words_of(pid), "The server must outlive its supervisor for this test to count."

    try:
        assert bus.start(configuration(bus)).pid != pid
        assert not words_of(pid)
        assert spared.poll() is None
    finally:
        neighbour.stop()


async def test_a_port_that_somebody_listens_on_is_refused(bus, ground):
    bus.start(configuration(bus))
    late = Nats(ground / "late", port=free_port(), monitor_port=bus.monitor_port)

    with pytest.raises(CannotStart, match=f"Le port {bus.monitor_port} est déjà occupé"):
        late.start(configuration(late))
