"""Facts from other services that the portal follows, only to know what to show again."""

from collections.abc import Sequence

from contracts.envelope import Fact
from contracts.events.diagnostics import AreaUpdated, SignalsDecided
from contracts.events.exchange import SignalRefused
from contracts.events.funding import BlockPosted
from contracts.events.members import MemberConfirmed, OrganizationRenamed
from contracts.events.roadmap import ActionValidated
from contracts.streams import PUB, filter_of, stream_of
from services.chassis.consumer import Delivery, Handler, Source
from services.chassis.database import Connection
from services.portal import commands
from services.portal.model.topics import Topic

MOVES: dict[type[Fact], tuple[Topic, ...]] = {
    BlockPosted: (Topic.MONEY,),
    AreaUpdated: (Topic.DIAGNOSTIC,),
    SignalsDecided: (Topic.SIGNALS, Topic.PARTNERS),
    SignalRefused: (Topic.SIGNALS, Topic.PARTNERS),
    ActionValidated: (Topic.MONEY, Topic.ROADMAP),
    MemberConfirmed: (Topic.MEMBERS,),
    OrganizationRenamed: (Topic.MEMBERS, Topic.MONEY, Topic.PARTNERS),
}
"""Which topics of a coordination a fact makes old."""
PAUSE_SECONDS = 0.25
"""A page is told of a burst once, so the portal need not take its facts one by one."""
_PLACE = 2  # Of the coordination in every subject: see `contracts.streams`.


def coordination_of(subject: str) -> str:
    """Return the coordination a message is about; the body need not be read for it."""
    return subject.split(".")[_PLACE]


def _noting(topics: tuple[Topic, ...]) -> Handler:
    async def note(connection: Connection, run: Sequence[Delivery]) -> None:
        await commands.note_changes(
            connection,
            (
                (coordination_of(one.message.subject), topic, one.event.time)
                for one in run
                for topic in topics
            ),
        )

    return note


def _source(stream: str, *facts: type[Fact]) -> Source:
    return Source(
        stream=stream,
        pause_seconds=PAUSE_SECONDS,
        subjects=tuple(filter_of(fact) for fact in facts),
        handlers={fact.TYPE: _noting(MOVES[fact]) for fact in facts},
    )


SOURCES: tuple[Source, ...] = (
    _source(stream_of("funding"), BlockPosted),
    _source(stream_of("diagnostics"), AreaUpdated, SignalsDecided),
    _source(PUB, SignalRefused),
    _source(stream_of("roadmap"), ActionValidated),
    _source(stream_of("members"), MemberConfirmed, OrganizationRenamed),
)
