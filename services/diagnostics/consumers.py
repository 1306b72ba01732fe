"""Facts from other services that the diagnostics service acts on."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from itertools import groupby
from typing import TypeVar

import msgspec

from contracts import streams
from contracts.envelope import Fact
from contracts.events.exchange import SandboxOpened, SignalsReceived
from contracts.events.exchange.feeds import SnapshotAsked
from contracts.events.funding import PostFilled
from contracts.events.members import (
    AgreementEnded,
    AgreementResumed,
    AgreementSigned,
    AgreementSuspended,
    CoordinationFounded,
    LicenceRecorded,
    MemberConfirmed,
    OrganizationMerged,
    OrganizationRenamed,
)
from services.chassis import ids
from services.chassis.consumer import Delivery, Handler, Source
from services.chassis.database import Connection
from services.diagnostics import commands
from services.diagnostics.commands import (
    follow_up,
    geography,
    retention,
    states,
    versions,
    visits,
)
from services.diagnostics.model.pace import Pace
from services.diagnostics.settings import Settings

_RECEIVED = msgspec.json.Decoder(SignalsReceived)


async def on_coordination(connection: Connection, run: Sequence[Delivery]) -> None:
    """Know which communes are whose."""
    for one in run:
        fact = msgspec.json.decode(one.event.data, type=CoordinationFounded)
        await commands.cover_communes(connection, fact.coordination, fact.communes)
        await geography.name_communes(connection, fact.communes)


async def on_sandbox(connection: Connection, run: Sequence[Delivery]) -> None:
    """Know which communes an institution may try its system on."""
    for one in run:
        fact = msgspec.json.decode(one.event.data, type=SandboxOpened)
        await commands.cover_communes(connection, fact.coordination, fact.communes)


async def on_post(connection: Connection, run: Sequence[Delivery]) -> None:
    """Begin the tour of the communes of each post that was filled."""
    for one in run:
        await visits.start_tour(connection, msgspec.json.decode(one.event.data, type=PostFilled))


async def on_agreement(connection: Connection, run: Sequence[Delivery]) -> None:
    """Know how long what comes under agreements is kept, and who reads exact counts."""
    for one in run:
        fact = msgspec.json.decode(one.event.data, type=AgreementSigned)
        await retention.keep_for(connection, fact)
        await versions.open_reader(connection, fact)


async def on_member(connection: Connection, run: Sequence[Delivery]) -> None:
    """Know which organisations may take a need in charge."""
    for one in run:
        fact = msgspec.json.decode(one.event.data, type=MemberConfirmed)
        await follow_up.know_organization(
            connection, fact.coordination, fact.organization, fact.name
        )


async def on_merged(connection: Connection, run: Sequence[Delivery]) -> None:
    """Let an organisation answer for what the one it absorbed took in charge."""
    for one in run:
        fact = msgspec.json.decode(one.event.data, type=OrganizationMerged)
        await follow_up.merge_organizations(connection, fact)


Heard = TypeVar("Heard", bound=Fact)


def _each(kind: type[Heard], act: Callable[[Connection, Heard], Awaitable[None]]) -> Handler:
    """Return the handler that acts on each fact of a kind, in order."""
    decode = msgspec.json.Decoder(kind).decode

    async def on_facts(connection: Connection, run: Sequence[Delivery]) -> None:
        for one in run:
            await act(connection, decode(one.event.data))

    return on_facts


_SHARING: dict[type[Fact], Handler] = {
    AgreementEnded: _each(AgreementEnded, versions.close_reader),
    AgreementSuspended: _each(AgreementSuspended, versions.suspend_reader),
    AgreementResumed: _each(AgreementResumed, versions.suspend_reader),
    LicenceRecorded: _each(LicenceRecorded, versions.open_source),
}
"""Who reads exact counts no more, or again, and which data are open."""


def _never(_: int) -> bool:
    """Grant nothing: more signals wait behind these, their updates go out together."""
    return False


def on_signals(settings: Settings) -> Handler:
    """Return the handler that folds received signals at this installation's pace."""
    pace = Pace(per_second=settings.updates_per_second_max)

    async def fold(connection: Connection, run: Sequence[Delivery]) -> None:
        facts = [signal for one in run for signal in _RECEIVED.decode(one.event.data).signals]
        caught_up = run[-1].message.pending == 0
        for coordination, group in groupby(facts, key=lambda fact: fact.coordination):
            now = ids.now()
            at_once = partial(pace.take, now=now) if caught_up else _never
            await commands.fold_signals(
                connection,
                coordination,
                list(group),
                at_once=at_once,
                threshold=settings.needs_threshold,
                now=now,
                new_id=ids.new_id,
            )

    return fold


def on_snapshot(settings: Settings) -> Handler:
    """Return the handler that tells the present state to who lost how it came about."""

    async def tell(connection: Connection, run: Sequence[Delivery]) -> None:
        for one in run:
            await states.tell(
                connection,
                msgspec.json.decode(one.event.data, type=SnapshotAsked),
                threshold=settings.needs_threshold,
                now=ids.now(),
                new_id=ids.new_id,
            )

    return tell


_OF_MEMBERS: dict[type[Fact], Handler] = {
    CoordinationFounded: on_coordination,
    AgreementSigned: on_agreement,
    MemberConfirmed: on_member,
    OrganizationMerged: on_merged,
    OrganizationRenamed: _each(OrganizationRenamed, follow_up.rename_organization),
    **_SHARING,
}


_OF_EXCHANGE: tuple[type[Fact], ...] = (SandboxOpened, SignalsReceived, SnapshotAsked)


def sources(settings: Settings) -> tuple[Source, ...]:
    """Return what this service follows."""
    return (
        Source(
            stream=streams.stream_of("members"),
            subjects=tuple(map(streams.filter_of, _OF_MEMBERS)),
            handlers={fact.TYPE: handler for fact, handler in _OF_MEMBERS.items()},
        ),
        Source(
            stream=streams.stream_of("exchange"),
            subjects=tuple(map(streams.filter_of, _OF_EXCHANGE)),
            handlers={
                SandboxOpened.TYPE: on_sandbox,
                SignalsReceived.TYPE: on_signals(settings),
                SnapshotAsked.TYPE: on_snapshot(settings),
            },
        ),
        Source(
            stream=streams.stream_of("funding"),
            subjects=(streams.filter_of(PostFilled),),
            handlers={PostFilled.TYPE: on_post},
        ),
    )
