"""Rows of the elements of the diagnostic, their steps and their evidence."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.chassis.database import Connection
from services.diagnostics.model.elements import ElementRow, EvidenceRow, StateCount, StepRow, Wanted
from services.diagnostics.store.queries import SQL

ROWS: dict[str, type[msgspec.Struct]] = {
    "element": ElementRow,
    "lock_element": ElementRow,
    "elements": ElementRow,
    "elements_in": ElementRow,
    "element_step": StepRow,
    "element_steps": StepRow,
    "count_elements": StateCount,
    "one_evidence": EvidenceRow,
    "evidence": EvidenceRow,
    "evidence_about": EvidenceRow,
}


async def add_element(connection: Connection, row: ElementRow, now: datetime) -> bool:
    """Keep a risk; return False if the id is taken."""
    values = msgspec.structs.astuple(row)
    if await connection.fetchval(SQL["add_element"], *values, now) is None:
        return False
    await connection.execute(
        SQL["add_element_areas"], row.coordination, row.communes, row.element_id
    )
    return True


async def element(connection: Connection, coordination: str, element_id: UUID) -> ElementRow | None:
    """Return one element."""
    row = await connection.fetchrow(SQL["element"], coordination, element_id)
    return ElementRow(*row) if row else None


async def lock_element(
    connection: Connection, coordination: str, element_id: UUID
) -> ElementRow | None:
    """Return one element, held until the end of the transaction."""
    row = await connection.fetchrow(SQL["lock_element"], coordination, element_id)
    return ElementRow(*row) if row else None


async def elements(
    connection: Connection, coordination: str, wanted: Wanted, after: UUID, most: int
) -> list[ElementRow]:
    """Return the elements with an id above `after`, at most `most`."""
    words = (wanted.state, wanted.problem, wanted.public)
    if wanted.commune is None:
        rows = await connection.fetch(SQL["elements"], coordination, *words, after, most)
    else:
        rows = await connection.fetch(
            SQL["elements_in"], coordination, wanted.commune, *words, after, most
        )
    return [ElementRow(*row) for row in rows]


async def set_state(connection: Connection, row: ElementRow) -> None:
    """Keep where an element has come to."""
    await connection.execute(
        SQL["set_element_state"], row.coordination, row.element_id, row.state, row.changed_on
    )


async def add_step(connection: Connection, row: StepRow, now: datetime) -> None:
    """Keep a step that was taken."""
    await connection.execute(SQL["add_element_step"], *msgspec.structs.astuple(row), now)


async def step(connection: Connection, coordination: str, step_id: UUID) -> StepRow | None:
    """Return one step."""
    row = await connection.fetchrow(SQL["element_step"], coordination, step_id)
    return StepRow(*row) if row else None


async def steps(connection: Connection, coordination: str, element_id: UUID) -> list[StepRow]:
    """Return the steps of an element, the first comes first."""
    rows = await connection.fetch(SQL["element_steps"], coordination, element_id)
    return [StepRow(*row) for row in rows]


async def add_action(
    connection: Connection, coordination: str, element_id: UUID, action: str
) -> None:
    """Keep that an action answers an element."""
    await connection.execute(SQL["add_element_action"], coordination, element_id, action)


async def actions(
    connection: Connection, coordination: str, element_ids: Sequence[UUID]
) -> list[str]:
    """Return the actions that answer some elements."""
    rows = await connection.fetch(SQL["element_actions"], coordination, element_ids)
    return [row["action"] for row in rows]


async def counts(connection: Connection, coordination: str) -> list[StateCount]:
    """Return how many elements are in each state."""
    rows = await connection.fetch(SQL["count_elements"], coordination)
    return [StateCount(*row) for row in rows]


async def add_evidence(connection: Connection, row: EvidenceRow, now: datetime) -> bool:
    """Keep a piece of evidence; return False if the id is taken."""
    values = msgspec.structs.astuple(row)
    return await connection.fetchval(SQL["add_evidence"], *values, now) is not None


async def one_evidence(
    connection: Connection, coordination: str, evidence_id: UUID
) -> EvidenceRow | None:
    """Return one piece of evidence."""
    row = await connection.fetchrow(SQL["one_evidence"], coordination, evidence_id)
    return EvidenceRow(*row) if row else None


async def evidence(
    connection: Connection,
    coordination: str,
    target: tuple[str | None, str | None],
    commune: str | None,
    after: UUID,
    most: int,
) -> list[EvidenceRow]:
    """Return the evidence with an id above `after`, about a kind and an id, of a commune."""
    rows = await connection.fetch(SQL["evidence"], coordination, *target, commune, after, most)
    return [EvidenceRow(*row) for row in rows]


async def evidence_about(
    connection: Connection, coordination: str, kind: str, targets: Sequence[str], most: int
) -> list[EvidenceRow]:
    """Return the evidence about some things of one kind, at most `most`."""
    rows = await connection.fetch(SQL["evidence_about"], coordination, kind, targets, most)
    return [EvidenceRow(*row) for row in rows]


async def has_need(connection: Connection, coordination: str, signal_id: UUID) -> bool:
    """Tell whether a reported need is of a coordination."""
    return bool(await connection.fetchval(SQL["has_need"], coordination, signal_id))
