"""Facts from other services that the members service acts on."""

from collections.abc import Sequence

import msgspec

from contracts import streams
from contracts.events.exchange import PartnerKeysChanged
from services.chassis import ids
from services.chassis.consumer import Delivery, Source
from services.chassis.database import Connection
from services.members import commands


async def on_partner_keys(connection: Connection, run: Sequence[Delivery]) -> None:
    """Let institutions' systems ask for tokens under the keys they registered, and no other."""
    for one in run:
        fact = msgspec.json.decode(one.event.data, type=PartnerKeysChanged)
        await commands.admit_system(connection, fact, now=ids.now())


SOURCES: tuple[Source, ...] = (
    Source(
        stream=streams.stream_of("exchange"),
        subjects=(streams.filter_of(PartnerKeysChanged),),
        handlers={PartnerKeysChanged.TYPE: on_partner_keys},
    ),
)
