"""The members service as its callers meet it: real PostgreSQL, no NATS, tokens it can check."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from joserfc.jwk import OKPKey

from services.chassis import ids, tokens
from services.members.app import create_app
from services.members.model import Right
from services.members.settings import Settings
from services.members.store import rights
from tests.integration.members.assembly import Assembly
from tests.integration.members.governing import Hall
from tests.integration.members.people import People

AUDIENCE = "https://membres.test/v1/token"


class PublishedKeys:
    """A tiny server of one document: the keys that services read."""

    def __init__(self) -> None:
        self.document: dict[str, Any] = {"keys": []}
        outer = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = json.dumps(outer.document).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self._server.server_port}/jwks"
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture(scope="session")
def signing_key() -> OKPKey:
    return OKPKey.generate_key("Ed25519")


@pytest.fixture(scope="session")
def published_keys(signing_key: OKPKey) -> Iterator[PublishedKeys]:
    server = PublishedKeys()
    public = signing_key.as_dict(private=False)
    server.document = {"keys": [{**public, "kid": signing_key.thumbprint()}]}
    yield server
    server.close()


@pytest.fixture(scope="session")
async def database_url(make_database: Callable[[str], Awaitable[str]]) -> str:
    return await make_database("members")


@pytest.fixture(scope="session")
def settings(
    database_url: str,
    signing_key: OKPKey,
    published_keys: PublishedKeys,
    tmp_path_factory: pytest.TempPathFactory,
) -> Settings:
    folder: Path = tmp_path_factory.mktemp("members")
    (folder / "seed").write_text("SUAAVWRZG6M5FA5VRRGWSCIHKTOJC7EWNIT4JV3FTOIPO4OBFR5WA7X5TE\n")
    (folder / "key.json").write_text(json.dumps(signing_key.as_dict(private=True)))
    return Settings(
        port=1,
        database_url=database_url,
        pool_size_max=20,
        nats_url="nats://127.0.0.1:1",  # Nobody answers there: the service works all the same.
        nats_monitor_url="http://127.0.0.1:1",
        nats_seed_file=str(folder / "seed"),
        jwks_url=published_keys.url,
        signing_key_file=str(folder / "key.json"),
        token_audiences=f"urn:ctin:token, {AUDIENCE}",
    )


@pytest.fixture(scope="session")
async def http(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app, service = create_app(settings)
    await service.start()  # What the lifespan does, in whichever task a fixture runs.
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://membres.test") as client:
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
        role: str = "operator", coordination: str = "*", organization: str | None = None
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
async def coordination(http: httpx.AsyncClient, bearer: Bearer) -> str:
    """A coordination of two communes that no other test knows."""
    slug = f"c-{uuid4().hex[:12]}"
    asked = {
        "slug": slug,
        "name": "CTIN d'essai",
        "level": "EPCI",
        "siren": "243100633",
        "communes": ["31446", "31582"],
    }
    answer = await http.post("/v1/coordinations", json=asked, headers=bearer())
    assert answer.status_code == 201, answer.text
    return slug


@pytest.fixture(scope="session")
def facts_about(pool: Any) -> Callable[[object], Awaitable[list[dict[str, Any]]]]:
    """Return a function that gives the facts told of one aggregate, in order, with their type."""

    async def told(aggregate: object) -> list[dict[str, Any]]:
        query = "SELECT type, subject, data FROM ev WHERE aggregate = $1 ORDER BY version"
        rows = await pool.fetch(query, str(aggregate))
        return [
            {
                "type": row["type"].split(".")[-2],
                "subject": row["subject"],
                **json.loads(row["data"]),
            }
            for row in rows
        ]

    return told


@pytest.fixture
def draft() -> dict[str, Any]:
    """The body of a sharing agreement that may be written."""
    return {
        "id": str(UUID(int=uuid4().int)),
        "institution": "cpam-31",
        "reference": "FICTIF-2025-PARTAGE-01",
        "parties": ["sicoval", "cpam-31"],
        "legal_basis": "Mission d'intérêt public : RGPD, article 6, 1, e (fictif)",
        "purposes": ["shared_diagnostic"],
        "publishes": ["fr.ctin.signals.exposure_count.v1"],
        "receives": ["fr.ctin.diagnostics.area_updated.v1"],
        "areas": ["_all"],
        "valid_from": "2026-01-01",
        "valid_until": "2028-12-31",
    }


@pytest.fixture
async def assembly(
    http: httpx.AsyncClient, bearer: Bearer, pool: Any, coordination: str
) -> Assembly:
    """A coordination whose three colleges have 4, 6 and 5 members."""
    made = Assembly(http, bearer, pool, coordination)
    await made.fill()
    return made


@pytest.fixture
async def hall(http: httpx.AsyncClient, bearer: Bearer, pool: Any, coordination: str) -> Hall:
    """The coordinator of a coordination that no other test knows."""
    return Hall(http, bearer("coordinator", coordination), pool, coordination)


@pytest.fixture
async def elsewhere(http: httpx.AsyncClient, bearer: Bearer, pool: Any) -> Hall:
    """The coordinator of another coordination."""
    slug = f"c-{uuid4().hex[:12]}"
    founded = {"slug": slug, "name": "Une autre", "level": "COMMUNE", "communes": ["31446"]}
    answer = await http.post("/v1/coordinations", json=founded, headers=bearer())
    assert answer.status_code == 201, answer.text
    return Hall(http, bearer("coordinator", slug), pool, slug)


Allow = Callable[..., Awaitable[None]]


@pytest.fixture
def allow(pool: Any) -> Allow:
    """Return a function that keeps a right of a subject, as the founding of a coordination does."""

    async def keep(
        coordination: str, subject: str, role: str, organization: str | None = None
    ) -> None:
        async with pool.acquire() as connection:
            await rights.grant(
                connection,
                coordination,
                subject,
                Right(role, organization),
                origin="founding",
                now=ids.now(),
            )

    return keep


@pytest.fixture
def people(http: httpx.AsyncClient, pool: Any, bearer: Bearer, coordination: str) -> People:
    """The secretariat of a coordination, and its persons."""
    headers = bearer("coordinator", coordination)
    return People(http, pool, headers, coordination)
