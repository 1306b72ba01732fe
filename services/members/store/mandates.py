"""Rows of the seats of persons and of their renewals."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from services.chassis.database import Connection
from services.members.model.committees import Holders
from services.members.model.mandates import NamedSeat, PersonSeat, Renewal
from services.members.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "person_seat": PersonSeat,
    "named_seat": NamedSeat,
    "named_seats": NamedSeat,
    "seats_beside": PersonSeat,
    "seats_after": PersonSeat,
    "holders_of": Holders,
    "renewal": Renewal,
}


async def has_person(connection: Connection, coordination: str, person_id: UUID) -> bool:
    """Tell whether a person of a coordination is known, and not erased."""
    found = await connection.fetchval(SQL["has_person"], coordination, person_id)
    return found is not None


async def add(connection: Connection, rows: Sequence[PersonSeat]) -> None:
    """Keep that persons sit."""
    values = [msgspec.structs.astuple(row) for row in rows]
    await connection.executemany(SQL["add_person_seat"], values)


async def one(connection: Connection, seat_id: UUID) -> PersonSeat | None:
    """Return one seat."""
    row = await connection.fetchrow(SQL["person_seat"], seat_id)
    return PersonSeat(*row) if row else None


async def named(connection: Connection, seat_id: UUID) -> NamedSeat | None:
    """Return one seat with the name of the person."""
    row = await connection.fetchrow(SQL["named_seat"], seat_id)
    return NamedSeat(*row) if row else None


async def listed(
    connection: Connection,
    coordination: str,
    *,
    member_id: UUID | None,
    committee: str | None,
    person_id: UUID | None,
    on: date | None,
    after: UUID,
    most: int,
) -> list[NamedSeat]:
    """Return the seats with an id above `after` that fit what is given, at most `most`."""
    rows = await connection.fetch(
        SQL["named_seats"], coordination, member_id, committee, person_id, on, after, most
    )
    return [NamedSeat(*row) for row in rows]


async def beside(connection: Connection, seat: PersonSeat) -> list[PersonSeat]:
    """Return the seats that one may not meet."""
    rows = await connection.fetch(
        SQL["seats_beside"], seat.coordination, seat.committee, seat.member_id, seat.person_id
    )
    return [PersonSeat(*row) for row in rows]


async def after(
    connection: Connection,
    coordination: str,
    last: date,
    *,
    most: int,
    committee: str | None = None,
    member_id: UUID | None = None,
    kind: str | None = None,
    seat_ids: Sequence[UUID] | None = None,
) -> list[PersonSeat]:
    """Return the seats that still have days after `last` and fit what is given."""
    rows = await connection.fetch(
        SQL["seats_after"], coordination, committee, member_id, kind, seat_ids, last, most
    )
    return [PersonSeat(*row) for row in rows]


async def count_after(connection: Connection, coordination: str, committee: str, last: date) -> int:
    """Return how many seats of a committee still have days after `last`."""
    found = await connection.fetchval(SQL["count_seats_after"], coordination, committee, last)
    return int(found)


async def end(
    connection: Connection,
    coordination: str,
    seats: Sequence[PersonSeat],
    *,
    reason: str,
    now: datetime,
) -> None:
    """Write the last day of mandates that end, which each seat already says."""
    await connection.execute(
        SQL["end_seats"],
        coordination,
        [one.seat_id for one in seats],
        [one.valid_until for one in seats],
        reason,
        now,
    )


async def holders(
    connection: Connection, coordination: str, committee: str, on: date
) -> list[Holders]:
    """Return how many holders of each kind a committee has on a day."""
    rows = await connection.fetch(SQL["holders_of"], coordination, committee, on)
    return [Holders(*row) for row in rows]


async def elected_leads(
    connection: Connection, coordination: str, on: date, most: int
) -> list[UUID]:
    """Return the seats of elected holders for members that lead, on a day, at most `most`."""
    rows = await connection.fetch(SQL["elected_leads"], coordination, on, most)
    return [row["seat_id"] for row in rows]


async def add_renewal(connection: Connection, row: Renewal, *, now: datetime) -> None:
    """Keep that seats were renewed."""
    await connection.execute(SQL["add_renewal"], *msgspec.structs.astuple(row), now)


async def renewal(connection: Connection, renewal_id: UUID) -> Renewal | None:
    """Return one renewal."""
    row = await connection.fetchrow(SQL["renewal"], renewal_id)
    return Renewal(*row) if row else None
