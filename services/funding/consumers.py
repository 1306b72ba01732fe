"""Facts from other services that the funding service acts on."""

from collections.abc import Sequence

import msgspec

from contracts.events.members import (
    CoordinationPlaced,
    FunderDecisionRecorded,
    OpinionAdopted,
    OrganizationRenamed,
)
from contracts.events.roadmap import ActionValidated
from contracts.streams import filter_of, stream_of
from services.chassis.consumer import Delivery, Source
from services.chassis.database import Connection
from services.funding import commands
from services.funding.commands import families

_ACTION = msgspec.json.Decoder(ActionValidated)
_OPINION = msgspec.json.Decoder(OpinionAdopted)
_DECISION = msgspec.json.Decoder(FunderDecisionRecorded)
_PLACED = msgspec.json.Decoder(CoordinationPlaced)
_RENAMED = msgspec.json.Decoder(OrganizationRenamed)


async def open_actions(connection: Connection, deliveries: Sequence[Delivery]) -> None:
    """Open the actions that were validated."""
    for one in deliveries:
        await commands.open_action(connection, _ACTION.decode(one.event.data))


async def keep_opinions(connection: Connection, deliveries: Sequence[Delivery]) -> None:
    """Keep the opinions that were adopted."""
    for one in deliveries:
        await commands.keep_opinion(connection, _OPINION.decode(one.event.data))


async def keep_decisions(connection: Connection, deliveries: Sequence[Delivery]) -> None:
    """Keep what funders decided."""
    for one in deliveries:
        await commands.keep_decision(connection, _DECISION.decode(one.event.data))


async def place_coordinations(connection: Connection, deliveries: Sequence[Delivery]) -> None:
    """Keep which coordination stands under which."""
    for one in deliveries:
        await families.place_coordination(connection, _PLACED.decode(one.event.data))


async def rename_organizations(connection: Connection, deliveries: Sequence[Delivery]) -> None:
    """Call funders and payees as their organisations are called."""
    for one in deliveries:
        await families.rename_organization(connection, _RENAMED.decode(one.event.data))


SOURCES: tuple[Source, ...] = (
    Source(
        stream=stream_of("roadmap"),
        subjects=(filter_of(ActionValidated),),
        handlers={ActionValidated.TYPE: open_actions},
    ),
    Source(
        stream=stream_of("members"),
        subjects=(
            filter_of(OpinionAdopted),
            filter_of(FunderDecisionRecorded),
            filter_of(CoordinationPlaced),
            filter_of(OrganizationRenamed),
        ),
        handlers={
            OpinionAdopted.TYPE: keep_opinions,
            FunderDecisionRecorded.TYPE: keep_decisions,
            CoordinationPlaced.TYPE: place_coordinations,
            OrganizationRenamed.TYPE: rename_organizations,
        },
    ),
)
