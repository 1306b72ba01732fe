"""Rows of sessions, and the rules of their convocation."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from contracts.http.members.sessions import AskItem, ConveneSession, SessionState
from services.members.errors.sessions import (
    AgendaIsAnothers,
    AgendaIsEmpty,
    NoticeIsShort,
    PresenterIsNotElected,
    SecondCallIsEarly,
    SessionStands,
    UrgencyIsUnexplained,
)
from services.members.model.days import day_of
from services.members.model.rules import must_be_plain, must_name_once

NOTICE_DAYS = 7
"""The notice of a first call, where the convocation gives none."""


class Session(msgspec.Struct, frozen=True):
    """Columns of a session, in the order of the queries."""

    coordination: str
    session_id: UUID
    committee: str | None
    title: str
    starts_at: datetime
    place: str | None
    notice_days: int
    call: int
    first_call: UUID | None
    state: str
    convened_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    minutes_sha256: str | None
    urgent_reason: str | None
    cancel_reason: str | None
    asked_sha256: str | None


class Item(msgspec.Struct, frozen=True):
    """Columns of an item of an agenda, in the order of the queries."""

    item_id: UUID
    position: int
    title: str
    kind: str
    presenter_seat: UUID | None
    presenter_member: UUID | None
    documents: list[str]


class MeetingBody(msgspec.Struct, frozen=True):
    """What a session needs to know of its committee, in the order of the query."""

    committee: str
    name: str
    type: str
    presenter_is_elected: bool
    state: str


class MeetingSeat(msgspec.Struct, frozen=True):
    """A seat and its mandate, in the order of the query."""

    seat_id: UUID
    member_id: UUID
    person_id: UUID
    committee: str | None
    rank: str
    kind: str
    valid_from: date
    valid_until: date | None

    def sits_on(self, day: date) -> bool:
        """Tell whether the mandate runs on a day; both its ends are in it."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


def digest(asked: msgspec.Struct, *apart: str) -> str:
    """Return the SHA-256 of what was asked, without the fields of `apart`."""
    told = {name: one for name, one in msgspec.to_builtins(asked).items() if name not in apart}
    return hashlib.sha256(msgspec.json.encode(told, order="sorted")).hexdigest()


def must_convene(asked: ConveneSession, *, notice_days: int, now: datetime) -> None:
    """Refuse a convocation without agenda or whose notice is not held.

    A notice of 7 days counts 7 times 24 hours from the convocation to the session.

    Raises:
        AgendaIsEmpty: a first call deals with nothing.
        UrgencyIsUnexplained: it is urgent without a reason, or has a reason without being urgent.
        NoticeIsShort: it is not urgent, and too soon.
        TextIsNotPlain, HoldsPersonalData, ValueRepeats: as elsewhere.
    """
    must_be_plain(asked, "title", "place", "urgent_reason")
    must_be_distinct(asked.agenda)
    if not asked.agenda and asked.first_call is None:
        raise AgendaIsEmpty
    if asked.urgent != (asked.urgent_reason is not None):
        raise UrgencyIsUnexplained
    if not asked.urgent and asked.starts_at - now < timedelta(days=notice_days):
        raise NoticeIsShort(asked.starts_at, notice_days=notice_days)


def must_be_distinct(agenda: Iterable[AskItem]) -> None:
    """Refuse items that hold personal data, or two of one id.

    Raises:
        TextIsNotPlain, HoldsPersonalData, ValueRepeats: they do.
    """
    asked = list(agenda)
    for one in asked:
        must_be_plain(one, "title")
        must_name_once("documents", one.documents)
    must_name_once("agenda", (str(one.id) for one in asked if one.id is not None))


def must_follow_call(
    asked: ConveneSession, first: Session, items: Sequence[Item], *, days: int
) -> None:
    """Refuse a second call that is early, of another committee, or that deals with something else.

    Raises:
        SessionStands: the first one had its quorum, or is itself a second call.
        SecondCallIsEarly: less than `days` days are between the two.
        AgendaIsAnothers: its committee or its agenda is not that of the first one.
    """
    if first.state != SessionState.INQUORATE or first.first_call is not None:
        raise SessionStands(first.session_id, state=first.state, to="suivie d'une seconde")
    if day_of(asked.starts_at) < day_of(first.starts_at) + timedelta(days=days):
        raise SecondCallIsEarly(day_of(first.starts_at) + timedelta(days=days))
    if asked.committee != first.committee:
        raise AgendaIsAnothers("committee")
    known = [(item.title, item.kind, item.documents) for item in items]
    if asked.agenda and [(one.title, one.kind, one.documents) for one in asked.agenda] != known:
        raise AgendaIsAnothers("agenda")


def must_be_elected(position: int, seat: MeetingSeat | None) -> None:
    """Refuse an item whose presenter holds no elected seat, where the committee wants one.

    Raises:
        PresenterIsNotElected: it has no presenter, or one of another kind.
    """
    if seat is None or seat.kind != "ELECTED":
        raise PresenterIsNotElected(position)


def must_be(session: Session, *states: SessionState, to: str) -> None:
    """Refuse a step that a session's state does not open.

    Raises:
        SessionStands: it is in none of `states`.
    """
    if session.state not in states:
        raise SessionStands(session.session_id, state=session.state, to=to)
