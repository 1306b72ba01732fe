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
from infra.devservers.nats_nodes import NatsNodes
from infra.nats.render import Node, configuration
from services.chassis import migrate
from services.chassis.settings import ServiceSettings
from services.exchange.model.access import Entry
from tests.conftest import NATS_NODES

INSTITUTIONS = ("caf-31", "la-poste")
COORDINATION = "gers-numerique"
WAIT_SECONDS_MAX = 15.0


@dataclass
class Bus:
    """NATS with a user per service and per institution: one server, or a cluster of them."""

    folder: Path
    seeds: dict[str, str] = field(default_factory=dict)
    """NKey seed of each service and institution, of `system`, and of `admin`, who may do all."""
    without: tuple[str, ...] = ()
    sync: str = "always"

    def __post_init__(self) -> None:
        for user in (*SERVICES, *INSTITUTIONS, "system", "admin"):
            self.seeds.setdefault(user, new_seed())
        self.server = NatsNodes(
            self.folder,
            free_ports(),
            configure=self._configuration,
            key=lambda: self.seeds["system"],
        )

    @property
    def url(self) -> str:
        """Where it takes clients."""
        return self.server.url

    @property
    def monitor_url(self) -> str:
        """Where it says how it is."""
        return self.server.monitor_url

    @property
    def process(self) -> Any:
        """The first server's process."""
        return self.server.servers[0]._server

    def start(self, *, without: tuple[str, ...] = (), sync: str = "always") -> None:
        """Start it, with every user but those of `without`."""
        self.without, self.sync = without, sync
        self.server.start()

    def kill(self) -> None:
        """Kill it as a power cut does: nothing is said to anybody."""
        for one in self.server.servers:
            one._server.kill()
        for one in self.server.servers:
            one._server.wait(timeout=10)

    def restart(self, **options: Any) -> None:
        """Kill it and start it again on the same store."""
        self.kill()
        self.start(**options)

    def reload(self, *, without: tuple[str, ...] = ()) -> None:
        """Change its users while it runs."""
        self.without = without
        self.server.reload()

    def seed_file(self, user: str) -> str:
        """Return the file of a user's seed."""
        path = self.folder.with_name(f"{self.folder.name}-{user}.nkey")
        path.write_text(self.seeds[user])
        return str(path)

    def _configuration(self, server: Nats, node: Node | None, streams: str) -> str:
        public = {name: public_nkey(seed) for name, seed in self.seeds.items()}
        text = configuration(
            listen=f"127.0.0.1:{server.port}",
            monitor=f"127.0.0.1:{server.monitor_port}",
            store=streams,
            services={name: public[name] for name in SERVICES if name not in self.without},
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
                if one not in self.without
            ],
            system=public["system"],
            sync=self.sync,
            node=node,
        )
        admin = f"jetstream: enabled\n    users: [ {{ nkey: {public['admin']} }},"
        return text.replace("jetstream: enabled\n    users: [", admin)


def free_ports() -> list[tuple[int, int, int]]:
    """Return the ports of as many servers as the tests stand on."""
    return [(free_port(), free_port(), free_port()) for _ in range(NATS_NODES)]


def new_seed() -> str:
    """Return the seed of a fresh NKey user."""
    return nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER).decode()


def public_nkey(seed: str) -> str:
    """Return the public key of a seed."""
    return nkeys.from_seed(bytearray(seed.encode())).public_key.decode()


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Bus]:
    """A running NATS of this test alone."""
    made = Bus(tmp_path / "nats")
    made.start()
    yield made
    made.server.stop()


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
                "nats_replicas": NATS_NODES,
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
