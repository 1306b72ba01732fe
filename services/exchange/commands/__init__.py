"""What the exchange service can be asked to change. Each command is part of one transaction."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from contracts.envelope import Cause, Fact
from contracts.events.diagnostics import Decision, SignalsDecided
from contracts.events.exchange import (
    Answer,
    SignalAccepted,
    SignalReceived,
    SignalRefused,
    SignalsAnswered,
    SignalsReceived,
)
from contracts.events.members import (
    AgreementEnded,
    AgreementResumed,
    AgreementSigned,
    AgreementSuspended,
    LicenceRecorded,
    OrganizationRenamed,
)
from contracts.events.signals import ExposureCount, ReportedNeed, SignalWithdrawn
from contracts.http.exchange import SignalStatus
from contracts.streams import sandbox_of
from services.chassis import outbox
from services.chassis.database import Connection
from services.exchange import model, store
from services.exchange.commands.intake import within
from services.exchange.commands.pace import note_received
from services.exchange.model import Denied, Kept, Raw, Rights
from services.exchange.model.days import day_of
from services.exchange.model.quotas import Limits
from services.exchange.store.pace import add_agreement_tallies

SOURCE = "urn:ctin:service:exchange"
ANSWERS_PER_MESSAGE = 150
SIGNALS_PER_FACT = 60
"""A signal takes up to 900 bytes; a message, 64 KiB."""
NewId = Callable[[], UUID]
Addressed = tuple[str, str, Answer, Cause | None]
"""Coordination, institution, answer, and the event it answers where that was readable."""


async def open_agreement(connection: Connection, fact: AgreementSigned) -> None:
    """Let an institution do what its signed agreement says."""
    await store.put_agreement(connection, fact)


async def close_agreement(connection: Connection, fact: AgreementEnded) -> None:
    """Stop what an ended agreement opened."""
    await store.end_agreement(connection, fact.agreement_id)


async def suspend_agreement(connection: Connection, fact: AgreementSuspended) -> None:
    """Stop what a suspended agreement opened, for now."""
    await store.suspend_agreement(connection, fact.agreement_id, suspended=True)


async def resume_agreement(connection: Connection, fact: AgreementResumed) -> None:
    """Open again what a suspended agreement opened; one that ended stays so."""
    await store.suspend_agreement(connection, fact.agreement_id, suspended=False)


async def open_licence(connection: Connection, fact: LicenceRecorded) -> None:
    """Let institutions bring open data under its licence."""
    await store.put_licence(connection, fact)


async def rename_partner(connection: Connection, fact: OrganizationRenamed) -> None:
    """Call an institution as its organisation is called from now on."""
    await store.rename_partner(connection, fact.organization, fact.name)


async def know_coordinations(connection: Connection, slugs: Sequence[str]) -> None:
    """Accept subjects of these coordinations."""
    await store.add_coordinations(connection, slugs)


async def rights(connection: Connection) -> Rights:
    """Return what opens what, as of this transaction."""
    partners = frozenset(row.institution for row in await store.partners(connection))
    return Rights(
        partners=partners,
        coordinations=frozenset(
            [*await store.coordinations(connection), *map(sandbox_of, partners)]
        ),
        agreements={one.agreement_id: one for one in await store.agreements(connection)},
        licences={(one.coordination, one.licence): one for one in await store.licences(connection)},
    )


async def receive_signals(
    connection: Connection,
    raws: Sequence[Raw],
    *,
    now: datetime,
    new_id: NewId,
    limits: Limits | None = None,
) -> list[Kept | Denied]:
    """Check messages, keep a receipt of each, pass the good ones on and answer the others.

    A message whose payload holds personal data leaves a hash behind, and is to be erased; one
    beyond `limits`, what its institution may send, is refused.
    Runs in the caller's transaction: that of the intake's inbox, or of an HTTP request.
    """
    known = await rights(connection)
    checked = [model.check(raw, known, today=day_of(now)) for raw in raws]
    if limits is not None:
        checked = await within(connection, checked, limits, now=now)
    lines, passed, answers = [], [], []
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for one in checked:
        receipt = new_id()
        lines.append(_line(receipt, one))
        status, code = ("kept", "") if isinstance(one, Kept) else ("refused", one.code)
        counts[one.raw.coordination, one.raw.institution, status, code] += 1
        if isinstance(one, Kept):
            passed.append(_received(receipt, one))
        elif one.raw.in_seq:
            cause = Cause(id=one.raw.event.id) if one.raw.event and not one.erase else None
            answers.append((one.raw.coordination, one.raw.institution, one.answer(), cause))
    if lines:
        await store.add_receipts(connection, lines)
        await store.add_tallies(connection, counts, now=now)
        await note_received(connection, checked, now=now)
    erase = [one.raw.in_seq for one in checked if isinstance(one, Denied) and one.erase]
    if any(erase):
        await store.ask_erasure(connection, [seq for seq in erase if seq], now=now)
    facts = _together(passed)
    await outbox.put(connection, facts, source=SOURCE, now=now, new_id=new_id)
    await _answer(connection, answers, now=now, new_id=new_id)
    return checked


def _together(passed: Sequence[SignalReceived]) -> list[Fact]:
    """Return signals in facts of one institution each, in order: one message for many."""
    groups: dict[tuple[str, str], list[SignalReceived]] = {}
    for one in passed:
        groups.setdefault((one.coordination, one.institution), []).append(one)
    return [
        SignalsReceived(
            coordination=coordination,
            institution=institution,
            signals=signals[start : start + SIGNALS_PER_FACT],
        )
        for (coordination, institution), signals in groups.items()
        for start in range(0, len(signals), SIGNALS_PER_FACT)
    ]


def _line(receipt: UUID, one: Kept | Denied) -> store.NewReceipt:
    kept = isinstance(one, Kept)
    signal = one.signal if isinstance(one, Kept) else None
    hidden = isinstance(one, Denied) and one.erase
    event = one.raw.event
    return store.NewReceipt(
        receipt=receipt,
        coordination=one.raw.coordination,
        institution=one.raw.institution,
        signal_id=signal.signal_id
        if signal
        else one.signal_id
        if isinstance(one, Denied)
        else None,
        kind="" if event is None or hidden else event.type.rpartition(".signals.")[2][:60],
        area=getattr(signal, "area_code", None),
        ce_id=None if event is None or hidden else event.id,
        in_seq=one.raw.in_seq,
        status="kept" if kept else "refused",
        code=one.code if isinstance(one, Denied) else None,
        field=one.field if isinstance(one, Denied) else None,
        detail=one.detail if isinstance(one, Denied) else None,
        fingerprint=model.fingerprint(one.raw.body) if hidden else None,
        received_at=one.raw.at,
        opened_by=model.opened_by(signal) if signal else None,
    )


def _received(receipt: UUID, one: Kept) -> SignalReceived:
    signal = one.signal
    return SignalReceived(
        coordination=one.raw.coordination,
        receipt=receipt,
        ce_id=one.event.id,
        institution=one.raw.institution,
        in_seq=one.raw.in_seq,
        received_at=one.raw.at,
        threshold=one.threshold,
        label=one.label,
        exposure=signal if isinstance(signal, ExposureCount) else None,
        need=signal if isinstance(signal, ReportedNeed) else None,
        withdrawal=signal if isinstance(signal, SignalWithdrawn) else None,
    )


async def answer_signals(
    connection: Connection,
    facts: Sequence[SignalsDecided],
    *,
    now: datetime,
    new_id: NewId,
) -> None:
    """Write what the diagnostic decided on the receipts, and tell each sender."""
    outcomes: list[store.Outcome] = []
    answers: list[Addressed] = []
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for fact in facts:
        for one in fact.decisions:
            became = _became(one)
            outcomes.append(store.Outcome(one.receipt, became[0], one.code, one.field, one.detail))
            counts[fact.coordination, fact.institution, *became] += 1
            if one.in_seq:
                cause = Cause(id=one.ce_id)
                answers.append((fact.coordination, fact.institution, _told(one), cause))
    decided = await store.decide_receipts(connection, outcomes, now=now)
    opened = {row.receipt: row.opened_by for row in decided}
    by_agreement = Counter(
        (fact.coordination, opened[one.receipt] or "", fact.institution, *_became(one))
        for fact in facts
        for one in fact.decisions
        if opened.get(one.receipt)
    )
    await store.add_tallies(connection, counts, now=now)
    await add_agreement_tallies(connection, by_agreement, now=now)
    await _answer(connection, answers, now=now, new_id=new_id)


def _became(one: Decision) -> tuple[str, str]:
    status = SignalStatus.REFUSED if one.code else SignalStatus.ACCEPTED
    return status.value, one.code or ""


def _told(one: Decision) -> Answer:
    return Answer(
        in_seq=one.in_seq,
        signal_id=one.signal_id,
        code=one.code,
        field=one.field,
        detail=one.detail,
    )


async def _answer(
    connection: Connection, answers: Sequence[Addressed], *, now: datetime, new_id: NewId
) -> None:
    """Tell each sender in its own stream, one message each or grouped as it asked."""
    if not answers:
        return
    grouped = {row.institution for row in await store.partners(connection) if row.answers_grouped}
    facts: list[Fact] = []
    causes: list[Cause | None] = []
    groups: dict[tuple[str, str], list[Answer]] = {}
    for coordination, institution, answer, cause in answers:
        if institution in grouped:
            groups.setdefault((coordination, institution), []).append(answer)
        else:
            facts.append(_one(coordination, institution, answer))
            causes.append(cause)
    facts += _grouped(groups)
    causes += [None] * (len(facts) - len(causes))
    await outbox.put(connection, facts, source=SOURCE, now=now, new_id=new_id, causes=causes)


def _one(coordination: str, institution: str, answer: Answer) -> Fact:
    kind = SignalRefused if answer.code else SignalAccepted
    return kind(
        coordination=coordination,
        institution=institution,
        in_seq=answer.in_seq,
        signal_id=answer.signal_id,
        code=answer.code,
        field=answer.field,
        detail=answer.detail,
    )


def _grouped(groups: Mapping[tuple[str, str], list[Answer]]) -> list[Fact]:
    return [
        SignalsAnswered(
            coordination=coordination,
            institution=institution,
            answers=answers[start : start + ANSWERS_PER_MESSAGE],
        )
        for (coordination, institution), answers in groups.items()
        for start in range(0, len(answers), ANSWERS_PER_MESSAGE)
    ]


async def forget_erased(connection: Connection, in_seq: int) -> None:
    """Note that a raw message has left the stream."""
    await store.erased(connection, in_seq)
