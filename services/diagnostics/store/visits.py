"""Rows of testimonies, visits and tours."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from services.chassis.database import Connection
from services.diagnostics.model.visits import StopRow, TestimonyRow, TourRow, VisitRow
from services.diagnostics.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "testimony": TestimonyRow,
    "testimonies": TestimonyRow,
    "visit": VisitRow,
    "lock_visit": VisitRow,
    "visits": VisitRow,
    "tours": TourRow,
    "tour_stops": StopRow,
}


async def add_testimony(connection: Connection, row: TestimonyRow, now: datetime) -> bool:
    """Keep a testimony; return False if the id is taken."""
    values = msgspec.structs.astuple(row)
    return await connection.fetchval(SQL["add_testimony"], *values, now) is not None


async def testimony(
    connection: Connection, coordination: str, testimony_id: UUID
) -> TestimonyRow | None:
    """Return one testimony, withdrawn or not."""
    row = await connection.fetchrow(SQL["testimony"], coordination, testimony_id)
    return TestimonyRow(*row) if row else None


async def testimonies(
    connection: Connection,
    coordination: str,
    target: tuple[str | None, str | None],
    commune: str | None,
    after: UUID,
    most: int,
) -> list[TestimonyRow]:
    """Return the testimonies that stand above `after`, about a kind and an id, of a commune."""
    rows = await connection.fetch(SQL["testimonies"], coordination, *target, commune, after, most)
    return [TestimonyRow(*row) for row in rows]


async def withdraw_testimony(
    connection: Connection, coordination: str, testimony_id: UUID, on: date
) -> None:
    """Forget the words of a testimony."""
    await connection.execute(SQL["withdraw_testimony"], coordination, testimony_id, on)


async def add_visit(connection: Connection, row: VisitRow, now: datetime) -> bool:
    """Keep a visit; return False if the id is taken."""
    values = msgspec.structs.astuple(row)
    return await connection.fetchval(SQL["add_visit"], *values, now) is not None


async def visit(connection: Connection, coordination: str, visit_id: UUID) -> VisitRow | None:
    """Return one visit."""
    row = await connection.fetchrow(SQL["visit"], coordination, visit_id)
    return VisitRow(*row) if row else None


async def lock_visit(connection: Connection, coordination: str, visit_id: UUID) -> VisitRow | None:
    """Return one visit, held until the end of the transaction."""
    row = await connection.fetchrow(SQL["lock_visit"], coordination, visit_id)
    return VisitRow(*row) if row else None


async def set_visit(connection: Connection, row: VisitRow) -> None:
    """Keep how a visit ended."""
    await connection.execute(
        SQL["set_visit"],
        row.coordination,
        row.visit_id,
        row.state,
        row.done_on,
        row.met,
        row.needs,
    )


async def visits(
    connection: Connection,
    coordination: str,
    commune: str | None,
    state: str | None,
    after: UUID,
    most: int,
) -> list[VisitRow]:
    """Return the visits with an id above `after`, at most `most`."""
    rows = await connection.fetch(SQL["visits"], coordination, commune, state, after, most)
    return [VisitRow(*row) for row in rows]


async def start_tour(connection: Connection, coordination: str, post: str, on: date) -> None:
    """Keep that a post was filled."""
    await connection.execute(SQL["start_tour"], coordination, post, on)


async def tours(
    connection: Connection, coordination: str, post: str | None, after: str, most: int
) -> list[TourRow]:
    """Return the tours of the posts above `after`, or of one post."""
    rows = await connection.fetch(SQL["tours"], coordination, post, after, most)
    return [TourRow(*row) for row in rows]


async def stops(connection: Connection, coordination: str, since: date) -> list[StopRow]:
    """Return each commune of a coordination, and where its visit stands."""
    rows = await connection.fetch(SQL["tour_stops"], coordination, since)
    return [StopRow(*row) for row in rows]
