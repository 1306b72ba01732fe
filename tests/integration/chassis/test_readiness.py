"""Readiness: durability is proven by asking the servers, and what lacks is said in French."""

from contextlib import asynccontextmanager

import asyncpg
import pytest

from infra.devservers.postgres import Postgres
from services.chassis import migrate
from services.chassis import service as running
from services.chassis.service import Service
from tests.integration.conftest import until

READY: list[str] = []


@asynccontextmanager
async def started(settings):
    one = Service("roadmap", settings)
    await one.start()
    try:
        yield one
    finally:
        await one.stop()


async def settled(one: Service) -> list[str]:
    """Return what a service lacks once it asked both servers and its relay leads."""
    await until(lambda: one._unsafe != "la durabilité n'est pas encore prouvée")
    await until(lambda: one.relays[0].trouble is None)
    return await one.missing()


@pytest.fixture(autouse=True)
def _prompt(monkeypatch):
    monkeypatch.setattr(running, "PROOF_SECONDS", 0.05)


@pytest.fixture(scope="module")
def cluster(ground):
    """The folder of one cluster, started with other settings by each test: initdb runs once."""
    return ground / "careless"


@pytest.mark.parametrize("name", ["fsync", "synchronous_commit", "full_page_writes", None])
async def test_a_postgresql_that_could_lose_a_commit_is_refused_with_one_sentence(
    cluster, make_settings, name
):
    """With all of them on, the control, the service is ready."""
    server = Postgres(
        cluster,
        settings={name: "off"} if name else {},
        system_folder=cluster.with_name("careless-system"),
    )
    server.start()
    try:
        await server.ensure_service("roadmap", "mot")
        url = server.service_url("roadmap").replace("//roadmap@", "//roadmap:mot@")
        connection = await asyncpg.connect(url)
        await migrate.migrate(connection, "services.roadmap")
        await connection.close()
        async with started(await make_settings(database_url=url)) as one:
            lacks = await settled(one)
    finally:
        server.stop()
    sentence = (
        f"PostgreSQL n'est pas durable : {name} vaut « off » ; remettez « on » puis redémarrez."
    )
    assert lacks == ([sentence] if name else READY)


@pytest.mark.parametrize("sync", ['"2m"', "always"])
async def test_a_nats_that_could_lose_a_message_is_refused_with_one_sentence(
    bus, make_settings, sync
):
    bus.restart(sync=sync)
    async with started(await make_settings()) as one:
        lacks = await settled(one)
    sentence = (
        "NATS n'est pas durable : sync_interval n'est pas « always » ; "
        "corrigez sa configuration puis redémarrez."
    )
    assert lacks == ([sentence] if sync != "always" else READY)


async def test_a_service_waits_for_its_migrations_then_is_ready_by_itself(make_settings):
    settings = await make_settings()
    connection = await asyncpg.connect(settings.database_url)
    await connection.execute("DELETE FROM migrations WHERE name LIKE 'roadmap/%'")
    async with started(settings) as one:
        assert await settled(one) == ["la base attend 1 étape(s) : lancez « migrate »"]

        await connection.execute("DROP TABLE steps, sheets")
        await migrate.migrate(connection, "services.roadmap")
        await until(lambda: one._unsafe is None)
        assert await one.missing() == READY
    await connection.close()


async def test_a_job_that_fails_is_begun_again_and_stops_no_other(make_settings):
    runs = []

    async def clumsy(_):
        runs.append(1)
        raise ZeroDivisionError

    one = Service("roadmap", await make_settings(), jobs=[clumsy])
    await one.start()
    try:
        await until(lambda: len(runs) > 2)
        assert await settled(one) == READY
    finally:
        await one.stop()
