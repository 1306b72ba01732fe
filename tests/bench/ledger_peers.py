"""What the ledger is held against on the same server: a raw COPY, a naive ledger, django-hordak."""

import asyncio
import json
import os
import subprocess
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import asyncpg

NAIVE = """
    CREATE TABLE IF NOT EXISTS naive_accounts (id int PRIMARY KEY, cents bigint NOT NULL);
    CREATE TABLE IF NOT EXISTS naive_transfers (
        id uuid PRIMARY KEY, debit int NOT NULL REFERENCES naive_accounts,
        credit int NOT NULL REFERENCES naive_accounts, cents bigint NOT NULL CHECK (cents > 0));
    INSERT INTO naive_accounts VALUES (1, 1000000000), (2, 0) ON CONFLICT DO NOTHING"""
HORDAK = """
import json, os, sys, time
import django
from django.conf import settings
told = json.loads(os.environ["BENCH"])
settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "mptt", "djmoney",
                    "hordak"],
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", **told["database"]}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField", USE_TZ=True, SECRET_KEY="x",
    DEFAULT_CURRENCY="EUR", CURRENCIES=["EUR"], HORDAK_CURRENCIES=["EUR"],
)
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from hordak.models import Account, AccountType
from djmoney.money import Money
make = lambda name, code: Account.objects.create(name=name, code=code, currencies=["EUR"],
                                                 type=AccountType.asset)
pool, other = make("pool", "1"), make("other", "2")
began = time.perf_counter()
for _ in range(told["count"]):
    pool.transfer_to(other, Money(1, "EUR"))
print(told["count"] / (time.perf_counter() - began))
"""


async def raw_copy(url: str, count: int) -> float:
    """Return rows per second of one COPY of a ledger's own rows, without keys or triggers."""
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT * FROM transfers LIMIT $1", count)
        await connection.execute("CREATE TABLE bench_copy (LIKE transfers)")
        began = time.perf_counter()
        await connection.copy_records_to_table("bench_copy", records=rows)
        return len(rows) / (time.perf_counter() - began)
    finally:
        await connection.execute("DROP TABLE IF EXISTS bench_copy")
        await connection.close()


async def naive(url: str, *, callers: int, count: int) -> float:
    """Return transfers per second of a ledger with one transaction per transfer, in SQL."""
    pool = await asyncpg.create_pool(url, min_size=0, max_size=min(callers, 64))
    async with pool:
        await pool.execute(NAIVE)

        async def call() -> None:
            for _ in range(count // callers):
                async with pool.acquire() as connection, connection.transaction():
                    held = await connection.fetch(
                        "SELECT id, cents FROM naive_accounts ORDER BY id FOR UPDATE"
                    )
                    assert held[0]["cents"] > 0
                    await connection.execute(
                        "INSERT INTO naive_transfers VALUES ($1, 1, 2, 1)", uuid4()
                    )
                    await connection.execute("UPDATE naive_accounts SET cents = cents + 2 * id - 3")

        began = time.perf_counter()
        await asyncio.gather(*(call() for _ in range(callers)))
        return count // callers * callers / (time.perf_counter() - began)


def hordak(url: str, *, count: int) -> float | str:
    """Return transfers per second of django-hordak, one caller, or why it cannot be measured.

    `HORDAK_PYTHON` names the Python of an environment that holds it: it is no dependency of ours.
    """
    python = os.environ.get("HORDAK_PYTHON")
    if python is None:
        return "HORDAK_PYTHON names no environment that holds django-hordak"
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    database: dict[str, Any] = {
        "NAME": parts.path.lstrip("/"),
        "USER": parts.username,
        "PASSWORD": parts.password,
        "HOST": query["host"][0],
        "PORT": query["port"][0],
    }
    told = json.dumps({"database": database, "count": count})
    done = subprocess.run(
        [python, "-c", HORDAK],
        env={**os.environ, "BENCH": told, "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    return float(done.stdout) if done.returncode == 0 else done.stderr.strip().splitlines()[-1]
