"""A running exchange with its own NATS, and institutions that only one test knows."""

import json
from collections.abc import AsyncIterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from uuid import uuid4

import pytest
from joserfc.jwk import OKPKey

from tests.integration.conftest import Bus
from tests.integration.subscriptions.exchanges import Exchange, open_exchange
from tests.integration.subscriptions.receivers import Receiver
from tests.integration.subscriptions.worlds import World, open_world


@pytest.fixture(scope="session")
def one_bus(tmp_path_factory):
    """One NATS for every test of this folder: each has its own institution and coordination."""
    folder = tmp_path_factory.mktemp("subscriptions")
    made = Bus(folder / "nats")
    made.start()
    yield made
    made.server.stop()


@pytest.fixture(scope="session")
def signing_key() -> OKPKey:
    return OKPKey.generate_key("Ed25519")


@pytest.fixture(scope="session")
def jwks_url(signing_key):
    public = {**signing_key.as_dict(private=False), "kid": signing_key.thumbprint()}
    body = json.dumps({"keys": [public]}).encode()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/jwks"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
async def exchange(
    one_bus, make_database, jwks_url, signing_key, tmp_path_factory
) -> AsyncIterator[Exchange]:
    url, folder = await make_database("exchange"), tmp_path_factory.mktemp("keys")
    async with open_exchange(one_bus, url, jwks_url, signing_key, folder) as running:
        yield running


@pytest.fixture
def names() -> tuple[str, str]:
    """An institution and a coordination that no other test knows."""
    fresh = uuid4().hex[:10]
    return f"inst-{fresh}", f"coord-{fresh}"


@pytest.fixture(scope="session")
async def both(make_database, jwks_url, signing_key, tmp_path_factory) -> AsyncIterator[World]:
    """A diagnostic beside an exchange, on a server that tests may purge."""
    folder = tmp_path_factory.mktemp("both")
    async with open_world(make_database, jwks_url, signing_key, folder) as world:
        yield world


@pytest.fixture
async def world(both, names) -> World:
    """Both services, and a coordination of two communes that no other test knows."""
    await both.found(names[1])
    return both


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """An endpoint that answers."""
    one = await Receiver().start()
    yield one
    await one.stop()
