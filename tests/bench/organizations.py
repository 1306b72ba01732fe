"""Lists of ten thousand organisations, through HTTP and by the bare queries, in the same run."""

import random
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from services.members.model.names import name_key, words_begun
from services.members.store.queries import SQL
from tests.acceptance.conftest import Stack
from tests.bench.limits import spread

ORGANIZATIONS = 10_000
ASKED = 300
PAGE = 50
SEED = 20260301
KINDS = ("ASSOCIATION", "LIBRARY", "CCAS", "SOCIAL_CENTRE", "COMMUNE", "THIRD_PLACE", "BANK")
WORDS = ("médiathèque", "centre social", "association", "tiers-lieu", "CCAS", "maison", "espace")
PLACES = ("Ramonville", "Labège", "Périgueux", "Châtellerault", "Roubaix", "Bègles", "Villeurbanne")
DEPARTMENTS = ("31", "24", "86", "59", "33", "69", "17")
PLANS = {"enable_seqscan": "off", "jit": "off"}
"""As the services' own connections are set."""


async def database(stack: Stack) -> asyncpg.Connection:
    """Return a connection to the members' database, set as the service's own."""
    told = Path(f"/proc/{stack.processes()['members']['pid']}/environ").read_bytes()
    found = dict(one.split(b"=", 1) for one in told.split(b"\0") if b"=" in one)
    password = Path(found[b"MEMBERS_DATABASE_PASSWORD_FILE"].decode()).read_text()
    url = found[b"MEMBERS_DATABASE_URL"].decode()
    return await asyncpg.connect(url, password=password, server_settings=PLANS)


async def fill(connection: asyncpg.Connection) -> list[str]:
    """Write the organisations and return their slugs; again, nothing changes."""
    chance = random.Random(SEED)
    rows = []
    for number in range(ORGANIZATIONS):
        name = f"{chance.choice(WORDS)} {chance.choice(PLACES)} {number}"
        commune = f"{chance.choice(DEPARTMENTS)}{chance.randrange(1, 600):03}"
        rows.append(
            (f"bench-{number:05}", name, chance.choice(KINDS), False, commune, name_key(name))
        )
    await connection.executemany(
        "INSERT INTO organizations"
        " (organization, name, kind, siret_is_doubtful, commune, name_key)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        rows,
    )
    await connection.execute("ANALYZE organizations")
    return [row[0] for row in rows]


async def clear(connection: asyncpg.Connection) -> None:
    """Take the organisations out: the stack stays as it was."""
    await connection.execute("DELETE FROM organizations WHERE organization LIKE 'bench-%'")


def questions(slugs: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Return what is asked of each list, the same at each run: pages, filters, words."""
    chance = random.Random(SEED)
    pages = [{"cursor": chance.choice(slugs)} for _ in range(ASKED)]
    return {
        "page": pages,
        "kind_and_departement": [
            {**one, "kind": chance.choice(KINDS), "departement": chance.choice(DEPARTMENTS)}
            for one in pages
        ],
        "words": [
            {"q": f"{chance.choice(PLACES)[:4]} {chance.choice(WORDS)[:6]}"} for _ in range(ASKED)
        ],
        "one_name": [{"q": f"{chance.randrange(ORGANIZATIONS)}"} for _ in range(ASKED)],
    }


async def timed(asks: list[Callable[[], Awaitable[Any]]]) -> list[float]:
    """Return the milliseconds that each takes, one after the other."""
    took = []
    for ask in asks:
        began = time.perf_counter()
        await ask()
        took.append((time.perf_counter() - began) * 1000)
    return took


def bare(connection: asyncpg.Connection, asked: dict[str, Any]) -> Callable[[], Awaitable[Any]]:
    """Return the query that the service runs for a question, and nothing around it."""
    filters = (asked.get("kind"), asked.get("departement"), asked.get("cursor", ""), PAGE + 1)
    if "q" in asked:
        return lambda: connection.fetch(
            SQL["organizations_found"], words_begun(asked["q"]), *filters
        )
    return lambda: connection.fetch(SQL["organizations_listed"], *filters)


def through_http(client: httpx.AsyncClient, asked: dict[str, Any]) -> Callable[[], Awaitable[Any]]:
    """Return the request of a question; an answer that is not a page ends the run."""

    async def ask() -> None:
        answer = await client.get("/v1/organizations", params={"limit": PAGE, **asked})
        answer.raise_for_status()

    return ask


async def measure(stack: Stack, _: Path) -> dict[str, dict[str, Any]]:
    """Return p50 and p99 of each list, through HTTP and bare, and the ratios of the two."""
    connection = await database(stack)
    try:
        slugs = await fill(connection)
        found: dict[str, dict[str, Any]] = {}
        async with httpx.AsyncClient(
            base_url=stack.ready["services"]["members"],
            headers={"Authorization": f"Bearer {stack.ready['tokens']['coordinator']}"},
            trust_env=False,
            timeout=15,
        ) as client:
            for name, asked in questions(slugs).items():
                await timed([through_http(client, one) for one in asked[:20]])
                limit = spread(await timed([bare(connection, one) for one in asked]))
                http = spread(await timed([through_http(client, one) for one in asked]))
                ratios = {
                    f"ratio_{at}": round(http[f"{at}_ms"] / limit[f"{at}_ms"], 1)
                    for at in ("p50", "p99")
                }
                found[name] = {"http": http, "bare_query": limit, **ratios}
        return found
    finally:
        await clear(connection)
        await connection.close()


def lines(found: dict[str, dict[str, Any]]) -> list[str]:
    """Return the figures as a table of the page."""
    rows = [
        f"## Lists of {ORGANIZATIONS:,} organisations, pages of {PAGE}",
        "",
        "| list | HTTP p50 | HTTP p99 | bare query p50 | bare query p99 | ratio p50 | ratio p99 |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    rows += [
        f"| {name.replace('_', ' ')} | {one['http']['p50_ms']} ms | {one['http']['p99_ms']} ms "
        f"| {one['bare_query']['p50_ms']} ms | {one['bare_query']['p99_ms']} ms "
        f"| {one['ratio_p50']} | {one['ratio_p99']} |"
        for name, one in found.items()
    ]
    return [*rows, ""]
