"""Record what the field confirms: risks, their steps up to a finding, and evidence."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec

from contracts.events.diagnostics.field import ElementQualified, Finding
from contracts.http.diagnostics import elements as asks
from contracts.vocabulary import VOCABULARY
from services.chassis import outbox
from services.chassis.database import Connection
from services.diagnostics import store
from services.diagnostics.errors.field import EvidenceIsNowhere, NoSuchRecord, RecordDiffers
from services.diagnostics.model import elements as rules
from services.diagnostics.model import wording
from services.diagnostics.store import elements as rows
from services.diagnostics.store import surveys

SOURCE = "urn:ctin:service:diagnostics"
EVIDENCE_PER_ELEMENT_MAX = 1000
NewId = Callable[[], UUID]


async def observe_element(
    connection: Connection,
    coordination: str,
    asked: asks.ObserveElement,
    *,
    element_id: UUID,
    now: datetime,
) -> None:
    """Keep a risk that a figure reveals; the same one again changes nothing.

    Raises:
        WordIsUnknown, CommuneIsElsewhere, ValueIsRepeated, DayIsAhead: a value does not fit.
        TextHoldsPerson, TextHoldsControls: a text may not be kept.
        RecordDiffers: the id names another one.
    """
    wording.must_be_plain(asked, "title", "figure.reading", "figure.source", "figure.vintage")
    wording.must_be_word("problem", asked.problem, VOCABULARY.problems)
    wording.must_be_word("public", asked.public, VOCABULARY.publics)
    wording.must_be_once("communes", asked.communes)
    wording.must_have_come("observed_on", asked.observed_on, today=wording.day_of(now))
    row = rules.ElementRow(
        coordination=coordination,
        element_id=element_id,
        title=asked.title,
        problem=asked.problem,
        public=asked.public,
        communes=sorted(asked.communes),
        figure_kind=asked.figure.kind.value,
        figure=asked.figure.figure,
        reading=asked.figure.reading,
        source=asked.figure.source,
        vintage=asked.figure.vintage,
        observed_on=asked.observed_on,
        organization=asked.organization,
        state=asks.ElementState.RISK_OBSERVED.value,
        changed_on=asked.observed_on,
    )
    async with connection.transaction():
        here = await store.covered_codes(connection, coordination)
        wording.must_be_here("communes", row.communes, here)
        if not await rows.add_element(connection, row, now):
            known = await rows.element(connection, coordination, element_id)
            assert known is not None, "an id that is taken names an element"
            first = msgspec.structs.replace(known, state=row.state, changed_on=row.changed_on)
            if first != row:
                raise RecordDiffers("L'élément", element_id)


async def take_step(
    connection: Connection,
    coordination: str,
    element_id: UUID,
    asked: asks.TakeStep,
    *,
    step_id: UUID,
    now: datetime,
    new_id: NewId,
) -> None:
    """Bring an element one step on, and tell a finding; the same step again changes nothing.

    Raises:
        NoSuchRecord: the element or the campaign is not of here.
        StepIsWrong, StepNeedsEvidence: it does not follow, or nothing supports it.
        DaysAreReversed, DayIsAhead: its day does not fit.
        TextHoldsPerson, TextHoldsControls: a text may not be kept.
        RecordDiffers: the id names another one.
    """
    wording.must_be_plain(asked, "capacity", "reason")
    wording.must_be_once("evidence", asked.evidence)
    step = rules.StepRow(
        coordination=coordination,
        step_id=step_id,
        element_id=element_id,
        state=asked.state.value,
        decided_on=asked.decided_on,
        organization=asked.organization,
        capacity=asked.capacity,
        campaign=asked.campaign,
        evidence=sorted(asked.evidence),
        reason=asked.reason,
    )
    async with connection.transaction():
        element = await rows.lock_element(connection, coordination, element_id)
        if element is None:
            raise NoSuchRecord("L'élément", element_id)
        known = await rows.step(connection, coordination, step_id)
        if known is not None:
            if known != step:
                raise RecordDiffers("L'étape", step_id)
            return
        changed = rules.must_go_on(
            element,
            step,
            attached=await _attached(connection, element),
            today=wording.day_of(now),
        )
        if step.campaign is not None:
            await _must_survey(connection, element, step.campaign)
        await rows.set_state(connection, changed)
        await rows.add_step(connection, step, now)
        if asked.state in rules.FINDINGS:
            fact = await _finding(connection, changed, step)
            await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)


async def _attached(connection: Connection, element: rules.ElementRow) -> set[UUID]:
    found = await rows.evidence_about(
        connection,
        element.coordination,
        asks.TargetKind.ELEMENT.value,
        [str(element.element_id)],
        EVIDENCE_PER_ELEMENT_MAX,
    )
    return {one.evidence_id for one in found}


async def _must_survey(
    connection: Connection, element: rules.ElementRow, campaign_id: UUID
) -> None:
    campaign = await surveys.campaign(connection, element.coordination, campaign_id)
    if campaign is None or campaign.opened_on is None:
        raise NoSuchRecord("L'enquête ouverte", campaign_id, field="campaign")
    wording.must_be_here("campaign", element.communes, campaign.communes)


async def _finding(
    connection: Connection, element: rules.ElementRow, step: rules.StepRow
) -> ElementQualified:
    return ElementQualified(
        coordination=element.coordination,
        element=element.element_id,
        finding=Finding(step.state),
        communes=element.communes,
        problem=element.problem,
        public=element.public,
        decided_on=step.decided_on,
        organization=step.organization,
        evidence_count=len(step.evidence),
        actions=await rows.actions(connection, element.coordination, [element.element_id]),
    )


async def answer_element(
    connection: Connection, coordination: str, element_id: UUID, action: str
) -> None:
    """Keep that an action of the roadmap answers an element; the same again changes nothing.

    Raises:
        NoSuchRecord: the element is not of here.
    """
    async with connection.transaction():
        if await rows.lock_element(connection, coordination, element_id) is None:
            raise NoSuchRecord("L'élément", element_id)
        await rows.add_action(connection, coordination, element_id, action)


async def attach_evidence(
    connection: Connection,
    coordination: str,
    asked: asks.AttachEvidence,
    *,
    evidence_id: UUID,
    now: datetime,
) -> rules.EvidenceRow:
    """Attach a document to what it shows; the same one again changes nothing.

    Raises:
        NoSuchRecord: what it is about is not of here.
        EvidenceIsNowhere: it has neither an address nor a fingerprint.
        CommuneIsElsewhere, DayIsAhead: a value does not fit.
        TextHoldsPerson, TextHoldsControls: a text may not be kept.
        RecordDiffers: the id names another one.
    """
    wording.must_be_plain(asked, "title", "source", "url")
    if asked.url is None and (asked.sha256 is None or asked.size_bytes is None):
        raise EvidenceIsNowhere
    wording.must_have_come("dated", asked.dated, today=wording.day_of(now))
    row = rules.EvidenceRow(
        coordination=coordination,
        evidence_id=evidence_id,
        target_kind=asked.target.kind.value,
        target=asked.target.id,
        commune=asked.commune,
        kind=asked.kind.value,
        title=asked.title,
        source=asked.source,
        dated=asked.dated,
        url=asked.url,
        sha256=asked.sha256,
        size_bytes=asked.size_bytes,
    )
    async with connection.transaction():
        if asked.commune is not None:
            here = await store.covered_codes(connection, coordination)
            wording.must_be_here("commune", [asked.commune], here)
        await must_be_about(connection, coordination, asked.target)
        if not await rows.add_evidence(connection, row, now):
            known = await rows.one_evidence(connection, coordination, evidence_id)
            if known != row:
                raise RecordDiffers("La preuve", evidence_id)
    return row


async def must_be_about(connection: Connection, coordination: str, target: asks.Target) -> None:
    """Refuse what is about a need or an element of elsewhere; actions are another service's.

    Raises:
        NoSuchRecord: it is not of here.
    """
    if target.kind is asks.TargetKind.ACTION:
        return
    what = "L'élément" if target.kind is asks.TargetKind.ELEMENT else "Le besoin"
    try:
        named = UUID(target.id)
    except ValueError:
        raise NoSuchRecord(what, target.id, field="target.id") from None
    if target.kind is asks.TargetKind.ELEMENT:
        there = await rows.element(connection, coordination, named) is not None
    else:
        there = await rows.has_need(connection, coordination, named)
    if not there or str(named) != target.id:
        raise NoSuchRecord(what, target.id, field="target.id")
