"""Bodies of the routes every service has for its upkeep: parked events, reconciliation."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

Why = Annotated[str, Meta(min_length=3, max_length=500)]
EventId = Annotated[str, Meta(min_length=1, max_length=1024)]


class Verb(StrEnum):
    """What is done with a parked event: tried again, left out, or replaced by another text."""

    REDRIVE = "redrive"
    DROP = "drop"
    EDIT = "edit"


class ParkedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event set aside: by which consumer, about what, why, since when. Never its content."""

    n: int
    """Its place in the order of the service that parked it."""
    consumer: str
    event_id: str
    aggregate: str
    type: str
    subject: str
    attempts: int
    error: str
    at: datetime


class Settle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to do with a parked event, by whom and why; `edited` is the text that replaces it."""

    consumer: Annotated[str, Meta(max_length=80)]
    event_id: EventId
    verb: Verb
    why: Why
    edited: Annotated[str, Meta(max_length=60_000)] | None = None


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one event: `redriven`, `dropped`, or `parked` still, and why."""

    event_id: str
    state: str
    error: str | None = None


class Reconciled(msgspec.Struct, frozen=True, kw_only=True):
    """A stream compared with the table it comes from.

    `missing` facts were put in line to be published again, under the same ids; `doubled` ones are
    there more than once, which consumers do not notice; `strangers` were never told by the service.
    """

    stream: str
    found: int
    missing: int
    doubled: int
    strangers: int
