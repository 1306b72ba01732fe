"""The only room of the exchange service that runs SQL."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from contracts.events.members import AgreementSigned, LicenceRecorded
from services.chassis.database import Connection
from services.exchange.model import Agreement, Licence, ReceiptRow
from services.exchange.model.access import sandbox_agreement
from services.exchange.store import access, intake, pace, parked, subscriptions
from services.exchange.store.queries import SQL


class PartnerRow(msgspec.Struct, frozen=True):
    """Columns of `partners`."""

    institution: str
    name: str
    answers_grouped: bool


class TallyRow(msgspec.Struct, frozen=True):
    """Columns of `tallies`."""

    institution: str
    status: str
    code: str
    n: int
    last_at: datetime


class NewReceipt(msgspec.Struct, frozen=True):
    """One line of `add_receipts`, in its order."""

    receipt: UUID
    coordination: str
    institution: str
    signal_id: UUID | None
    kind: str
    area: str | None
    ce_id: str | None
    in_seq: int
    status: str
    code: str | None
    field: str | None
    detail: str | None
    fingerprint: str | None
    received_at: datetime
    opened_by: str | None


class DecidedRow(msgspec.Struct, frozen=True):
    """Columns of `decide_receipts`."""

    receipt: UUID
    opened_by: str | None


class Outcome(msgspec.Struct, frozen=True):
    """One line of `decide_receipts`, in its order."""

    receipt: UUID
    status: str
    code: str | None
    field: str | None
    detail: str | None


ROWS: dict[str, type[msgspec.Struct]] = {
    "decide_receipts": DecidedRow,
    "partners": PartnerRow,
    "agreements": Agreement,
    "licences": Licence,
    "signal": ReceiptRow,
    "recent": ReceiptRow,
    "tallies": TallyRow,
    **access.ROWS,
    **subscriptions.ROWS,
    **intake.ROWS,
    **pace.ROWS,
    **parked.ROWS,
}


async def put_partner(
    connection: Connection, institution: str, name: str, *, answers_grouped: bool, now: datetime
) -> None:
    """Admit an institution, or bring its name and way of answering to what is asked."""
    await connection.execute(SQL["put_partner"], institution, name, answers_grouped, now)


async def rename_partner(connection: Connection, institution: str, name: str) -> None:
    """Follow the name of an institution, where there is one."""
    await connection.execute(SQL["rename_partner"], institution, name)


async def partners(connection: Connection) -> list[PartnerRow]:
    """Return every institution admitted."""
    return [PartnerRow(*row) for row in await connection.fetch(SQL["partners"])]


async def add_coordinations(connection: Connection, slugs: Sequence[str]) -> None:
    """Remember coordinations that exist."""
    await connection.execute(SQL["add_coordinations"], slugs)


async def coordinations(connection: Connection) -> list[str]:
    """Return the slugs that exist."""
    return [row["coordination"] for row in await connection.fetch(SQL["coordinations"])]


async def put_agreement(connection: Connection, fact: AgreementSigned) -> None:
    """Keep an agreement as it was signed."""
    await connection.execute(
        SQL["put_agreement"],
        fact.agreement_id,
        fact.coordination,
        fact.institution,
        fact.purposes,
        fact.publishes,
        fact.receives,
        fact.areas,
        fact.threshold,
        fact.valid_from,
        fact.valid_until,
        fact.reference,
    )


async def end_agreement(connection: Connection, agreement_id: UUID) -> None:
    """Make an agreement open nothing from now on."""
    await connection.execute(SQL["end_agreement"], agreement_id)


async def suspend_agreement(connection: Connection, agreement_id: UUID, *, suspended: bool) -> None:
    """Make an agreement open nothing for now, or again what it opened."""
    await connection.execute(SQL["suspend_agreement"], agreement_id, suspended)


async def agreements(connection: Connection) -> list[Agreement]:
    """Return the agreements that are neither ended nor suspended, whatever their dates.

    Each institution's sandbox is among them: there everything is open to it.
    """
    signed = [Agreement(*row) for row in await connection.fetch(SQL["agreements"])]
    return [*signed, *(sandbox_agreement(one.institution) for one in await partners(connection))]


async def put_licence(connection: Connection, fact: LicenceRecorded) -> None:
    """Keep an open-data licence."""
    await connection.execute(
        SQL["put_licence"],
        fact.coordination,
        fact.licence,
        fact.label,
        fact.threshold,
        fact.institutions,
    )


async def licences(connection: Connection) -> list[Licence]:
    """Return every licence recorded."""
    return [Licence(*row) for row in await connection.fetch(SQL["licences"])]


async def add_receipts(connection: Connection, lines: Sequence[NewReceipt]) -> None:
    """Write one line per message."""
    columns = zip(*map(msgspec.structs.astuple, lines), strict=True)
    await connection.execute(SQL["add_receipts"], *map(list, columns))


async def decide_receipts(
    connection: Connection, outcomes: Sequence[Outcome], *, now: datetime
) -> list[DecidedRow]:
    """Write what became of messages that were kept, and return what had opened each."""
    columns = zip(*map(msgspec.structs.astuple, outcomes), strict=True)
    rows = await connection.fetch(SQL["decide_receipts"], *map(list, columns), now)
    return [DecidedRow(*row) for row in rows]


async def add_tallies(
    connection: Connection, counts: dict[tuple[str, str, str, str], int], *, now: datetime
) -> None:
    """Add counts by coordination, institution, status and code, in one order for every writer."""
    keys = sorted(counts)
    columns = [list(column) for column in zip(*keys, strict=True)]
    await connection.execute(SQL["add_tallies"], *columns, [counts[key] for key in keys], now)


async def tallies(connection: Connection, coordination: str) -> list[TallyRow]:
    """Return what became of a coordination's messages."""
    return [TallyRow(*row) for row in await connection.fetch(SQL["tallies"], coordination)]


async def signal(
    connection: Connection, coordination: str, signal_id: UUID, institution: str | None
) -> ReceiptRow | None:
    """Return the latest receipt of a signal, of one institution when it is given."""
    row = await connection.fetchrow(SQL["signal"], coordination, signal_id, institution)
    return ReceiptRow(*row) if row else None


async def recent(
    connection: Connection,
    coordination: str,
    *,
    before: UUID | None,
    most: int,
    institution: str | None,
) -> list[ReceiptRow]:
    """Return the latest receipts, newest first."""
    rows = await connection.fetch(SQL["recent"], coordination, before, most, institution)
    return [ReceiptRow(*row) for row in rows]


async def ask_erasure(connection: Connection, sequences: Sequence[int], *, now: datetime) -> None:
    """Remember that raw messages must leave the stream."""
    await connection.execute(SQL["ask_erasure"], sequences, now)


async def erasures(connection: Connection) -> list[int]:
    """Return raw messages still to be erased."""
    return [row["in_seq"] for row in await connection.fetch(SQL["erasures"])]


async def erased(connection: Connection, in_seq: int) -> None:
    """Forget a raw message that has left the stream."""
    await connection.execute(SQL["erased"], in_seq)
