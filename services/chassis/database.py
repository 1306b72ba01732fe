"""PostgreSQL, as every service uses it."""

from typing import TYPE_CHECKING

import asyncpg

from services.chassis import sql
from services.chassis.settings import ServiceSettings, secret

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]
    Pool = asyncpg.Pool[asyncpg.Record]
else:
    Connection = asyncpg.Connection
    Pool = asyncpg.Pool

SQL = sql.load("services.chassis")
COMMAND_SECONDS_MAX = 30
AWAY: tuple[type[BaseException], ...] = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    TimeoutError,
)
"""What asyncpg raises when the server is away, stopping or starting."""
TROUBLE: tuple[type[BaseException], ...] = (*AWAY, asyncpg.PostgresError)
"""The same, and what the server itself says of its trouble."""
TextIsNotKept = asyncpg.CharacterNotInRepertoireError
"""What PostgreSQL says of a text that holds a NUL."""
AWAY_STATES = ("57P", "53", "08", "40")
"""SQLSTATE classes that pass: shutdown, no resources, connection, deadlock or serialization."""
_PLANS = {"enable_seqscan": "off", "jit": "off"}
"""A plan kept from when a table was empty would read it whole for ever after."""
_DURABLE = ("data_checksums", "fsync", "full_page_writes", "synchronous_commit")


def is_away(fault: BaseException) -> bool:
    """Tell whether `fault` means that PostgreSQL cannot answer for now."""
    if isinstance(fault, asyncpg.PostgresError):
        return str(getattr(fault, "sqlstate", "") or "").startswith(AWAY_STATES)
    return isinstance(fault, AWAY)


async def open_pool(settings: ServiceSettings, *, name: str) -> Pool:
    """Return a pool that opens connections as they are asked for; the server may be away."""
    pool: Pool = asyncpg.create_pool(
        settings.database_url,
        password=secret(settings.database_password_file),
        min_size=0,
        max_size=settings.pool_size_max,
        command_timeout=COMMAND_SECONDS_MAX,
        timeout=5,
        server_settings={**_PLANS, "application_name": name},
        reset=_as_it_was,
    )
    await pool
    return pool


async def _as_it_was(_: Connection) -> None:
    """Give a connection back without a question more: nothing here changes a session.

    A transaction left open is rolled back before; what outlives one is let go where it is taken.
    """


async def open_connection(settings: ServiceSettings, *, name: str) -> Connection:
    """Return a connection outside the pool, for what holds one for long (the relay's lock)."""
    return await asyncpg.connect(
        settings.database_url,
        password=secret(settings.database_password_file),
        command_timeout=COMMAND_SECONDS_MAX,
        timeout=5,
        server_settings={**_PLANS, "application_name": name},
    )


async def unsafe_setting(connection: Connection) -> str | None:
    """Return a sentence naming the first setting under which a commit could be lost, or None."""
    rows = await connection.fetch(SQL["durability"], list(_DURABLE))
    found = {row["name"]: row["setting"] for row in rows}
    for name in _DURABLE:
        if found.get(name) == "off":
            return (
                f"PostgreSQL n'est pas durable : {name} vaut « off » ; "
                "remettez « on » puis redémarrez."
            )
    return None
