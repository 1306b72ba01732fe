"""The diagnostics service as its callers meet it: real PostgreSQL, no NATS, tokens it can check."""

import asyncio
import gzip
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import httpx
import pytest
from joserfc.jwk import OKPKey

from services.chassis import ids, tokens
from services.chassis.service import Service
from services.diagnostics import commands
from services.diagnostics.app import create_app
from services.diagnostics.commands import geography
from services.diagnostics.settings import Settings

SEED = "SUAAVWRZG6M5FA5VRRGWSCIHKTOJC7EWNIT4JV3FTOIPO4OBFR5WA7X5TE\n"


@pytest.fixture(scope="session")
def signing_key() -> OKPKey:
    return OKPKey.generate_key("Ed25519")


@pytest.fixture(scope="session")
def jwks_url(signing_key):
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
async def database_url(make_database: Callable[[str], Awaitable[str]]) -> str:
    return await make_database("diagnostics")


@pytest.fixture(scope="session")
async def running(
    database_url, jwks_url, tmp_path_factory
) -> AsyncIterator[tuple[Service, httpx.AsyncClient]]:
    """The service and a client of it."""
    seed = tmp_path_factory.mktemp("diagnostics") / "seed"
    seed.write_text(SEED)
    settings = Settings(
        port=1,
        database_url=database_url,
        nats_url="nats://127.0.0.1:1",  # Nobody answers: files are taken all the same.
        nats_monitor_url="http://127.0.0.1:1",
        nats_seed_file=str(seed),
        jwks_url=jwks_url,
    )
    app, service = create_app(settings)
    await service.start()
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://diagnostics.test", timeout=120
    )
    yield service, client
    await client.aclose()
    await service.stop()
    await asyncio.sleep(0)


@pytest.fixture(scope="session")
def bearer(signing_key) -> Callable[..., dict[str, str]]:
    """Return a function that gives the headers of a caller."""

    def headers(role: str = "operator", coordination: str = "*") -> dict[str, str]:
        caller = tokens.Caller(
            sub=f"{role}@{coordination}", coordination=coordination, roles=[role]
        )
        token = tokens.mint(signing_key, caller, now=ids.now(), jti=str(uuid4()))
        return {"Authorization": f"Bearer {token}"}

    return headers


class Desk:
    """One coordination that no other test knows, and whoever brings files to it."""

    def __init__(
        self, service: Service, client: httpx.AsyncClient, bearer: Callable[..., dict[str, str]]
    ) -> None:
        self.service, self.client, self._bearer = service, client, bearer
        self.coordination = f"d-{uuid4().hex[:12]}"
        self.here = f"/v1/coordinations/{self.coordination}"

    async def cover(self, *communes: str) -> None:
        """Make communes its own, as the founding that members tells does."""
        async with self.service.write() as connection, connection.transaction():
            await commands.cover_communes(connection, self.coordination, list(communes))
            await geography.name_communes(connection, list(communes))

    async def ask(
        self, verb: str, path: str, *, status: int = 200, role: str = "coordinator", **options: Any
    ) -> Any:
        """Ask and return the answer's body."""
        where = "*" if role == "operator" else self.coordination
        answer = await self.client.request(verb, path, headers=self._bearer(role, where), **options)
        assert answer.status_code == status, f"{verb} {path}: {answer.text[:1000]}"
        return answer.json() if "json" in answer.headers["content-type"] else answer.content

    async def get(self, path: str, *, status: int = 200, **params: Any) -> Any:
        """Read from its own routes."""
        return await self.ask("GET", f"{self.here}/{path}", status=status, params=params)

    async def bring(
        self, kind: str, content: bytes | str | Path, *, status: int = 200, **params: Any
    ) -> Any:
        """Import a file as its own."""
        return await self.ask(
            "POST",
            f"{self.here}/imports/{kind}",
            status=status,
            content=read(content),
            params=params,
        )

    async def bring_shared(
        self, kind: str, content: bytes | str | Path, *, status: int = 200, **params: Any
    ) -> Any:
        """Import a national file, as the operator."""
        return await self.ask(
            "POST",
            f"/v1/imports/{kind}",
            status=status,
            role="operator",
            content=read(content),
            params=params,
        )


def read(content: bytes | str | Path) -> bytes:
    """Return what a request carries: a file's bytes or a text's."""
    if isinstance(content, Path):
        return content.read_bytes()
    return content.encode() if isinstance(content, str) else content


def lines(path: Path, *starts: str) -> str:
    """Return the header of a file and its rows that begin so."""
    held = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    header, *rest = held.decode().splitlines(keepends=True)
    return header + "".join(line for line in rest if line.startswith(starts))


def rows_about(path: Path, department: str) -> str:
    """Return the header of a file and its rows that hold a commune's code of a département."""
    held = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    header, *rest = held.decode("utf-8-sig").splitlines(keepends=True)
    code = re.compile(rf"(?:^|[,;]){department}\d{{3}}[,;]")
    return header + "".join(row for row in rest if code.search(row))


@pytest.fixture
def desk(running, bearer) -> Desk:
    return Desk(*running, bearer)


@pytest.fixture
def another_desk(running, bearer) -> Desk:
    return Desk(*running, bearer)
