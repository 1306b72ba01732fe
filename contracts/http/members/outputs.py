"""Bodies of what came out of sessions."""

from datetime import datetime
from uuid import UUID

import msgspec

from contracts.events.members.sessions import OutputKind
from contracts.values import Label


class RecordOutput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What came out of a session: a need heard, an action or a strategy asked for, a way to go.

    `concerns` names what it is about elsewhere: a reported need, an action sheet, a delegation.
    """

    id: UUID | None = None
    kind: OutputKind
    text: Label
    concerns: Label | None = None


class SessionOutput(msgspec.Struct, frozen=True, kw_only=True):
    """What came out of a session."""

    id: UUID
    session: UUID
    kind: OutputKind
    text: str
    concerns: str | None
    recorded_at: datetime


class SessionOutputs(msgspec.Struct, frozen=True, kw_only=True):
    """A page of what came out, by id; `cursor` asks for the next one, null at the end."""

    items: list[SessionOutput]
    cursor: str | None = None
