"""Follow reported needs: taken in charge, closed, recalled; and take those that people report."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from contracts.envelope import Fact
from contracts.events.diagnostics import Decision
from contracts.events.diagnostics.needs import (
    NeedClosed,
    NeedOutcome,
    NeedReminderDue,
    NeedState,
    NeedTakenInCharge,
)
from contracts.events.exchange import SignalReceived
from contracts.events.members import OrganizationMerged, OrganizationRenamed
from contracts.events.signals import ReportedNeed
from contracts.http.diagnostics.needs import ReportNeed
from services.chassis import outbox
from services.chassis.database import Connection
from services.diagnostics.commands import folding
from services.diagnostics.errors import needs as errors
from services.diagnostics.model import cells as values
from services.diagnostics.model import follow_up as rules
from services.diagnostics.store import follow_up as rows

SOURCE = "urn:ctin:service:diagnostics"
REMINDERS_PER_TURN = 200
NewId = Callable[[], UUID]


async def know_organization(
    connection: Connection, coordination: str, organization: str, name: str
) -> None:
    """Let an organisation take needs of its coordination in charge."""
    await rows.know_organization(connection, coordination, organization, name)


async def rename_organization(connection: Connection, fact: OrganizationRenamed) -> None:
    """Call an organisation as it is called from now on, where it may take needs in charge."""
    await rows.rename_organization(connection, fact.coordination, fact.organization, fact.name)


async def merge_organizations(connection: Connection, fact: OrganizationMerged) -> None:
    """Let an organisation answer for what the one it absorbed took in charge."""
    await rows.know_organization(connection, fact.coordination, fact.organization, fact.name)
    await rows.hand_over(connection, fact.coordination, merged=fact.merged, into=fact.organization)


async def report_need(
    connection: Connection,
    coordination: str,
    asked: ReportNeed,
    *,
    signal_id: UUID,
    reporter: str | None,
    now: datetime,
    new_id: NewId,
) -> None:
    """Take a need that a person reports for its organisation, by the rules that signals follow.

    The same report again changes nothing. Without an organisation it is the coordination's own.

    Raises:
        ReportIsRefused: a rule of signals refuses it; nothing is kept.
    """
    institution = reporter or coordination
    async with connection.transaction():
        name = await rows.organization_name(connection, coordination, institution)
        source = _Source(coordination, institution, name or institution)
        await _report(connection, source, {signal_id: asked}, now=now, new_id=new_id)


async def hear_needs(
    connection: Connection,
    coordination: str,
    heard: Mapping[UUID, ReportNeed],
    *,
    label: str,
    now: datetime,
    new_id: NewId,
) -> None:
    """Take needs that were heard in the field, by the rules that signals follow.

    They are the coordination's own until an organisation takes them in charge; the same again
    changes nothing.

    Raises:
        ReportIsRefused: a rule of signals refuses one; nothing is kept.
    """
    async with connection.transaction():
        source = _Source(coordination, coordination, label)
        await _report(connection, source, heard, now=now, new_id=new_id)


class _Source(NamedTuple):
    coordination: str
    institution: str
    label: str


async def _report(
    connection: Connection,
    source: _Source,
    asked: Mapping[UUID, ReportNeed],
    *,
    now: datetime,
    new_id: NewId,
) -> None:
    facts = [
        SignalReceived(
            coordination=source.coordination,
            receipt=new_id(),
            ce_id=str(signal_id),
            institution=source.institution,
            in_seq=0,
            received_at=now,
            threshold=1,
            label=source.label,
            need=_as_signal(need, signal_id),
        )
        for signal_id, need in asked.items()
    ]
    for _, decision in await folding.fold(connection, source.coordination, facts, now=now):
        _must_be_taken(decision)


def _as_signal(asked: ReportNeed, signal_id: UUID) -> ReportedNeed:
    return ReportedNeed(
        signal_id=signal_id,
        revision=asked.revision,
        licence=values.FIELD_REPORT,
        purpose="need_follow_up",
        period=asked.period,
        area_kind=asked.area_kind,
        area_code=asked.area_code,
        reporter_kind=asked.reporter_kind,
        problem=asked.problem,
        theme=asked.theme,
        public=asked.public,
        unit=asked.unit,
        count=asked.count,
        place_kind=asked.place_kind,
        time_slots=asked.time_slots,
    )


def _must_be_taken(decision: Decision) -> None:
    field, detail = decision.field or "", decision.detail or ""
    match decision.code:
        case None:
            return
        case "E_AREA":
            raise errors.ReportIsElsewhere(field, detail)
        case "E_VOCABULARY":
            raise errors.ReportHasUnknownWord(field, detail)
        case "E_DIFFERS":
            raise errors.ReportDiffers(field, detail)
        case "E_REVISION":
            raise errors.ReportIsOld(field, detail)
        case _:
            raise errors.ReportIsRefused(field, detail)


async def take_in_charge(
    connection: Connection,
    coordination: str,
    signal_id: UUID,
    *,
    organization: str,
    institution: str | None,
    own: str | None,
    now: datetime,
    new_id: NewId,
) -> None:
    """Let an organisation answer for a need; the same again changes and tells nothing.

    With `own`, the caller acts for that organisation alone, on a need nobody else answers for.

    Raises:
        NoSuchNeed: there is none.
        NoSuchOrganization: it has no seat in the coordination.
        NotInCharge: the caller acts for another organisation, or another answers for the need.
        NeedIsClosed: it came to an outcome.
    """
    async with connection.transaction():
        found = await rows.lock(connection, coordination, signal_id, institution)
        row = rules.the_one(found, signal_id, own=None)
        if own is not None and (own != organization or row.taken_by not in {None, own}):
            raise errors.NotInCharge
        if await rows.organization_name(connection, coordination, organization) is None:
            raise errors.NoSuchOrganization(organization)
        if not rules.may_take(row, organization):
            return
        await rows.take(connection, coordination, row, organization, now=now)
        fact = NeedTakenInCharge(
            coordination=coordination,
            institution=row.institution,
            signal_id=row.signal_id,
            organization=organization,
            taken_at=now,
        )
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)


async def close_need(
    connection: Connection,
    coordination: str,
    signal_id: UUID,
    *,
    outcome: NeedOutcome,
    institution: str | None,
    own: str | None,
    now: datetime,
    new_id: NewId,
) -> None:
    """Write what a need came to; the same again changes and tells nothing.

    Raises:
        NoSuchNeed: there is none.
        NotInCharge: the caller acts for an organisation that does not answer for the need.
        NeedIsNotTaken: no organisation answers for it.
        NeedIsClosed: it came to another outcome.
    """
    async with connection.transaction():
        found = await rows.lock(connection, coordination, signal_id, institution)
        row = rules.the_one(found, signal_id, own=None)
        if own is not None and row.taken_by != own:
            raise errors.NotInCharge
        if not rules.may_close(row, outcome.value):
            return
        assert row.taken_by is not None, "the rule asked for it"
        await rows.close(connection, coordination, row, outcome.value, now=now)
        fact = NeedClosed(
            coordination=coordination,
            institution=row.institution,
            signal_id=row.signal_id,
            organization=row.taken_by,
            outcome=outcome,
            closed_at=now,
        )
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)


async def remind(connection: Connection, *, today: date, now: datetime, new_id: NewId) -> int:
    """Recall the needs that are due by a day, some at a time, and return how many were.

    Each number of days is told once, whoever asks and however often.
    """
    async with connection.transaction():
        found = await rows.to_remind(connection, today, REMINDERS_PER_TURN)
        told: list[Fact] = []
        days: list[date | None] = []
        for one in found:
            reached, following = rules.due(one.reported_at, today)
            days.append(following)
            told.append(
                NeedReminderDue(
                    coordination=one.coordination,
                    institution=one.institution,
                    signal_id=one.signal_id,
                    days=reached,
                    state=NeedState(one.state),
                    organization=one.taken_by,
                    reported_on=one.reported_at.astimezone(rules.PARIS).date(),
                    due_on=one.reminder_on,
                )
            )
        if found:
            await rows.put_reminders(connection, found, days)
            await outbox.put(connection, told, source=SOURCE, now=now, new_id=new_id)
    return len(found)
