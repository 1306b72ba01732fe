"""Places: rows read and kept per second, and searches over 100,000 of them beside a bare SELECT."""

import random
import time
from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID

import asyncpg

from services.chassis import ids, importer
from services.diagnostics import commands
from services.diagnostics.commands.places import bring_places
from services.diagnostics.imports.places import PLACES
from services.diagnostics.model import place_words
from services.diagnostics.model.places import Place, PlaceFilter, Point, row_of
from services.diagnostics.reads import places as reads
from services.diagnostics.store import places as store
from tests.bench.limits import spread
from tests.conftest import real_data

HERE, NATIONAL = "bench-places", "bench-national"
COUNT, CHUNK, ASKED, PAGE, SEED = 100_000, 1000, 200, 50, 20260301
FILE = "lieux/national_v1_2023_conseillers.json.gz"
NAMES = ("Médiathèque", "Mairie", "Centre social", "Tiers-lieu", "CCAS", "Maison France services")
STREETS = ("rue de la Mairie", "place du Marché", "avenue de la République", "chemin Vert")


def place(number: int, chance: random.Random) -> Place:
    """Return a made-up place, the same at each run."""
    return Place(
        local_id=str(number),
        source="bench",
        name=f"{chance.choice(NAMES)} {number}",
        commune_name="Commune",
        postal_code="31000",
        insee_code=f"31{1 + number % 580:03}",
        address=f"{number % 90} {chance.choice(STREETS)}",
        latitude=42 + chance.random() * 8,
        longitude=-4 + chance.random() * 11,
        hours=chance.choice((None, "Mo-Fr 09:00-12:00", "Tu-Sa 10:00-19:00")),
        services=place_words.in_order("services", chance.sample(place_words.SERVICES, 3)),
        publics=chance.sample(place_words.PUBLICS, 1),
        updated_on=date(2026, 1, 1),
    )


async def fill(connection: asyncpg.Connection) -> list[UUID]:
    """Write the places and return their ids."""
    chance = random.Random(SEED)
    found = []
    for start in range(0, COUNT, CHUNK):
        told = [place(number, chance) for number in range(start, start + CHUNK)]
        rows = [row_of(one, HERE, one.insee_code) for one in told]
        await store.put(connection, rows)
        found += [one.id for one in rows]
    await connection.execute("ANALYZE places")
    return found


async def clear(connection: asyncpg.Connection) -> None:
    """Take everything out: the stack stays as it was."""
    for table in ("places", "communes"):
        await connection.execute(
            f"DELETE FROM {table} WHERE coordination = ANY($1)",
            [HERE, NATIONAL],
        )


async def imported(connection: asyncpg.Connection) -> dict[str, int]:
    """Return how many rows of a real national file are read, kept and found unchanged a second."""
    content = (real_data() / FILE).read_bytes()
    began = time.perf_counter()
    report = await importer.run(importer.mapped(BytesIO(content), PLACES), PLACES)
    found = {"rows": report.read, "read_per_s": round(report.read / (time.perf_counter() - began))}
    codes = [f"{one:05}" for one in range(1, 2)]
    await commands.cover_communes(connection, NATIONAL, codes)
    names = sorted({one.commune_name for one in await told(content)})
    await connection.executemany(
        "INSERT INTO communes (coordination, code, covered, name) VALUES ($1, $2, true, $3)"
        " ON CONFLICT DO NOTHING",
        [(NATIONAL, f"{number:05}", name) for number, name in enumerate(names, start=10_000)],
    )

    async def write(rows: list[Place]) -> list[importer.Outcome]:
        async with connection.transaction():
            return await bring_places(connection, NATIONAL, rows, now=ids.now(), new_id=ids.new_id)

    for name in ("kept_per_s", "again_per_s"):
        began = time.perf_counter()
        await importer.run(importer.mapped(BytesIO(content), PLACES), PLACES, write)
        found[name] = round(report.read / (time.perf_counter() - began))
    return found


async def told(content: bytes) -> list[Place]:
    """Return the places of a file."""
    found: list[Place] = []

    async def keep(rows: list[Place]) -> list[importer.Outcome]:
        found.extend(rows)
        return [True] * len(rows)

    await importer.run(importer.mapped(BytesIO(content), PLACES), PLACES, keep)
    return found


def questions(known: list[UUID]) -> dict[str, list[tuple[PlaceFilter, Point | None]]]:
    """Return what is asked, the same at each run."""
    chance = random.Random(SEED)

    def words() -> str:
        return f"{chance.choice(NAMES)[:5]} {chance.randrange(COUNT)}"

    def point() -> Point:
        return Point(
            latitude=42 + chance.random() * 8, longitude=-4 + chance.random() * 11, within_km=10
        )

    asked = range(ASKED)
    return {
        "words": [(PlaceFilter(words=reads.words(words())), None) for _ in asked],
        "commune": [
            (PlaceFilter(commune=f"31{1 + chance.randrange(580):03}"), None) for _ in asked
        ],
        "service_and_evening": [
            (PlaceFilter(services=[chance.choice(place_words.SERVICES)], evening=True), None)
            for _ in asked
        ],
        "within_10_km": [(PlaceFilter(), point()) for _ in asked],
    }


async def searched(connection: asyncpg.Connection, known: list[UUID]) -> dict[str, Any]:
    """Return p50 and p99 of a page of each search, and of a bare SELECT by primary key."""
    chance = random.Random(SEED)
    found: dict[str, Any] = {}
    for name, asked in questions(known).items():
        took = []
        for kept, point in asked:
            began = time.perf_counter()
            await reads.places(connection, HERE, kept, point=point, cursor=None, most=PAGE)
            took.append(1000 * (time.perf_counter() - began))
        found[name] = spread(took)
    took = []
    for place_id in chance.sample(known, ASKED):
        began = time.perf_counter()
        await connection.fetchrow(
            "SELECT name FROM places WHERE coordination = $1 AND id = $2", HERE, place_id
        )
        took.append(1000 * (time.perf_counter() - began))
    found["bare_select"] = spread(took)
    return found


async def measure(connection: asyncpg.Connection) -> dict[str, Any]:
    """Return the figures of places; the connection is set as the service's own."""
    await clear(connection)
    try:
        found: dict[str, Any] = {"import": await imported(connection)}
        began = time.perf_counter()
        known = await fill(connection)
        found["written_per_s"] = round(COUNT / (time.perf_counter() - began))
        found["search"] = await searched(connection, known)
    finally:
        await clear(connection)
    return found


def lines(found: dict[str, Any]) -> list[str]:
    """Return the figures as tables."""
    told, bare = found["import"], found["search"]["bare_select"]
    rows = [
        f"## Places: {COUNT:,} in one coordination",
        "",
        "| the directory, a page of 50 | p50 | p99 | ratio of p50 |",
        "|---|---:|---:|---:|",
    ]
    for name, one in found["search"].items():
        ratio = one["p50_ms"] / bare["p50_ms"]
        rows.append(
            f"| {name.replace('_', ' ')} | {one['p50_ms']} ms | {one['p99_ms']} ms | {ratio:.1f} |"
        )
    return [
        *rows,
        "",
        f"A real national file of {told['rows']:,} rows: {told['read_per_s']:,} rows/s read and",
        f"checked, {told['kept_per_s']:,}/s with keeping them, {told['again_per_s']:,}/s when nothing",
        f"changed; {found['written_per_s']:,} made-up places/s written whole.",
        "",
    ]
