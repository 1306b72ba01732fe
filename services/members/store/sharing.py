"""Rows of sharing agreements and licences."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from services.chassis.database import Connection
from services.members.model import (
    Agreement,
    Licence,
)
from services.members.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {"ending_agreements": Agreement, "processing": Agreement}
_LIVED = (
    "state",
    "signed_on",
    "end_reason",
    "suspend_reason",
    "summary_sha256",
    "signed_parties",
    "signed_days",
)


def _written(row: Agreement) -> tuple[object, ...]:
    """Return what a draft says, in the order of the queries that write it: nothing of its life."""
    told = msgspec.structs.asdict(row)
    for lived in _LIVED:
        del told[lived]
    return tuple(told.values())


async def add_agreement(connection: Connection, row: Agreement, *, now: datetime) -> bool:
    """Write a draft; return False if its id is taken."""
    return await connection.fetchval(SQL["add_agreement"], *_written(row), now) is not None


async def rewrite_agreement(connection: Connection, row: Agreement) -> None:
    """Write a draft anew."""
    await connection.execute(SQL["rewrite_agreement"], *_written(row))


async def agreement(
    connection: Connection, agreement_id: UUID, *, lock: bool = False
) -> Agreement | None:
    """Return one agreement, held until the transaction ends when `lock`."""
    query = SQL["lock_agreement"] if lock else SQL["agreement"]
    row = await connection.fetchrow(query, agreement_id)
    return Agreement(*row) if row else None


async def agreements(
    connection: Connection, coordination: str, after: UUID, most: int
) -> list[Agreement]:
    """Return the agreements with an id above `after`, at most `most`."""
    rows = await connection.fetch(SQL["agreements"], coordination, after, most)
    return [Agreement(*row) for row in rows]


async def sign_agreement(
    connection: Connection, signed: Agreement, *, summary: str, now: datetime
) -> None:
    """Keep that a draft is signed, on which day, under which hash, after which summary."""
    await connection.execute(
        SQL["sign_agreement"],
        signed.agreement_id,
        signed.signed_on,
        signed.file_sha256,
        now,
        summary,
        signed.summary_sha256,
    )


async def add_signature(
    connection: Connection, found: Agreement, party: str, signed_on: date, *, by: str, now: datetime
) -> None:
    """Keep that one party signed a draft; signed again, nothing changes."""
    await connection.execute(
        SQL["add_signature"], found.coordination, found.agreement_id, party, signed_on, by, now
    )


async def keep_file(connection: Connection, agreement_id: UUID, file_sha256: str) -> None:
    """Keep the hash of the file that the parties sign."""
    await connection.execute(SQL["keep_file"], agreement_id, file_sha256)


async def suspend_agreement(
    connection: Connection, agreement_id: UUID, reason: str, *, now: datetime
) -> None:
    """Keep that a signed agreement opens nothing for now, and why."""
    await connection.execute(SQL["suspend_agreement"], agreement_id, reason, now)


async def resume_agreement(connection: Connection, agreement_id: UUID) -> None:
    """Keep that a suspended agreement opens again what it opened."""
    await connection.execute(SQL["resume_agreement"], agreement_id)


async def summary(connection: Connection, agreement_id: UUID) -> str | None:
    """Return the summary that was signed, None when there is none yet."""
    found: str | None = await connection.fetchval(SQL["summary"], agreement_id)
    return found


async def names(connection: Connection, organizations: list[str]) -> dict[str, str]:
    """Return the names of the organisations that are known."""
    rows = await connection.fetch(SQL["names_of_organizations"], organizations)
    return {row["organization"]: row["name"] for row in rows}


async def ending(
    connection: Connection,
    coordination: str,
    before: date,
    after: UUID | None,
    most: int,
) -> list[Agreement]:
    """Return agreements in force, or suspended, that end on `before` at the latest, by last day."""
    rows = await connection.fetch(SQL["ending_agreements"], coordination, before, after, most)
    return [Agreement(*row) for row in rows]


async def processing(
    connection: Connection, coordination: str, after: UUID, most: int
) -> list[Agreement]:
    """Return the agreements that were signed one day with an id above `after`, at most `most`."""
    rows = await connection.fetch(SQL["processing"], coordination, after, most)
    return [Agreement(*row) for row in rows]


async def end_agreement(
    connection: Connection, agreement_id: UUID, reason: str, *, now: datetime
) -> None:
    """Keep that a signed agreement ended, and why."""
    await connection.execute(SQL["end_agreement"], agreement_id, reason, now)


async def add_licence(connection: Connection, row: Licence, *, now: datetime) -> bool:
    """Record a licence; return False if its slug is taken here."""
    values = msgspec.structs.astuple(row)
    return await connection.fetchval(SQL["add_licence"], *values, now) is not None


async def licence(connection: Connection, coordination: str, slug: str) -> Licence | None:
    """Return one licence of a coordination."""
    row = await connection.fetchrow(SQL["licence"], coordination, slug)
    return Licence(*row) if row else None
