"""Questions about coordinations under one another."""

from contracts.http.members import Summary
from services.chassis.database import Connection
from services.members.model import Coordination
from services.members.reads.pages import page
from services.members.reads.territory import coordination as one
from services.members.store import lineage as rows


async def children(
    connection: Connection, coordination: str, *, after: str, most: int
) -> tuple[list[Coordination], str | None]:
    """Return a page of the coordinations right under one, by slug.

    Raises:
        NoSuchCoordination: it was never founded.
    """
    await one(connection, coordination)
    found, last = page(await rows.children(connection, coordination, after, most + 1), most)
    return found, last.coordination if last else None


async def summary(connection: Connection, coordination: str) -> Summary:
    """Return what a coordination and those below are together, each thing once.

    Raises:
        NoSuchCoordination: it was never founded.
    """
    await one(connection, coordination)
    covered = await rows.covered(connection, coordination)
    sitting = {
        line.college: line.organizations for line in await rows.sitting(connection, coordination)
    }
    return Summary(
        coordination=coordination,
        coordinations=covered.coordinations,
        communes=covered.communes,
        population=covered.population,
        communes_without_population=covered.communes_without_population,
        organizations=sitting.pop(None, 0),
        members={college: count for college, count in sitting.items() if college},
    )
