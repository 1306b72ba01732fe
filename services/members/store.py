"""The only file of the members service that runs SQL."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec

from services.chassis import sql
from services.chassis.database import Connection
from services.members.model import (
    Agreement,
    Assertion,
    Client,
    Coordination,
    Decision,
    Licence,
    Opinion,
    Organization,
    Seat,
)

SQL = sql.load("services.members")
ROWS: dict[str, type[msgspec.Struct]] = {
    "coordination": Coordination,
    "coordinations": Coordination,
    "organization": Organization,
    "member": Seat,
    "members": Seat,
    "agreement": Agreement,
    "lock_agreement": Agreement,
    "agreements": Agreement,
    "licence": Licence,
    "opinion": Opinion,
    "opinions": Opinion,
    "decision": Decision,
    "decisions": Decision,
    "client": Client,
}
FORGOTTEN_MAX = 100


async def add_coordination(connection: Connection, row: Coordination, *, now: datetime) -> bool:
    """Found a coordination; return False if its slug is taken."""
    values = msgspec.structs.astuple(row)
    return await connection.fetchval(SQL["add_coordination"], *values, now) is not None


async def coordination(connection: Connection, slug: str) -> Coordination | None:
    """Return one coordination."""
    row = await connection.fetchrow(SQL["coordination"], slug)
    return Coordination(*row) if row else None


async def coordinations(
    connection: Connection, only: str | None, after: str, most: int
) -> list[Coordination]:
    """Return the coordinations with a slug above `after`, all or `only` one, at most `most`."""
    rows = await connection.fetch(SQL["coordinations"], only, after, most)
    return [Coordination(*row) for row in rows]


async def add_organization(connection: Connection, row: Organization) -> None:
    """Describe an organisation, unless it is known."""
    await connection.execute(SQL["add_organization"], *msgspec.structs.astuple(row))


async def organization(connection: Connection, slug: str) -> Organization | None:
    """Return one organisation."""
    row = await connection.fetchrow(SQL["organization"], slug)
    return Organization(*row) if row else None


async def add_member(connection: Connection, row: Seat, *, now: datetime) -> bool:
    """Give a seat; return False if the organisation has one here or the id is taken."""
    added = await connection.fetchval(
        SQL["add_member"],
        row.coordination,
        row.member_id,
        row.organization,
        row.college,
        row.section,
        row.roles,
        row.effective_on,
        row.state,
        now,
    )
    return added is not None


async def member(connection: Connection, coordination: str, organization: str) -> Seat | None:
    """Return the seat of an organisation in a coordination."""
    row = await connection.fetchrow(SQL["member"], coordination, organization)
    return Seat(*row) if row else None


async def members(
    connection: Connection, coordination: str, college: str | None, after: str, most: int
) -> list[Seat]:
    """Return the seats of organisations above `after`, in one college or all, at most `most`."""
    rows = await connection.fetch(SQL["members"], coordination, college, after, most)
    return [Seat(*row) for row in rows]


async def add_agreement(connection: Connection, row: Agreement, *, now: datetime) -> bool:
    """Write a draft; return False if its id is taken."""
    values = msgspec.structs.astuple(row)
    return await connection.fetchval(SQL["add_agreement"], *values, now) is not None


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


async def sign_agreement(connection: Connection, signed: Agreement, *, now: datetime) -> None:
    """Keep that a draft is signed, on which day and under which hash."""
    await connection.execute(
        SQL["sign_agreement"], signed.agreement_id, signed.signed_on, signed.file_sha256, now
    )


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


async def add_opinion(connection: Connection, row: Opinion, *, now: datetime) -> bool:
    """Record an opinion; return False if its id is taken."""
    values = msgspec.structs.astuple(row)
    return await connection.fetchval(SQL["add_opinion"], *values, now) is not None


async def opinion(connection: Connection, coordination: str, opinion_id: UUID) -> Opinion | None:
    """Return one opinion of a coordination."""
    row = await connection.fetchrow(SQL["opinion"], coordination, opinion_id)
    return Opinion(*row) if row else None


async def opinions(
    connection: Connection, coordination: str, after: UUID, most: int
) -> list[Opinion]:
    """Return the opinions with an id above `after`, at most `most`."""
    rows = await connection.fetch(SQL["opinions"], coordination, after, most)
    return [Opinion(*row) for row in rows]


async def add_decision(connection: Connection, row: Decision, *, now: datetime) -> bool:
    """Record a funder's decision; return False if its id is taken."""
    values = msgspec.structs.astuple(row)
    return await connection.fetchval(SQL["add_decision"], *values, now) is not None


async def decision(connection: Connection, coordination: str, decision_id: UUID) -> Decision | None:
    """Return one funder's decision of a coordination."""
    row = await connection.fetchrow(SQL["decision"], coordination, decision_id)
    return Decision(*row) if row else None


async def decisions(
    connection: Connection, coordination: str, after: UUID, most: int
) -> list[Decision]:
    """Return the funders' decisions with an id above `after`, at most `most`."""
    rows = await connection.fetch(SQL["decisions"], coordination, after, most)
    return [Decision(*row) for row in rows]


async def put_client(connection: Connection, row: Client, *, now: datetime) -> bool:
    """Register or change a client; return False if it is of another coordination."""
    values = msgspec.structs.astuple(row)
    return await connection.fetchval(SQL["put_client"], *values, now) is not None


async def client(connection: Connection, client_id: str) -> Client | None:
    """Return one client."""
    row = await connection.fetchrow(SQL["client"], client_id)
    return Client(*row) if row else None


async def use_assertion(
    connection: Connection, client_id: str, proven: Assertion, *, now: datetime
) -> bool:
    """Use an assertion once; return False if it was used before. Drop some that are over."""
    await connection.execute(SQL["forget_assertions"], now, FORGOTTEN_MAX)
    forgotten_at = datetime.fromtimestamp(proven.forget_after, UTC)
    used = await connection.fetchval(SQL["use_assertion"], client_id, proven.jti, forgotten_at)
    return used is not None
