"""What reaches the exchange: signals of institutions, agreements, and what became of signals."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from contracts import streams
from contracts.envelope import Event, Malformed, from_headers
from contracts.events.diagnostics import DiagnosticPublished, SignalsDecided, VersionStateTold
from contracts.events.diagnostics.needs import NeedClosed, NeedTakenInCharge
from contracts.events.members import (
    AgreementEnded,
    AgreementResumed,
    AgreementSigned,
    AgreementSuspended,
    CoordinationFounded,
    LicenceRecorded,
    OrganizationRenamed,
)
from services.chassis import ids
from services.chassis.consumer import Delivery, Handler, Source
from services.chassis.database import Connection
from services.chassis.streams import Received
from services.exchange import commands, model
from services.exchange.commands import needs, versions
from services.exchange.lane.intake import Intake
from services.exchange.model.quotas import Limits
from services.exchange.model.versions import version_of

_NANOSECONDS = 10**9


def read_intake(message: Received) -> Delivery:
    """Return any message of `IN`, readable or not; its place in the stream is its identity."""
    event = Event(
        id=f"{message.stream_seq}-{message.at_ns}",
        source="",
        type="",
        time=datetime.fromtimestamp(message.at_ns / _NANOSECONDS, UTC),
        data=message.data,
    )
    return Delivery(event, message)


def _raw(delivery: Delivery) -> model.Raw | None:
    message = delivery.message
    words = model.words_of(message.subject)
    if words is None:
        return None  # No institution may write such a subject: nobody to answer.
    event: Event | None = None
    malformed: tuple[str, str] | None = None
    try:
        event = from_headers(message.headers, message.data)
    except Malformed as fault:
        malformed = (fault.field, fault.detail)
    institution, coordination, fact = words
    return model.Raw(
        institution=institution,
        coordination=coordination,
        fact=fact,
        event=event,
        malformed=malformed,
        body=message.data,
        headers=message.headers,
        in_seq=message.stream_seq,
        at=delivery.event.time,
    )


def intake(limits: Limits) -> Handler:
    """Return what checks what institutions published, each within `limits`."""

    async def on_intake(connection: Connection, run: Sequence[Delivery]) -> None:
        raws = [raw for raw in map(_raw, run) if raw is not None]
        await commands.receive_signals(
            connection, raws, now=ids.now(), new_id=ids.new_id, limits=limits
        )

    return on_intake


async def on_coordination(connection: Connection, run: Sequence[Delivery]) -> None:
    """Know that coordinations exist."""
    slugs = [msgspec.json.decode(one.event.data, type=CoordinationFounded) for one in run]
    await commands.know_coordinations(connection, [fact.coordination for fact in slugs])


async def on_agreement_signed(connection: Connection, run: Sequence[Delivery]) -> None:
    """Open what agreements say."""
    for one in run:
        fact = msgspec.json.decode(one.event.data, type=AgreementSigned)
        await commands.open_agreement(connection, fact)


async def on_agreement_ended(connection: Connection, run: Sequence[Delivery]) -> None:
    """Stop what ended agreements opened."""
    for one in run:
        fact = msgspec.json.decode(one.event.data, type=AgreementEnded)
        await commands.close_agreement(connection, fact)


async def on_agreement_suspended(connection: Connection, run: Sequence[Delivery]) -> None:
    """Stop what suspended agreements opened, for now."""
    for one in run:
        fact = msgspec.json.decode(one.event.data, type=AgreementSuspended)
        await commands.suspend_agreement(connection, fact)


async def on_agreement_resumed(connection: Connection, run: Sequence[Delivery]) -> None:
    """Open again what suspended agreements opened."""
    for one in run:
        fact = msgspec.json.decode(one.event.data, type=AgreementResumed)
        await commands.resume_agreement(connection, fact)


async def on_licence(connection: Connection, run: Sequence[Delivery]) -> None:
    """Know under which licences open data may come."""
    for one in run:
        fact = msgspec.json.decode(one.event.data, type=LicenceRecorded)
        await commands.open_licence(connection, fact)


async def on_renamed(connection: Connection, run: Sequence[Delivery]) -> None:
    """Call institutions as their organisations are called."""
    for one in run:
        fact = msgspec.json.decode(one.event.data, type=OrganizationRenamed)
        await commands.rename_partner(connection, fact)


async def on_decisions(connection: Connection, run: Sequence[Delivery]) -> None:
    """Tell senders what became of their signals."""
    facts = [msgspec.json.decode(one.event.data, type=SignalsDecided) for one in run]
    await commands.answer_signals(connection, facts, now=ids.now(), new_id=ids.new_id)


async def on_need_taken(connection: Connection, run: Sequence[Delivery]) -> None:
    """Tell senders who answers for the needs they reported."""
    facts = [msgspec.json.decode(one.event.data, type=NeedTakenInCharge) for one in run]
    await needs.tell_senders(connection, facts, now=ids.now(), new_id=ids.new_id)


async def on_need_closed(connection: Connection, run: Sequence[Delivery]) -> None:
    """Tell senders what the needs they reported came to."""
    facts = [msgspec.json.decode(one.event.data, type=NeedClosed) for one in run]
    await needs.tell_senders(connection, facts, now=ids.now(), new_id=ids.new_id)


async def on_version(connection: Connection, run: Sequence[Delivery]) -> None:
    """Announce versions to those who may not be told of every commune."""
    found = [version_of(one.event) for one in run]
    await versions.announce(connection, found, now=ids.now(), new_id=ids.new_id)


MEMBERS = Source(
    stream=streams.stream_of("members"),
    subjects=(
        streams.filter_of(CoordinationFounded),
        streams.filter_of(AgreementSigned),
        streams.filter_of(AgreementEnded),
        streams.filter_of(AgreementSuspended),
        streams.filter_of(AgreementResumed),
        streams.filter_of(LicenceRecorded),
        streams.filter_of(OrganizationRenamed),
    ),
    handlers={
        CoordinationFounded.TYPE: on_coordination,
        AgreementSigned.TYPE: on_agreement_signed,
        AgreementEnded.TYPE: on_agreement_ended,
        AgreementSuspended.TYPE: on_agreement_suspended,
        AgreementResumed.TYPE: on_agreement_resumed,
        LicenceRecorded.TYPE: on_licence,
        OrganizationRenamed.TYPE: on_renamed,
    },
)
DECISIONS = Source(
    stream=streams.stream_of("diagnostics"),
    subjects=(
        streams.filter_of(SignalsDecided),
        streams.filter_of(NeedTakenInCharge),
        streams.filter_of(NeedClosed),
        streams.filter_of(DiagnosticPublished),
        streams.filter_of(VersionStateTold),
    ),
    handlers={
        SignalsDecided.TYPE: on_decisions,
        NeedTakenInCharge.TYPE: on_need_taken,
        NeedClosed.TYPE: on_need_closed,
        DiagnosticPublished.TYPE: on_version,
        VersionStateTold.TYPE: on_version,
    },
)


def sources(limits: Limits) -> tuple[Source, ...]:
    """Return what the exchange follows, with what each institution may send."""
    return (
        Source(
            stream=streams.IN,
            subjects=("in.>",),
            handlers={"*": intake(limits)},
            reader=read_intake,
            by=Intake,
        ),
        MEMBERS,
        DECISIONS,
    )
