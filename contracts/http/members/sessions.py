"""Bodies of sessions: convocation, agenda, and the steps of a session."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.events.members.sessions import AgendaKind
from contracts.http.members.values import Sha256
from contracts.values import Label, Slug

Instant = Annotated[datetime, Meta(tz=True)]
Days = Annotated[int, Meta(ge=0, le=90)]


class SessionState(StrEnum):
    """Where a session stands."""

    CONVENED = "CONVENED"
    OPEN = "OPEN"
    HELD = "HELD"
    INQUORATE = "INQUORATE"
    CANCELLED = "CANCELLED"


class AskItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An item of the agenda, presented by a seat, by a member, or by nobody in particular.

    `documents` are the SHA-256 of what is handed out.
    """

    id: UUID | None = None
    title: Label
    kind: AgendaKind = AgendaKind.DEBATE
    presenter_seat: UUID | None = None
    presenter_member: UUID | None = None
    documents: Annotated[list[Sha256], Meta(max_length=20)] = []


class ConveneSession(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A session to convene: of a committee or, with none, of the colleges.

    The notice is held, unless `urgent` says why not in `urgent_reason`. A second call gives
    `first_call`, and no agenda or the same one.
    """

    id: UUID | None = None
    committee: Slug | None = None
    title: Label
    starts_at: Instant
    place: Label | None = None
    notice_days: Days | None = None
    urgent: bool = False
    urgent_reason: Label | None = None
    first_call: UUID | None = None
    agenda: Annotated[list[AskItem], Meta(max_length=50)] = []


class ChangeAgenda(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole agenda, in its new order."""

    agenda: Annotated[list[AskItem], Meta(min_length=1, max_length=50)]


class CancelSession(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a session will not take place."""

    reason: Label


class AgendaItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item of the agenda, at its place."""

    id: UUID
    position: int
    title: str
    kind: AgendaKind
    presenter_seat: UUID | None
    presenter_member: UUID | None
    documents: list[str]


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A session as it stands; `minutes_sha256` is known once it was held."""

    id: UUID
    coordination: str
    committee: str | None
    title: str
    starts_at: datetime
    place: str | None
    notice_days: int
    urgent_reason: str | None
    call: int
    first_call: UUID | None
    state: SessionState
    convened_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    cancel_reason: str | None
    minutes_sha256: str | None
    agenda: list[AgendaItem]


class SessionSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A session in a list, without its agenda."""

    id: UUID
    committee: str | None
    title: str
    starts_at: datetime
    place: str | None
    call: int
    state: SessionState
    minutes_sha256: str | None


class Sessions(msgspec.Struct, frozen=True, kw_only=True):
    """A page of sessions by their beginning; `cursor` asks for the next one, null at the end."""

    items: list[SessionSummary]
    cursor: str | None = None


class SignMinutes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """As whom the caller signs, and which version; the last one when none is given."""

    quality: "SigningQuality"
    version: Annotated[int, Meta(ge=1, le=100)] | None = None


class SigningQuality(StrEnum):
    """As whom minutes are signed."""

    CHAIR = "CHAIR"
    SECRETARY = "SECRETARY"


class CorrectMinutes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the minutes should have said; `corrects_sha256` is of the version that is corrected."""

    corrects_sha256: Sha256
    reason: Label
    corrections: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=1000)]], Meta(min_length=1, max_length=50)
    ]


class MinutesSignature(msgspec.Struct, frozen=True, kw_only=True):
    """Who signed, as whom and when."""

    subject: str
    quality: SigningQuality
    signed_at: datetime


class MinutesVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A version of the minutes, without its text."""

    version: int
    sha256: str
    corrects_sha256: str | None
    reason: str | None
    made_at: datetime
    signatures: list[MinutesSignature]


class MinutesVersions(msgspec.Struct, frozen=True, kw_only=True):
    """Every version of a session's minutes, from the first; there are at most 100."""

    items: list[MinutesVersion]
    cursor: str | None = None
