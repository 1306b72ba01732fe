"""Rows of coordinations under one another, and what they are together."""

import msgspec

from services.chassis.database import Connection
from services.members.model import Coordination
from services.members.store.queries import SQL


class Covered(msgspec.Struct, frozen=True):
    """What a coordination and those below cover, in the order of the query."""

    coordinations: int
    communes: int
    population: int
    communes_without_population: int


class Sitting(msgspec.Struct, frozen=True):
    """How many organisations sit in a college, in the order of the query."""

    college: str | None
    organizations: int


ROWS: dict[str, type[msgspec.Struct]] = {
    "children": Coordination,
    "summary_of_communes": Covered,
    "summary_of_members": Sitting,
}


async def lock(connection: Connection) -> None:
    """Let one coordination be placed at a time, until the transaction ends."""
    await connection.execute(SQL["lock_lineage"])


async def place(connection: Connection, coordination: str, parent: str | None) -> None:
    """Put a coordination under another, or take it out."""
    await connection.execute(SQL["place_coordination"], coordination, parent)


async def above(connection: Connection, coordination: str) -> list[str]:
    """Return the slugs from a coordination upwards, itself first."""
    rows = await connection.fetch(SQL["lineage_above"], coordination)
    return [row["coordination"] for row in rows]


async def children(
    connection: Connection, coordination: str, after: str, most: int
) -> list[Coordination]:
    """Return the coordinations right under one, with a slug above `after`, at most `most`."""
    rows = await connection.fetch(SQL["children"], coordination, after, most)
    return [Coordination(*row) for row in rows]


async def covered(connection: Connection, coordination: str) -> Covered:
    """Return what a coordination and those below cover."""
    row = await connection.fetchrow(SQL["summary_of_communes"], coordination)
    assert row is not None, "an aggregate always has a row"
    return Covered(*row)


async def sitting(connection: Connection, coordination: str) -> list[Sitting]:
    """Return how many organisations sit in each college, and in all (college None)."""
    rows = await connection.fetch(SQL["summary_of_members"], coordination)
    return [Sitting(*row) for row in rows]
