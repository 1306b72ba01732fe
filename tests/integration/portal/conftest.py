"""The portal as a browser meets it: real server and database, every other service away."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import msgspec
import pytest
import uvicorn
from joserfc.jwk import OKPKey

from services.chassis.service import Service
from services.portal.app import create_app
from services.portal.reads.live import Hub
from services.portal.reads.peers import Peers
from services.portal.settings import Settings
from tests.integration.portal import known

SEED = "SUAAVWRZG6M5FA5VRRGWSCIHKTOJC7EWNIT4JV3FTOIPO4OBFR5WA7X5TE"


async def until(true: Callable[[], bool]) -> None:
    """Wait for something that tells nobody when it happens."""
    async with asyncio.timeout(10):
        while not true():  # There is no event to wait for.
            await asyncio.sleep(0.01)


def closed_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Portal(msgspec.Struct):
    """A running portal, and what a test reaches inside it."""

    client: httpx.AsyncClient
    service: Service
    peers: Peers
    hub: Hub


@pytest.fixture(scope="session")
def client_key(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("portal") / "client.jwk"
    path.write_text(json.dumps(OKPKey.generate_key("Ed25519", private=True).as_dict(private=True)))
    return path


@pytest.fixture(scope="session")
def make_settings(client_key):
    def make(database_url: str, **changed) -> Settings:
        seed = client_key.parent / "seed"
        seed.write_text(SEED)
        away = f"http://127.0.0.1:{closed_port()}"
        known = {
            "port": 1,
            "database_url": database_url,
            "nats_url": f"nats://127.0.0.1:{closed_port()}",
            "nats_monitor_url": away,
            "nats_seed_file": str(seed),
            "jwks_url": f"{away}/v1/jwks",
            "members_url": away,
            "funding_url": away,
            "diagnostics_url": away,
            "roadmap_url": away,
            "exchange_url": away,
            "client_key_file": str(client_key),
        }
        return Settings(**(known | changed))

    return make


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Portal]:
    """Serve the portal on a free port for as long as the block lasts."""
    app, service = create_app(settings)
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_config=None, access_log=False, timeout_graceful_shutdown=1)
    )
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started or serving.done())
    assert server.started, "the server stopped before it started"
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=10
        ) as client:
            peers = app.dependencies["peers"].dependency()
            yield Portal(client, service, peers, app.dependencies["hub"].dependency())
    finally:
        server.should_exit = True
        await serving


@pytest.fixture(scope="session")
async def database_url(make_database) -> str:
    return await make_database("portal")


@pytest.fixture(scope="session")
async def portal(make_settings, database_url) -> AsyncIterator[Portal]:
    """A portal that no other service, nor NATS, ever answered."""
    async with running(make_settings(database_url)) as one:
        yield one


@pytest.fixture(scope="session")
async def informed(make_settings, database_url) -> AsyncIterator[Portal]:
    """The same, after every service answered once and went away."""
    async with running(make_settings(database_url)) as one:
        known.remember_all(one.peers)
        one.peers._token._token, one.peers._token._until = "kept", float("inf")
        yield one
