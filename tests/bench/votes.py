"""Votes under load, seen from outside: ballots one by one and by lists, the count, and bare SQL."""

import asyncio
import json
import time
from pathlib import Path
from statistics import median
from uuid import uuid4

import asyncpg
import httpx

from contracts.values import Role
from infra.cli.folder import DataFolder
from infra.cli.operator_token import token
from tests.acceptance.conftest import Stack
from tests.bench.raw_http import Caller
from tests.integration.members.known_votes import Assembly, seat_members

SIZES = {"PRIVATE": 2_000, "DIGITAL_MEDIATION": 5_000, "INSTITUTIONAL": 3_000}
SINGLES, CALLERS, LIST = 2_000, 64, 500
READS = 15
BARE_SINGLES = 300


async def votes(stack: Stack) -> dict[str, float]:
    """Return ballots per second and milliseconds per count of a running stack, beside bare SQL."""
    told = Path(f"/proc/{stack.processes()['members']['pid']}/environ").read_bytes()
    found = dict(one.split(b"=", 1) for one in told.split(b"\0") if b"=" in one)
    password = Path(found[b"MEMBERS_DATABASE_PASSWORD_FILE"].decode()).read_text()
    connection = await asyncpg.connect(found[b"MEMBERS_DATABASE_URL"].decode(), password=password)
    headers = {"Authorization": f"Bearer {token(DataFolder(stack.data), Role.OPERATOR)}"}
    limits = httpx.Limits(max_connections=CALLERS)
    async with httpx.AsyncClient(
        base_url=stack.ready["services"]["members"], timeout=60, limits=limits, trust_env=False
    ) as http:
        measured = await measure(http, headers, connection)
    await connection.close()
    return measured


async def measure(
    http: httpx.AsyncClient, headers: dict[str, str], connection: asyncpg.Connection
) -> dict[str, float]:
    """Return the same, of a service behind `http` whose database `connection` is open on."""
    slug = f"bench-{uuid4().hex[:8]}"
    assembly = Assembly(http, headers, slug)
    founded = {"slug": slug, "name": "Banc", "level": "COMMUNE", "communes": ["31446"]}
    (await assembly.post("/v1/coordinations", founded)).raise_for_status()
    assembly.members = await seat_members(connection, slug, SIZES)
    await assembly.adopt(quorum_per_college=None)
    everyone = assembly.everyone()
    began = time.perf_counter()
    resolution = await assembly.open()
    found = {"open_10000_members_ms": 1000 * (time.perf_counter() - began)}
    found["ballots_by_lists_per_s"] = await _lists(assembly, resolution, everyone)
    port = http.base_url.port
    assert port is not None, "the address of a service has its port"
    singles = await _singles(port, headers, resolution, everyone)
    found["ballots_one_by_one_per_s"] = singles
    found |= await _counts(assembly, connection, resolution)
    began = time.perf_counter()
    await assembly.close(resolution)
    found["close_ms"] = 1000 * (time.perf_counter() - began)
    found |= await _bare(connection, resolution, everyone)
    return {name: round(value, 2) for name, value in found.items()}


def _parts(everyone: list[str]) -> list[list[str]]:
    return [everyone[start : start + LIST] for start in range(0, len(everyone), LIST)]


async def _lists(assembly: Assembly, resolution: str, everyone: list[str]) -> float:
    lists = [[{"member": one, "choice": "for"} for one in part] for part in _parts(everyone)]
    began = time.perf_counter()
    await asyncio.gather(*(assembly.cast(resolution, one) for one in lists))
    return len(everyone) / (time.perf_counter() - began)


async def _singles(
    port: int, headers: dict[str, str], resolution: str, everyone: list[str]
) -> float:
    waiting = iter(everyone[:SINGLES])
    address = f"/v1/resolutions/{resolution}/ballots"

    async def caller() -> None:
        async with Caller(port, headers) as one:
            for member in waiting:
                body = json.dumps({"member": member, "choice": "against"}).encode()
                status, answer = await one.post(address, body)
                assert status == 201, answer

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return SINGLES / (time.perf_counter() - began)


async def _counts(
    assembly: Assembly, connection: asyncpg.Connection, resolution: str
) -> dict[str, float]:
    """Return the milliseconds of a count over HTTP, and of only reading the same ballots."""
    counted, bare = [], []
    for _ in range(READS):
        began = time.perf_counter()
        (await assembly.get(f"/v1/resolutions/{resolution}/tally")).raise_for_status()
        counted.append(time.perf_counter() - began)
        began = time.perf_counter()
        await connection.fetch(
            "SELECT member_id, choice, seq FROM ballots WHERE resolution_id = $1", resolution
        )
        bare.append(time.perf_counter() - began)
    return {"tally_ms": 1000 * median(counted), "bare_select_ms": 1000 * median(bare)}


async def _bare(
    connection: asyncpg.Connection, resolution: str, everyone: list[str]
) -> dict[str, float]:
    """Return rows per second of plain inserts of the same ballots: by lists, then one by one."""
    await connection.execute("CREATE TABLE bench_ballots (LIKE ballots INCLUDING ALL)")
    by_list = """INSERT INTO bench_ballots (resolution_id, seq, ballot_id, member_id, choice, cast_at)
        SELECT $1, seq, id, member, 'for', now()
          FROM unnest($2::bigint[], $3::uuid[], $4::uuid[]) AS a (seq, id, member)"""
    seq = 0
    try:
        began = time.perf_counter()
        for part in _parts(everyone):
            numbers = list(range(seq + 1, seq + 1 + len(part)))
            await connection.execute(by_list, resolution, numbers, [uuid4() for _ in part], part)
            seq = numbers[-1]
        lists = len(everyone) / (time.perf_counter() - began)
        began = time.perf_counter()
        for member in everyone[:BARE_SINGLES]:
            seq += 1
            await connection.execute(by_list, resolution, [seq], [uuid4()], [member])
        singles = BARE_SINGLES / (time.perf_counter() - began)
    finally:
        await connection.execute("DROP TABLE bench_ballots")
    return {"bare_insert_by_lists_per_s": lists, "bare_insert_one_by_one_per_s": singles}
