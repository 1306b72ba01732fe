"""The verbs of every service's command line: serve, migrate, check, openapi."""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping
from typing import TypeVar

import msgspec
import uvloop
from litestar import Litestar

from contracts import vocabulary
from services.chassis import database, http, log, migrate, tls
from services.chassis import settings as reading
from services.chassis.service import Service
from services.chassis.settings import ServiceSettings

T = TypeVar("T", bound=ServiceSettings)
USAGE = "usage: python -m services.{name} serve|migrate|check|openapi\n"


def run(
    name: str,
    kind: type[T],
    create: Callable[[T], tuple[Litestar, Service]],
    arguments: list[str],
    environment: Mapping[str, str] = os.environ,
) -> int:
    """Do what the first argument says and return the exit code: 0 done, 1 differs, 2 usage."""
    verb = arguments[0] if len(arguments) == 1 else ""
    if verb not in {"serve", "migrate", "check", "openapi"}:
        sys.stderr.write(USAGE.format(name=name))
        return 2
    settings = reading.read(kind, prefix=name, environment=environment)
    if verb == "serve":
        tls.must_be_safe(settings, prefix=name)
    log.configure(name, settings.log_level)
    if settings.vocabulary_file:
        vocabulary.extend(settings.vocabulary_file)
    if verb in {"migrate", "check"}:
        return uvloop.run(_migrate(name, settings, only_check=verb == "check"))
    app, service = create(settings)
    if verb == "openapi":
        sys.stdout.buffer.write(msgspec.json.encode(app.openapi_schema.to_schema()) + b"\n")
        return 0
    http.serve(app, service)
    return 0


async def _migrate(name: str, settings: ServiceSettings, *, only_check: bool) -> int:
    connection = await asyncio.wait_for(database.open_connection(settings, name=name), 10)
    try:
        if only_check:
            steps = await migrate.missing(connection, f"services.{name}")
            unsafe = await database.unsafe_setting(connection)
            for line in [*steps, *([unsafe] if unsafe else [])]:
                sys.stderr.write(f"{line}\n")
            return 1 if steps or unsafe else 0
        for step in await migrate.migrate(connection, f"services.{name}"):
            sys.stdout.write(f"{step}\n")
        return 0
    finally:
        await connection.close()
