"""A NATS server per test and the settings of a service: what most integration tests stand on.

`bus` is a fresh server with the users a real installation has, cheap enough (0.05 s) for each test
to kill it. `make_settings` gives a service its own database on it.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import nkeys
import pytest

from contracts.streams import SERVICES, durables_of
from infra.devservers.nats import Nats, free_port
from infra.nats.render import configuration
from services.chassis import migrate
from services.chassis.settings import ServiceSettings
from services.exchange.model.access import Entry

INSTITUTIONS = ("caf-31", "la-poste")
COORDINATION = "gers-numerique"
WAIT_SECONDS_MAX = 15.0


@dataclass
class Bus:
    """A NATS server with a user per service and per institution."""

    server: Nats
    seeds: dict[str, str] = field(default_factory=dict)
    """NKey seed of each service and institution, of `system`, and of `admin`, who may do all."""
    process: Any = None

    @property
    def url(self) -> str:
        """Where it takes clients."""
        return self.server.url

    @property
    def monitor_url(self) -> str:
        """Where it says how it is."""
        return f"http://127.0.0.1:{self.server.monitor_port}"

    def start(self, *, without: tuple[str, ...] = (), sync: str = "always") -> None:
        """Start it, with every user but those of `without`."""
        self.process = self.server.start(self._configuration(without, sync))

    def kill(self) -> None:
        """Kill it as a power cut does: nothing is said to anybody."""
        self.process.kill()
        self.process.wait(timeout=10)

    def restart(self, **options: Any) -> None:
        """Kill it and start it again on the same store."""
        self.kill()
        self.start(**options)

    def reload(self, *, without: tuple[str, ...] = ()) -> None:
        """Change its users while it runs."""
        self.server.reload(self._configuration(without, "always"))

    def seed_file(self, user: str) -> str:
        """Return the file of a user's seed."""
        path = self.server.folder.with_name(f"{self.server.folder.name}-{user}.nkey")
        path.write_text(self.seeds[user])
        return str(path)

    def _configuration(self, without: tuple[str, ...], sync: str) -> str:
        public = {name: public_nkey(seed) for name, seed in self.seeds.items()}
        text = configuration(
            listen=f"127.0.0.1:{self.server.port}",
            monitor=f"127.0.0.1:{self.server.monitor_port}",
            store=str(self.server.folder / "streams"),
            services={name: public[name] for name in SERVICES if name not in without},
            partners=[
                Entry(
                    institution=one,
                    nkeys=[public[one]],
                    keys=[],
                    coordinations=[COORDINATION],
                    publishes=[COORDINATION],
                    durables=list(durables_of(one).values()),
                )
                for one in INSTITUTIONS
                if one not in without
            ],
            system=public["system"],
            sync=sync,
        )
        admin = f"jetstream: enabled\n    users: [ {{ nkey: {public['admin']} }},"
        return text.replace("jetstream: enabled\n    users: [", admin)


def new_seed() -> str:
    """Return the seed of a fresh NKey user."""
    return nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER).decode()


def public_nkey(seed: str) -> str:
    """Return the public key of a seed."""
    return nkeys.from_seed(bytearray(seed.encode())).public_key.decode()


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Bus]:
    """A running NATS of this test alone."""
    server = Nats(tmp_path / "nats", port=free_port(), monitor_port=free_port())
    made = Bus(server, {user: new_seed() for user in (*SERVICES, *INSTITUTIONS, "system", "admin")})
    made.start()
    yield made
    server.stop()


MakeSettings = Callable[..., Awaitable[ServiceSettings]]


@pytest.fixture(scope="session")
def spare_databases() -> dict[str, list[str]]:
    """Databases that a test gave back, by service; emptying one is cheaper than making one."""
    return {}


@pytest.fixture
async def make_settings(
    bus: Bus, make_database, spare_databases: dict[str, list[str]]
) -> AsyncIterator[MakeSettings]:
    """Return a function that gives a service a fresh migrated database on `bus`.

    Settings may be given by name over the usual ones, and `kind` for a service's own Struct.
    """
    lent: list[tuple[str, str]] = []

    async def database(service: str) -> str:
        spare = spare_databases.setdefault(service, [])
        url = spare.pop() if spare else await make_database(None)
        connection = await asyncpg.connect(url)
        await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        await migrate.migrate(connection, f"services.{service}")
        await connection.close()
        lent.append((service, url))
        return url

    async def make(
        service: str = "roadmap", kind: type[ServiceSettings] = ServiceSettings, **over: Any
    ) -> ServiceSettings:
        if "database_url" not in over:
            over["database_url"] = await database(service)
        return kind(
            **{
                "port": free_port(),
                "nats_url": bus.url,
                "nats_monitor_url": bus.monitor_url,
                "nats_seed_file": bus.seed_file(service),
                "jwks_url": "http://127.0.0.1:1/none",
                **over,
            }
        )

    yield make
    for service, url in lent:
        spare_databases[service].append(url)


async def until(is_so: Callable[[], Any], seconds: float = WAIT_SECONDS_MAX) -> Any:
    """Wait for the thing itself: return the first true value of `is_so`, awaited if need be."""
    deadline = time.monotonic() + seconds
    while True:
        found = is_so()
        if asyncio.iscoroutine(found):
            found = await found
        if found:
            return found
        assert time.monotonic() < deadline, f"{is_so} was never true in {seconds} s"
        await asyncio.sleep(0.01)
