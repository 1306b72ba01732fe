"""Notice partners that fall silent or flood: told once when it begins, once when it ends."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from contracts.envelope import Fact
from contracts.events.exchange.pace import (
    PartnerFloodEnded,
    PartnerFloods,
    PartnerIsBack,
    PartnerWentSilent,
)
from services.chassis import outbox
from services.chassis.database import Connection
from services.exchange.model import Denied, Kept, opened_by
from services.exchange.store import pace

SOURCE = "urn:ctin:service:exchange"
BEYOND = "E_QUOTA"


async def note_received(
    connection: Connection, checked: Sequence[Kept | Denied], *, now: datetime
) -> None:
    """Note which partners sent something, and count what was kept by what opens it."""
    seen: dict[tuple[str, str], bool] = {}
    counts: Counter[tuple[str, str, str, str, str]] = Counter()
    for one in checked:
        whose = (one.raw.coordination, one.raw.institution)
        is_beyond = isinstance(one, Denied) and one.code == BEYOND
        seen[whose] = seen.get(whose, False) or is_beyond
        if isinstance(one, Kept):
            counts[whose[0], opened_by(one.signal), whose[1], "kept", ""] += 1
    for (coordination, institution), beyond in sorted(seen.items()):
        await pace.note_seen(connection, coordination, institution, now=now, beyond=beyond)
    await pace.add_agreement_tallies(connection, counts, now=now)


async def note_flood(
    connection: Connection, coordination: str, institution: str, *, now: datetime
) -> None:
    """Note that a request went beyond its partner's quota; nothing of it was kept."""
    await pace.note_seen(connection, coordination, institution, now=now, beyond=True)


async def tell_episodes(
    connection: Connection,
    *,
    silence_seconds: float,
    calm_seconds: float,
    now: datetime,
    new_id: Callable[[], UUID],
) -> None:
    """Tell which partners fell silent or flood, and whose silence or flood is over."""
    calm = now - timedelta(seconds=calm_seconds)
    async with connection.transaction():
        facts: list[Fact] = [
            PartnerIsBack(
                coordination=one.coordination, institution=one.institution, silent_since=one.since
            )
            for one in await pace.came_back(connection)
        ]
        facts += [
            PartnerWentSilent(
                coordination=one.coordination,
                institution=one.institution,
                last_seen_at=one.last_at,
                usual_seconds=one.usual_seconds,
            )
            for one in await pace.fell_silent(connection, now=now, least_seconds=silence_seconds)
        ]
        for kind, rows in (
            (PartnerFloods, await pace.began_flood(connection, since=calm)),
            (PartnerFloodEnded, await pace.ended_flood(connection, since=calm)),
        ):
            facts += [
                kind(coordination=one.coordination, institution=one.institution, since=one.since)
                for one in rows
            ]
        await outbox.put(connection, facts, source=SOURCE, now=now, new_id=new_id)
