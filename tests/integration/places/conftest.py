"""The diagnostics service as its callers meet it, with the communes of real territories."""

import csv
import gzip
import json
from collections import defaultdict
from functools import cache
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest
from joserfc.jwk import OKPKey

from services.chassis import ids, tokens
from services.diagnostics import commands
from services.diagnostics.app import create_app
from services.diagnostics.settings import Settings
from tests.conftest import real_data
from tests.integration.members.conftest import PublishedKeys

SICOVAL = {
    "31506": ("Ramonville-Saint-Agne", 1.4778, 43.5440),
    "31113": ("Castanet-Tolosan", 1.5006, 43.5164),
    "31582": ("Labège", 1.5130, 43.5360),
    "31446": ("Saint-Orens-de-Gameville", 1.5340, 43.5540),
    "31022": ("Auzeville-Tolosane", 1.4880, 43.5280),
}


@cache
def communes_by_epci() -> dict[str, list[dict[str, str]]]:
    """Return the national communes by EPCI, from the COG."""
    found = defaultdict(list)
    path = real_data() / "cog/communes_epci_2026.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            found[row["siren_epci"]].append(row)
    return found


def lieux(name: str) -> Path:
    """Return a file of real places."""
    return real_data() / "lieux" / name


@pytest.fixture(scope="session")
async def database_url(make_database) -> str:
    return await make_database("diagnostics")


@pytest.fixture(scope="session")
def places_key() -> OKPKey:
    return OKPKey.generate_key("Ed25519")


@pytest.fixture(scope="session")
async def http(database_url, places_key, tmp_path_factory):
    server = PublishedKeys()
    public = places_key.as_dict(private=False)
    server.document = {"keys": [{**public, "kid": places_key.thumbprint()}]}
    folder = tmp_path_factory.mktemp("diagnostics")
    (folder / "seed").write_text("SUAAVWRZG6M5FA5VRRGWSCIHKTOJC7EWNIT4JV3FTOIPO4OBFR5WA7X5TE\n")
    settings = Settings(
        port=1,
        database_url=database_url,
        pool_size_max=8,
        nats_url="nats://127.0.0.1:1",  # Nobody answers there: the service works all the same.
        nats_monitor_url="http://127.0.0.1:1",
        nats_seed_file=str(folder / "seed"),
        jwks_url=server.url,
    )
    app, service = create_app(settings)
    await service.start()
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://diagnostic.test", timeout=60
    ) as client:
        yield client
    await service.stop()
    server.close()


@pytest.fixture(scope="session")
async def pool(database_url):
    async with asyncpg.create_pool(database_url, min_size=0, max_size=4) as opened:
        yield opened


@pytest.fixture(scope="session")
def bearer(places_key):
    """Return a function that gives the headers of a caller."""

    def headers(role: str = "operator", coordination: str = "*") -> dict[str, str]:
        caller = tokens.Caller(
            sub=f"{role}@{coordination}",
            coordination=coordination,
            organization=None,
            roles=[role],
        )
        token = tokens.mint(places_key, caller, now=ids.now(), jti=str(uuid4()))
        return {"Authorization": f"Bearer {token}"}

    return headers


@pytest.fixture(scope="session")
def found_with(http, pool, bearer):
    """Return a function that makes a fresh coordination of communes: code → name, lon, lat."""

    async def make(communes) -> str:
        slug = f"p-{uuid4().hex[:12]}"
        async with pool.acquire() as connection:
            await commands.cover_communes(connection, slug, sorted(communes))
        asked = {
            "source": "INSEE",
            "vintage": "2026",
            "communes": [
                {"code": code, "name": name, "population": 1000, "longitude": lon, "latitude": lat}
                for code, (name, lon, lat) in communes.items()
            ],
        }
        path = f"/v1/coordinations/{slug}/communes"
        for at in range(0, len(asked["communes"]), 1000):
            part = {**asked, "communes": asked["communes"][at : at + 1000]}
            answer = await http.post(path, json=part, headers=bearer())
            assert answer.status_code == 200, answer.text
        return slug

    return make


@pytest.fixture
async def sicoval(found_with) -> str:
    """A coordination of five communes that no other test knows."""
    return await found_with(SICOVAL)


@pytest.fixture(scope="session")
def brought(http, bearer):
    """Return a function that imports a file over HTTP and returns its report."""

    async def bring(coordination, content, *, kind="places", mapping=None, **params):
        if isinstance(content, list):
            content = json.dumps(content, ensure_ascii=False).encode()
        if mapping:
            params["mapping"] = json.dumps(mapping, ensure_ascii=False)
        answer = await http.post(
            f"/v1/coordinations/{coordination}/imports/{kind}",
            content=content,
            params=params,
            headers=bearer(),
        )
        assert answer.status_code == 200, answer.text
        report = answer.json()
        assert report["read"] == report["accepted"] + report["unchanged"] + len(report["refused"])
        return report

    return bring


@pytest.fixture(scope="session")
def seen(http, bearer):
    """Return a function that reads the directory as an observer does, every page of it."""

    async def ask(coordination, *, limit=200, **params):
        found, cursor = [], None
        while True:
            asked = {**params, "limit": limit, **({"cursor": cursor} if cursor else {})}
            answer = await http.get(
                f"/v1/coordinations/{coordination}/places",
                params=asked,
                headers=bearer("observer", coordination),
            )
            assert answer.status_code == 200, answer.text
            found += answer.json()["items"]
            cursor = answer.json()["cursor"]
            if cursor is None:
                return found

    return ask
