"""The diagnostics service as those of the field meet it."""

from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from services.chassis import ids, tokens
from services.diagnostics import commands
from tests.integration.diagnostics.field.site import COMMUNES, Site


@pytest.fixture(scope="session")
def http(running: Any) -> httpx.AsyncClient:
    _, client = running
    return client


@pytest.fixture(scope="session")
async def pool(database_url: str) -> AsyncIterator[Any]:
    async with asyncpg.create_pool(database_url, min_size=0, max_size=4) as opened:
        yield opened


Bearer = Callable[..., dict[str, str]]


@pytest.fixture(scope="session")
def bearer_of(signing_key: Any) -> Bearer:
    """Return a function that gives the headers of a caller of an organisation."""

    def headers(role: str, coordination: str, organization: str | None = None) -> dict[str, str]:
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
def make_site(http: httpx.AsyncClient, pool: Any, bearer_of: Bearer) -> Callable[..., Any]:
    """Return a function that gives a coordination that no other test knows."""

    async def make() -> Site:
        slug = f"c-{uuid4().hex[:12]}"
        async with pool.acquire() as connection:
            await commands.cover_communes(connection, slug, COMMUNES)
        return Site(http, pool, bearer_of, slug)

    return make


@pytest.fixture
async def site(make_site: Callable[..., Any]) -> Site:
    """A coordination of three communes."""
    return await make_site()


@pytest.fixture
async def elsewhere(make_site: Callable[..., Any]) -> Site:
    """Another coordination, of the same communes."""
    return await make_site()
