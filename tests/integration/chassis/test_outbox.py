"""The outbox: facts leave only with the change they tell of, numbered inside their aggregate."""

import asyncio

import asyncpg
import pytest

from tests.integration.chassis.conftest import commit, proposed, put


async def versions(connection) -> dict[str, list[int]]:
    rows = await connection.fetch("SELECT aggregate, version FROM ev ORDER BY seq")
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row["aggregate"].rpartition("/")[2], []).append(row["version"])
    return found


@pytest.fixture
async def url(make_settings) -> str:
    return (await make_settings()).database_url


async def test_facts_of_an_aggregate_take_versions_without_holes_nor_repetition(url):
    connection = await asyncpg.connect(url)
    await commit(connection, proposed("a"), proposed("b"), proposed("a"))
    undone = connection.transaction()
    await undone.start()
    await put(connection, proposed("a"))
    await undone.rollback()
    await commit(connection, proposed("a"))
    assert await versions(connection) == {"a": [1, 2, 3], "b": [1]}
    await connection.close()


async def test_writers_of_one_aggregate_at_once_take_versions_in_the_order_of_the_facts(url):
    async def write() -> None:
        connection = await asyncpg.connect(url)
        for _ in range(20):
            await commit(connection, proposed("a"), proposed("b"))
        await connection.close()

    await asyncio.gather(*(write() for _ in range(4)))
    connection = await asyncpg.connect(url)
    assert await versions(connection) == {name: list(range(1, 81)) for name in "ab"}
    await connection.close()


async def test_a_fact_outside_a_transaction_is_a_bug(url):
    connection = await asyncpg.connect(url)
    with pytest.raises(AssertionError, match="outside a transaction"):
        await put(connection, proposed("a"))
    assert await versions(connection) == {}
    await connection.close()
