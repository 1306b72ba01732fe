"""Questions about what is done on the ground."""

from datetime import date
from fractions import Fraction
from uuid import UUID

from contracts.http.members.field import VisitCoverage
from services.chassis.database import Connection
from services.members.model.field import (
    Contact,
    Endorsement,
    Lead,
    Relay,
    Responsibility,
    TerritorialRole,
    percent_of,
)
from services.members.reads.pages import FIRST, page
from services.members.reads.territory import coordination as one_coordination
from services.members.store import field as rows


async def responsibilities(
    connection: Connection, coordination: str, *, after: str, most: int
) -> tuple[list[Responsibility], str | None]:
    """Return a page of the matrix by slug."""
    found, last = page(await rows.responsibilities(connection, coordination, after, most + 1), most)
    return found, last.responsibility if last else None


async def leads(
    connection: Connection,
    coordination: str,
    *,
    commune: str | None,
    on: date | None,
    after: UUID | None,
    most: int,
) -> tuple[list[Lead], UUID | None]:
    """Return a page of leads by id, in one commune or all, on a day or ever."""
    found, last = page(
        await rows.leads(connection, coordination, commune, on, after or FIRST, most + 1), most
    )
    return found, last.lead_id if last else None


async def endorsements(
    connection: Connection, coordination: str, *, after: UUID | None, most: int
) -> tuple[list[Endorsement], UUID | None]:
    """Return a page of supports by id."""
    found, last = page(
        await rows.endorsements(connection, coordination, after or FIRST, most + 1), most
    )
    return found, last.endorsement_id if last else None


async def relays(
    connection: Connection,
    coordination: str,
    *,
    commune: str | None,
    after: UUID | None,
    most: int,
) -> tuple[list[Relay], UUID | None]:
    """Return a page of relays by id, of one commune or all."""
    found, last = page(
        await rows.relays(connection, coordination, commune, after or FIRST, most + 1), most
    )
    return found, last.relay_id if last else None


async def contacts(
    connection: Connection,
    coordination: str,
    *,
    commune: str | None,
    channel: str | None,
    after: UUID | None,
    most: int,
) -> tuple[list[Contact], UUID | None]:
    """Return a page of contacts by id, of one commune or channel, or all."""
    found, last = page(
        await rows.contacts(connection, coordination, commune, channel, after or FIRST, most + 1),
        most,
    )
    return found, last.contact_id if last else None


async def visit_coverage(
    connection: Connection, coordination: str, *, since: date | None
) -> VisitCoverage:
    """Return which communes were visited since a day, or ever, and which are left.

    Raises:
        NoSuchCoordination: it was never founded.
    """
    home = await one_coordination(connection, coordination)
    ever = set(await rows.visited(connection, coordination, since))
    visited = [one for one in home.communes if one in ever]
    return VisitCoverage(
        since=since,
        visited=visited,
        left=[one for one in home.communes if one not in ever],
        share=str(Fraction(len(visited), len(home.communes))),
        percent=percent_of(len(visited), len(home.communes)),
    )


async def territorial_roles(
    connection: Connection, coordination: str, *, after: date | None, most: int
) -> tuple[list[TerritorialRole], date | None]:
    """Return a page of the roles the carrying body took, the first comes first."""
    found, last = page(
        await rows.territorial_roles(connection, coordination, after, most + 1), most
    )
    return found, last.since if last else None
