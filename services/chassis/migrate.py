"""Bring a service's database to its schema, one numbered step after another."""

from importlib.resources import files

from services.chassis.database import SQL, Connection

_LOCK = 0x6374696E  # "ctin", so that two processes never migrate at once.


def steps(package: str) -> list[tuple[str, str]]:
    """Return name and SQL of the steps of `package`, the chassis's own first, in order."""
    found: list[tuple[str, str]] = []
    for owner in ("services.chassis", package):
        folder = files(owner).joinpath("sql/migrations")
        for file in sorted(folder.iterdir(), key=lambda one: one.name):
            if file.name.endswith(".sql"):
                name = f"{owner.rpartition('.')[2]}/{file.name}"
                found.append((name, file.read_text(encoding="utf-8")))
    return found


async def migrate(connection: Connection, package: str) -> list[str]:
    """Run the steps not yet run and return their names; each is one transaction."""
    await connection.execute(SQL["make_migrations"])
    await connection.execute(SQL["lock_migrations"], _LOCK)
    try:
        done = {row["name"] for row in await connection.fetch(SQL["migrations"])}
        ran: list[str] = []
        for name, text in steps(package):
            if name in done:
                continue
            async with connection.transaction():
                await connection.execute(text)
                await connection.execute(SQL["add_migration"], name)
            ran.append(name)
        return ran
    finally:
        await connection.execute(SQL["unlock_migrations"], _LOCK)


async def missing(connection: Connection, package: str) -> list[str]:
    """Return the names of the steps that this database has not run."""
    if not await connection.fetchval(SQL["has_migrations"]):
        return [name for name, _ in steps(package)]
    done = {row["name"] for row in await connection.fetch(SQL["migrations"])}
    return [name for name, _ in steps(package) if name not in done]
