"""Rows of keys, invitations, what is in force and conformance runs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.chassis.database import Connection
from services.exchange.model.access import KeyRow
from services.exchange.model.conformance import SeenSignal
from services.exchange.model.registrations import Invitation, Run
from services.exchange.store.queries import SQL


class TheirName(msgspec.Struct, frozen=True):
    """Columns of `hold_partner`."""

    institution: str
    name: str
    answers_grouped: bool


class Told(msgspec.Struct, frozen=True):
    """Columns of `told_keys`."""

    institution: str
    coordination: str
    fingerprint: str


class InForce(msgspec.Struct, frozen=True):
    """Columns of `rights_in_force`."""

    institution: str
    fingerprint: str


ROWS: dict[str, type[msgspec.Struct]] = {
    "hold_partner": TheirName,
    "keys": KeyRow,
    "hold_invitation": Invitation,
    "hold_invitation_of_code": Invitation,
    "told_keys": Told,
    "rights_in_force": InForce,
    "conformance_run": Run,
    "last_conformance_run": Run,
    "seen_since": SeenSignal,
}


async def hold_partner(connection: Connection, institution: str) -> TheirName | None:
    """Return an institution and hold it, or None when it was never admitted."""
    row = await connection.fetchrow(SQL["hold_partner"], institution)
    return TheirName(*row) if row else None


async def keys(connection: Connection, institution: str | None = None) -> list[KeyRow]:
    """Return the keys that were not revoked, or all of one institution, good ones first."""
    return [KeyRow(*row) for row in await connection.fetch(SQL["keys"], institution)]


async def add_key(connection: Connection, row: KeyRow) -> bool:
    """Register a key; return False if it is known already, whoever's it is."""
    values = msgspec.structs.astuple(row)
    asked = (values[0], values[1], values[2], values[3], values[4], values[5])
    return await connection.fetchval(SQL["add_key"], *asked) is not None


async def revoke_keys(
    connection: Connection, institution: str, key_ids: Sequence[str], *, now: datetime
) -> list[str]:
    """Make keys open nothing; return those that did until now."""
    rows = await connection.fetch(SQL["revoke_keys"], institution, key_ids, now)
    return [row["key_id"] for row in rows]


async def last_revocation(connection: Connection, institution: str) -> datetime | None:
    """Return when a key that opens tokens to an institution was last revoked."""
    found: datetime | None = await connection.fetchval(SQL["last_revocation"], institution)
    return found


async def see_keys(
    connection: Connection, key_ids: Sequence[str], *, now: datetime, before: datetime
) -> None:
    """Note that keys are in use, unless it was noted after `before`."""
    await connection.execute(SQL["see_keys"], key_ids, now, before)


async def add_invitation(connection: Connection, row: Invitation) -> bool:
    """Invite an institution; return False if the id is taken."""
    values = msgspec.structs.astuple(row)[:7]
    return await connection.fetchval(SQL["add_invitation"], *values) is not None


async def invitation(connection: Connection, invitation_id: UUID) -> Invitation | None:
    """Return one invitation and hold it."""
    row = await connection.fetchrow(SQL["hold_invitation"], invitation_id)
    return Invitation(*row) if row else None


async def invitation_of_code(connection: Connection, code_sha256: str) -> Invitation | None:
    """Return the invitation that a code opens and hold it."""
    row = await connection.fetchrow(SQL["hold_invitation_of_code"], code_sha256)
    return Invitation(*row) if row else None


async def replace_code(connection: Connection, invitation_id: UUID, code_sha256: str) -> None:
    """Give an invitation another code."""
    await connection.execute(SQL["replace_code"], invitation_id, code_sha256)


async def use_invitation(connection: Connection, invitation_id: UUID, *, now: datetime) -> None:
    """Note that a code served."""
    await connection.execute(SQL["use_invitation"], invitation_id, now)


async def told(connection: Connection) -> dict[tuple[str, str], str]:
    """Return the fingerprint of the keys last told, by institution and coordination."""
    rows = [Told(*row) for row in await connection.fetch(SQL["told_keys"])]
    return {(row.institution, row.coordination): row.fingerprint for row in rows}


async def tell(
    connection: Connection, institution: str, coordination: str, fingerprint: str, *, now: datetime
) -> bool:
    """Note what is told; return False when another process told the same meanwhile."""
    asked = (institution, coordination, fingerprint, now)
    return await connection.fetchval(SQL["tell_keys"], *asked) is not None


async def in_force(connection: Connection, institution: str | None = None) -> dict[str, str]:
    """Return the fingerprint of the NATS rights in force, by institution."""
    rows = await connection.fetch(SQL["rights_in_force"], institution)
    return {row.institution: row.fingerprint for row in (InForce(*one) for one in rows)}


async def put_in_force(
    connection: Connection, fingerprints: Mapping[str, str], *, now: datetime
) -> None:
    """Note that every server took these rights up."""
    asked = sorted(fingerprints)
    await connection.execute(
        SQL["put_rights_in_force"], asked, [fingerprints[one] for one in asked], now
    )


async def add_run(connection: Connection, row: Run) -> bool:
    """Note that a system begins a conformance run; return False if the id is taken."""
    values = msgspec.structs.astuple(row)[:4]
    return await connection.fetchval(SQL["add_conformance_run"], *values) is not None


async def run(connection: Connection, run_id: UUID) -> Run | None:
    """Return one run and hold it."""
    row = await connection.fetchrow(SQL["conformance_run"], run_id)
    return Run(*row) if row else None


async def last_run(connection: Connection, institution: str) -> Run | None:
    """Return the last run of an institution that came to its end."""
    row = await connection.fetchrow(SQL["last_conformance_run"], institution)
    return Run(*row) if row else None


async def end_run(
    connection: Connection, run_id: UUID, *, now: datetime, passed: bool, steps: str
) -> None:
    """Write what was seen of a system."""
    await connection.execute(SQL["end_conformance_run"], run_id, now, passed, steps)


async def seen_since(
    connection: Connection, run: Run, coordination: str, *, most: int
) -> list[SeenSignal]:
    """Return what became of a system's messages since its run began."""
    first = UUID(int=int(run.started_at.timestamp() * 1000) << 80)
    asked = (coordination, run.institution, first, run.started_at, most)
    return [SeenSignal(*row) for row in await connection.fetch(SQL["seen_since"], *asked)]
