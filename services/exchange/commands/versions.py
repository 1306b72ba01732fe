"""Tell institutions limited to some communes of versions of the whole diagnostic."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from contracts.envelope import Fact
from contracts.events.diagnostics import DiagnosticPublished
from services.chassis import outbox
from services.chassis.database import Connection
from services.exchange.model import EVERYWHERE
from services.exchange.model import subscriptions as rules
from services.exchange.model.days import day_of
from services.exchange.model.versions import announcement
from services.exchange.store import agreements

SOURCE = "urn:ctin:service:exchange"


async def announce(
    connection: Connection,
    versions: Sequence[DiagnosticPublished],
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> None:
    """Announce versions to those whose agreements open some communes of their coordination."""
    agreed = await agreements(connection)
    facts: list[Fact] = []
    for institution in sorted({one.institution for one in agreed}):
        opened = rules.opening(institution, agreed, today=day_of(now))
        for version in versions:
            areas = opened.areas.get((version.coordination, DiagnosticPublished.TYPE))
            if areas and EVERYWHERE not in areas:
                facts.append(announcement(version, institution))
    await outbox.put(connection, facts, source=SOURCE, now=now, new_id=new_id)
