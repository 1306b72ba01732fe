"""Facts from other services that the diagnostics service acts on."""

from collections.abc import Sequence
from functools import partial
from itertools import groupby

import msgspec

from contracts import streams
from contracts.events.exchange import SandboxOpened, SignalsReceived
from contracts.events.members import CoordinationFounded
from services.chassis import ids
from services.chassis.consumer import Delivery, Handler, Source
from services.chassis.database import Connection
from services.diagnostics import commands
from services.diagnostics.commands import geography
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


def sources(settings: Settings) -> tuple[Source, ...]:
    """Return what this service follows."""
    return (
        Source(
            stream=streams.stream_of("members"),
            subjects=(streams.filter_of(CoordinationFounded),),
            handlers={CoordinationFounded.TYPE: on_coordination},
        ),
        Source(
            stream=streams.stream_of("exchange"),
            subjects=(streams.filter_of(SandboxOpened), streams.filter_of(SignalsReceived)),
            handlers={
                SandboxOpened.TYPE: on_sandbox,
                SignalsReceived.TYPE: on_signals(settings),
            },
        ),
    )
