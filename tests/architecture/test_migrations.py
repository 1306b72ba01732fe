"""A database migrated step by step is the database described by schema.sql."""

import re

import asyncpg
import pytest

from contracts.streams import SERVICES
from services.chassis import sql
from tests.conftest import ROOT

PICTURES = {
    "columns": """
        SELECT table_name, column_name, data_type, udt_name, is_nullable, column_default,
               is_identity, identity_generation, is_generated, generation_expression,
               collation_name
          FROM information_schema.columns
         WHERE table_schema = 'public'""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
          FROM pg_constraint
         WHERE connamespace = 'public'::regnamespace""",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": """
        SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
          FROM pg_trigger
         WHERE NOT tgisinternal""",
    "functions": """
        SELECT proname, pg_get_functiondef(oid)
          FROM pg_proc
         WHERE pronamespace = 'public'::regnamespace AND prokind <> 'a'""",
    "relations": """
        SELECT relname, relkind::text, relpersistence::text, relrowsecurity, reloptions::text
          FROM pg_class
         WHERE relnamespace = 'public'::regnamespace""",
    "partitions": """
        SELECT inhrelid::regclass::text, inhparent::regclass::text FROM pg_inherits""",
    "types": """
        SELECT typname, enumlabel
          FROM pg_enum
          JOIN pg_type ON pg_type.oid = enumtypid""",
    "comments": """
        SELECT classoid::regclass::text, objoid::regclass::text, objsubid, description
          FROM pg_description
          JOIN pg_class ON pg_class.oid = objoid AND relnamespace = 'public'::regnamespace""",
    "privileges": """
        SELECT table_name, grantee = current_user, privilege_type
          FROM information_schema.table_privileges
         WHERE table_schema = 'public'""",
}


async def picture(connection: asyncpg.Connection) -> dict[str, list[str]]:
    """Return everything the catalog says of a database, in an order of its own."""
    return {
        name: sorted(str(tuple(row)) for row in await connection.fetch(query))
        for name, query in PICTURES.items()
    }


@pytest.fixture
async def connect(make_database):
    """Return a function that connects to a fresh database, migrated or made from scripts."""
    opened = []

    async def make(service: str | None, *scripts: str) -> asyncpg.Connection:
        connection = await asyncpg.connect(await make_database(service))
        opened.append(connection)
        for script in scripts:
            await connection.execute(script)
        return connection

    yield make
    for connection in opened:
        await connection.close()


@pytest.mark.parametrize("service", SERVICES)
async def test_the_steps_add_up_to_the_schema(service, connect):
    folders = (ROOT / "services/chassis/sql", ROOT / f"services/{service}/sql")
    schemas = [(folder / "schema.sql").read_text() for folder in folders]
    migrated = await connect(service)
    whole = await connect(None, sql.load("services.chassis")["make_migrations"], *schemas)

    assert await picture(migrated) == await picture(whole)


async def test_a_column_more_is_seen(connect):
    one = await connect(None, "CREATE TABLE a (b int)")
    other = await connect(None, "CREATE TABLE a (b int, c int)")

    assert await picture(one) != await picture(other)


@pytest.mark.parametrize("owner", ["chassis", *SERVICES])
def test_steps_are_numbered_without_holes_and_say_their_kind(owner):
    steps = sorted(path.name for path in (ROOT / f"services/{owner}/sql/migrations").iterdir())
    assert [step[:4] for step in steps] == [f"{n:04}" for n in range(1, len(steps) + 1)]
    assert all(re.fullmatch(r"\d{4}_(expand|contract)_[a-z_]+\.sql", step) for step in steps)
