"""Bodies of the routes about events that services set aside, all services together."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.http.upkeep import EventId, ParkedEvent, Verb, Why

Service = Literal["members", "funding", "diagnostics", "roadmap", "exchange"]
Edited = Annotated[str, Meta(max_length=60_000)]


class ParkedItem(msgspec.Struct, frozen=True, kw_only=True):
    """An event set aside, the service that did, and its reason without the values in it."""

    service: Service
    reason: str
    event: ParkedEvent


class ParkedPage(msgspec.Struct, frozen=True, kw_only=True):
    """Events set aside, service by service, oldest first; `away` names services not heard."""

    items: list[ParkedItem]
    away: list[str]
    cursor: str | None = None


class ReasonGroup(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Events of one type that one consumer set aside for one reason."""

    service: Service
    consumer: Annotated[str, Meta(max_length=80)]
    type: Annotated[str, Meta(max_length=1024)]
    reason: Annotated[str, Meta(max_length=200)]


class CountedGroup(msgspec.Struct, frozen=True, kw_only=True):
    """A group, how many are in it and since when."""

    group: ReasonGroup
    count: int
    oldest_at: datetime


class ParkedGroups(msgspec.Struct, frozen=True, kw_only=True):
    """What was set aside, by reason; `away` names services not heard."""

    items: list[CountedGroup]
    away: list[str]


class ChosenEvent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One event set aside, by its service and consumer."""

    service: Service
    consumer: Annotated[str, Meta(max_length=80)]
    event_id: EventId


class AskRedrive(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to do, why, and on which events: chosen ones, or those of a group as it is now.

    The set is frozen under `id`: the same `id` again goes on with what is left of it. `edited`,
    for the verb `edit` and one event alone, is the JSON that replaces the event's data.
    """

    id: UUID
    verb: Verb = Verb.REDRIVE
    why: Why
    events: Annotated[list[ChosenEvent], Meta(min_length=1, max_length=500)] | None = None
    group: ReasonGroup | None = None
    edited: Edited | None = None

    def __post_init__(self) -> None:
        """Say what does not go together."""
        if (self.events is None) == (self.group is None):
            raise ValueError("give exactly one of events and group")


class RedriveItem(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one event of the set; null while it was not dealt with.

    `redriven`, `dropped`, `parked` again with its error, or `gone`: dealt with by someone else.
    `behind` events of its aggregate followed it.
    """

    service: str
    consumer: str
    event_id: str
    outcome: str | None
    error: str | None
    behind: int


class Redrive(msgspec.Struct, frozen=True, kw_only=True):
    """A frozen set of events set aside: who dealt with it, why, and how far it is."""

    id: UUID
    verb: Verb
    who: str
    why: str
    asked_at: datetime
    finished_at: datetime | None
    left: int
    items: list[RedriveItem]


class RedriveLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the log."""

    id: UUID
    verb: Verb
    who: str
    why: str
    asked_at: datetime
    finished_at: datetime | None
    events: int


class RedriveLog(msgspec.Struct, frozen=True, kw_only=True):
    """Who dealt with which events and why, latest first."""

    items: list[RedriveLine]
    cursor: str | None = None
