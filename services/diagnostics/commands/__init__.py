"""What the diagnostics service can be asked to change. Each is part of one transaction."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from contracts.envelope import Fact
from contracts.events.diagnostics import Decision, SignalsDecided
from contracts.events.exchange import SignalReceived
from contracts.http.diagnostics import LoadCommunes, Loaded, LoadIndicator
from services.chassis import outbox
from services.chassis.database import Connection
from services.diagnostics import store
from services.diagnostics.commands import folding
from services.diagnostics.commands.updates import leaving_now, parts_of
from services.diagnostics.errors import CommuneRepeats
from services.diagnostics.model import figures, wording
from services.diagnostics.model.observed import Edition, Observed
from services.diagnostics.store import observed

SOURCE = "urn:ctin:service:diagnostics"
DECISIONS_PER_FACT = 100
UPDATES_PER_TURN = 200
NewId = Callable[[], UUID]


async def cover_communes(connection: Connection, coordination: str, codes: Sequence[str]) -> None:
    """Make these communes a coordination's: signals about them are counted."""
    await store.cover_communes(connection, coordination, codes)


def _must_name_once(communes: Iterable[str]) -> None:
    for code, times in Counter(communes).items():
        if times > 1:
            raise CommuneRepeats(code)


async def load_communes(
    connection: Connection, coordination: str, asked: LoadCommunes, *, now: datetime
) -> Loaded:
    """Name, count and place communes; the same load again changes nothing.

    Raises:
        CommuneRepeats: a commune is given twice.
        TextHoldsPerson: a name or the source holds what looks like a person's data.
    """
    _must_name_once(one.code for one in asked.communes)
    wording.must_name_nobody(asked, "communes.name", "source", "vintage")
    async with connection.transaction():
        changed = await store.put_communes(connection, coordination, asked)
        await store.touch_communes(
            connection, coordination, dict.fromkeys(changed, 0), waits=True, now=now
        )
    return Loaded(accepted=len(changed), unchanged=len(asked.communes) - len(changed))


async def load_indicator(
    connection: Connection, coordination: str, asked: LoadIndicator, *, now: datetime
) -> Loaded:
    """Write one edition of an indicator as observed; the same load again changes nothing.

    Raises:
        CommuneRepeats: a commune is given twice.
        TextHoldsPerson: a text holds what looks like a person's data.
    """
    _must_name_once(one.commune for one in asked.observations)
    wording.must_name_nobody(asked, "label", "unit", "source", "licence", "vintage")
    async with connection.transaction():
        edition = Edition(
            indicator=asked.indicator,
            vintage=asked.vintage,
            label=asked.label,
            unit=asked.unit,
            source=asked.source,
            licence=asked.licence,
        )
        await observed.put_edition(connection, coordination, edition, now=now)
        told = [(one.commune, Observed(edition, one.value)) for one in asked.observations]
        places = await observed.put_observed(connection, coordination, told, now=now)
        changed = [one.commune for one in places]
        await store.touch_communes(
            connection, coordination, dict.fromkeys(changed, 0), waits=True, now=now
        )
    return Loaded(accepted=len(changed), unchanged=len(asked.observations) - len(changed))


async def fold_signals(
    connection: Connection,
    coordination: str,
    facts: Sequence[SignalReceived],
    *,
    at_once: Callable[[int], bool],
    threshold: int,
    now: datetime,
    new_id: NewId,
) -> None:
    """Decide signals, fold the accepted ones by commune, tell the decisions and the updates.

    Updates leave with this transaction when `at_once` grants their number, else they wait for
    `publish_waiting`, one per commune however many signals touched it.
    """
    decisions, leaving = await folding.folded(
        connection, coordination, facts, at_once=at_once, now=now
    )
    told: list[Fact] = _decided(coordination, decisions)
    if leaving:
        told += await _updates(connection, coordination, leaving, threshold=threshold, now=now)
    await outbox.put(connection, told, source=SOURCE, now=now, new_id=new_id)


def _decided(coordination: str, decisions: Sequence[tuple[str, Decision]]) -> list[Fact]:
    by_institution: dict[str, list[Decision]] = {}
    for institution, decision in decisions:
        by_institution.setdefault(institution, []).append(decision)
    return [
        SignalsDecided(
            coordination=coordination,
            institution=institution,
            decisions=ordered[start : start + DECISIONS_PER_FACT],
        )
        for institution, ordered in by_institution.items()
        for start in range(0, len(ordered), DECISIONS_PER_FACT)
    ]


async def _updates(
    connection: Connection,
    coordination: str,
    codes: Sequence[str],
    *,
    threshold: int,
    now: datetime,
) -> list[Fact]:
    rows = await store.take_changes(connection, coordination, codes)
    changed = figures.changes(rows, threshold=threshold)
    leaving = await leaving_now(connection, coordination, rows, changed, threshold)
    return [part for area in leaving for part in parts_of(coordination, area, now=now)]


async def publish_waiting(
    connection: Connection, *, threshold: int, now: datetime, new_id: NewId
) -> int:
    """Tell the updates that wait, one per commune, and return how many left."""
    async with connection.transaction():
        waiting: Mapping[str, list[str]] = await store.take_dirty(connection, UPDATES_PER_TURN)
        told: list[Fact] = []
        for coordination, codes in sorted(waiting.items()):
            told += await _updates(
                connection, coordination, sorted(codes), threshold=threshold, now=now
            )
        await outbox.put(connection, told, source=SOURCE, now=now, new_id=new_id)
    return len(told)
