"""The diagnostics service as those of the field meet it: real PostgreSQL, tokens it can check."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from joserfc.jwk import OKPKey

from services.chassis import ids, tokens
from services.diagnostics import commands
from services.diagnostics.app import create_app
from services.diagnostics.settings import Settings
from tests.integration.diagnostics.field.site import COMMUNES, Site

SEED = "SUAAVWRZG6M5FA5VRRGWSCIHKTOJC7EWNIT4JV3FTOIPO4OBFR5WA7X5TE\n"


@pytest.fixture(scope="session")
def signing_key() -> OKPKey:
    return OKPKey.generate_key("Ed25519")


@pytest.fixture(scope="session")
def jwks_url(signing_key: OKPKey) -> Iterator[str]:
    """The address of the one document that services check tokens with."""
    public = {**signing_key.as_dict(private=False), "kid": signing_key.thumbprint()}
    body = json.dumps({"keys": [public]}).encode()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/jwks"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
async def database_url(make_database: Any) -> str:
    return await make_database("diagnostics")


@pytest.fixture(scope="session")
async def http(
    database_url: str, jwks_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[httpx.AsyncClient]:
    seed = tmp_path_factory.mktemp("diagnostics") / "seed"
    seed.write_text(SEED)
    settings = Settings(
        port=1,
        database_url=database_url,
        pool_size_max=10,
        nats_url="nats://127.0.0.1:1",  # Nobody answers there: the service works all the same.
        nats_monitor_url="http://127.0.0.1:1",
        nats_seed_file=str(seed),
        jwks_url=jwks_url,
    )
    app, service = create_app(settings)
    await service.start()  # What the lifespan does, in whichever task a fixture runs.
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://diagnostics.test") as client:
        yield client
    await service.stop()


@pytest.fixture(scope="session")
async def pool(database_url: str) -> AsyncIterator[Any]:
    async with asyncpg.create_pool(database_url, min_size=0, max_size=4) as opened:
        yield opened


Bearer = Callable[..., dict[str, str]]


@pytest.fixture(scope="session")
def bearer(signing_key: OKPKey) -> Bearer:
    """Return a function that gives the headers of a caller."""

    def headers(
        role: str = "coordinator", coordination: str = "*", organization: str | None = None
    ) -> dict[str, str]:
        caller = tokens.Caller(
            sub=f"{role}@{coordination}",
            coordination=coordination,
            organization=organization,
            roles=[role],
        )
        token = tokens.mint(signing_key, caller, now=ids.now(), jti=str(uuid4()))
        return {"Authorization": f"Bearer {token}"}

    return headers


@pytest.fixture
def make_site(http: httpx.AsyncClient, pool: Any, bearer: Bearer) -> Callable[..., Any]:
    """Return a function that gives a coordination that no other test knows."""

    async def make() -> Site:
        slug = f"c-{uuid4().hex[:12]}"
        async with pool.acquire() as connection:
            await commands.cover_communes(connection, slug, COMMUNES)
        return Site(http, pool, bearer, slug)

    return make


@pytest.fixture
async def site(make_site: Callable[..., Any]) -> Site:
    """A coordination of three communes."""
    return await make_site()


@pytest.fixture
async def elsewhere(make_site: Callable[..., Any]) -> Site:
    """Another coordination, of the same communes."""
    return await make_site()
