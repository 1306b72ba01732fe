"""Questions about what was exchanged."""

from uuid import UUID

import msgspec

from contracts.http.exchange import PartnerStatus
from services.chassis.database import Connection
from services.exchange import store
from services.exchange.errors import NoSuchPartner, NoSuchSignal
from services.exchange.model import Agreement, ReceiptRow
from services.exchange.store.subscriptions import next_attempts


async def signal(
    connection: Connection, coordination: str, signal_id: UUID, *, institution: str | None
) -> ReceiptRow:
    """Return the latest receipt of a signal.

    Raises:
        NoSuchSignal: there is none, or it is another institution's.
    """
    row = await store.signal(connection, coordination, signal_id, institution)
    if row is None:
        raise NoSuchSignal(signal_id)
    return row


async def recent(
    connection: Connection,
    coordination: str,
    *,
    before: UUID | None,
    most: int,
    institution: str | None,
) -> tuple[list[ReceiptRow], UUID | None]:
    """Return the latest receipts, newest first, and the one to go on from, None at the end."""
    rows = await store.recent(
        connection, coordination, before=before, most=most + 1, institution=institution
    )
    return rows[:most], rows[most - 1].receipt if len(rows) > most else None


async def agreements(connection: Connection) -> list[Agreement]:
    """Return the agreements that are neither ended nor suspended, whatever their dates."""
    return await store.agreements(connection)


async def institutions(connection: Connection) -> list[str]:
    """Return the slugs of the institutions admitted."""
    return [row.institution for row in await store.partners(connection)]


async def erasures(connection: Connection) -> list[int]:
    """Return the sequences of raw messages still to be erased."""
    return await store.erasures(connection)


async def partners(connection: Connection, coordination: str) -> list[PartnerStatus]:
    """Return every partner of a coordination with its counts; `lag` is still to be asked."""
    named = {row.institution: row.name for row in await store.partners(connection)}
    found = {
        slug: PartnerStatus(
            institution=slug,
            name=name,
            last_seen_at=None,
            kept=0,
            accepted=0,
            refused={},
            agreements=0,
            follows=[],
            lag=None,
        )
        for slug, name in named.items()
    }
    concerned: set[str] = set()
    for agreement in await store.agreements(connection):
        one = found.get(agreement.institution)
        if one and agreement.coordination == coordination:
            concerned.add(one.institution)
            follows = sorted({*one.follows, *agreement.receives})
            found[one.institution] = msgspec.structs.replace(
                one, agreements=one.agreements + 1, follows=follows
            )
    for licence in await store.licences(connection):
        if licence.coordination == coordination:
            concerned.update(licence.institutions)
    for tally in await store.tallies(connection, coordination):
        if tally.institution in found:
            concerned.add(tally.institution)
            found[tally.institution] = _counted(found[tally.institution], tally)
    again = await next_attempts(connection, coordination)
    return [
        msgspec.structs.replace(one, next_attempt_at=again.get(slug))
        for slug, one in found.items()
        if slug in concerned
    ]


def _counted(one: PartnerStatus, tally: store.TallyRow) -> PartnerStatus:
    last = max(filter(None, [one.last_seen_at, tally.last_at]))
    if tally.status == "refused":
        refused = {**one.refused, tally.code: tally.n}
        return msgspec.structs.replace(one, last_seen_at=last, refused=refused)
    if tally.status == "accepted":
        return msgspec.structs.replace(one, last_seen_at=last, accepted=tally.n)
    return msgspec.structs.replace(one, last_seen_at=last, kept=tally.n)


async def partner(connection: Connection, coordination: str, institution: str) -> PartnerStatus:
    """Return one partner's health.

    Raises:
        NoSuchPartner: it has nothing to do with this coordination.
    """
    for one in await partners(connection, coordination):
        if one.institution == institution:
            return one
    raise NoSuchPartner(institution)
