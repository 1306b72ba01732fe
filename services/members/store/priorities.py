"""Rows of remarks on opinions, ballots on priorities, definitions and validations."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.chassis.database import Connection
from services.members.model.definitions import Definition, Validation, WordedRemark
from services.members.model.priorities import Ballot, CastRanking
from services.members.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "remarks": WordedRemark,
    "prioritisation": Ballot,
    "lock_prioritisation": Ballot,
    "prioritisations": Ballot,
    "rankings": CastRanking,
    "definition": Definition,
    "lock_definition": Definition,
    "definitions": Definition,
    "definition_in_force": Definition,
    "validation": Validation,
    "validations": Validation,
}


async def remarks(
    connection: Connection, coordination: str, opinions: Collection[UUID]
) -> list[WordedRemark]:
    """Return the objections and reservations of some opinions, in order."""
    rows = await connection.fetch(SQL["remarks"], coordination, list(opinions))
    return [WordedRemark(*row) for row in rows]


async def add_remarks(
    connection: Connection, coordination: str, opinion_id: UUID, found: Sequence[WordedRemark]
) -> None:
    """Keep the objections and reservations of an opinion."""
    await connection.execute(
        SQL["add_remarks"],
        coordination,
        opinion_id,
        [one.kind for one in found],
        [one.member_id for one in found],
        [one.text for one in found],
    )


async def add_ballot(connection: Connection, row: Ballot) -> bool:
    """Open a ballot on priorities; return False if its id is taken."""
    values = msgspec.structs.astuple(row)
    return await connection.fetchval(SQL["add_prioritisation"], *values) is not None


async def ballot(connection: Connection, ballot_id: UUID, *, lock: bool = False) -> Ballot | None:
    """Return one ballot on priorities, held until the transaction ends when `lock`."""
    query = SQL["lock_prioritisation"] if lock else SQL["prioritisation"]
    row = await connection.fetchrow(query, ballot_id)
    return Ballot(*row) if row else None


async def ballots(
    connection: Connection, coordination: str, after: UUID, most: int
) -> list[Ballot]:
    """Return the ballots on priorities with an id above `after`, at most `most`."""
    rows = await connection.fetch(SQL["prioritisations"], coordination, after, most)
    return [Ballot(*row) for row in rows]


async def close_ballot(connection: Connection, ballot_id: UUID, *, now: datetime) -> None:
    """Keep that no ranking is taken any more."""
    await connection.execute(SQL["close_prioritisation"], ballot_id, now)


async def put_ranking(
    connection: Connection, row: Ballot, cast: CastRanking, *, now: datetime
) -> int:
    """Keep the last ranking of a member; return how often it changed its mind, from 1."""
    times: int = await connection.fetchval(
        SQL["put_ranking"],
        row.coordination,
        row.prioritisation_id,
        cast.member_id,
        cast.college,
        cast.actions,
        now,
    )
    return times


async def rankings(connection: Connection, ballot_id: UUID) -> list[CastRanking]:
    """Return the last ranking of each member."""
    return [CastRanking(*row) for row in await connection.fetch(SQL["rankings"], ballot_id)]


async def next_version(connection: Connection, coordination: str) -> int:
    """Return the number of the next definition, kept for this transaction."""
    await connection.execute(SQL["lock_home"], coordination)
    last: int = await connection.fetchval(SQL["last_definition"], coordination)
    return last + 1


async def add_definition(connection: Connection, row: Definition, *, now: datetime) -> bool:
    """Write a version of the definition; return False if its id is taken."""
    values = msgspec.structs.astuple(row)
    return await connection.fetchval(SQL["add_definition"], *values, now) is not None


async def definition(
    connection: Connection, definition_id: UUID, *, lock: bool = False
) -> Definition | None:
    """Return one definition, held until the transaction ends when `lock`."""
    query = SQL["lock_definition"] if lock else SQL["definition"]
    row = await connection.fetchrow(query, definition_id)
    return Definition(*row) if row else None


async def definitions(
    connection: Connection, coordination: str, after: int, most: int
) -> list[Definition]:
    """Return the definitions with a version above `after`, at most `most`."""
    rows = await connection.fetch(SQL["definitions"], coordination, after, most)
    return [Definition(*row) for row in rows]


async def definition_in_force(connection: Connection, coordination: str) -> Definition | None:
    """Return the adopted definition of the highest version."""
    row = await connection.fetchrow(SQL["definition_in_force"], coordination)
    return Definition(*row) if row else None


async def adopt_definition(connection: Connection, row: Definition) -> None:
    """Keep which opinion adopted a definition."""
    await connection.execute(
        SQL["adopt_definition"], row.definition_id, row.opinion_id, row.adopted_on
    )


async def add_validation(connection: Connection, row: Validation, *, now: datetime) -> bool:
    """Record a validation by another body; return False if its id is taken."""
    values = msgspec.structs.astuple(row)
    return await connection.fetchval(SQL["add_validation"], *values, now) is not None


async def validation(
    connection: Connection, coordination: str, validation_id: UUID
) -> Validation | None:
    """Return one validation of a coordination."""
    row = await connection.fetchrow(SQL["validation"], coordination, validation_id)
    return Validation(*row) if row else None


async def validations(
    connection: Connection, coordination: str, opinion_id: UUID | None, after: UUID, most: int
) -> list[Validation]:
    """Return the validations with an id above `after`, at most `most`."""
    rows = await connection.fetch(SQL["validations"], coordination, opinion_id, after, most)
    return [Validation(*row) for row in rows]
