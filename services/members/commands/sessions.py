"""Convene sessions, change their agenda, open them, find them without quorum, cancel them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from contracts.events.members.sessions import (
    AgendaChanged,
    AgendaEntry,
    AgendaKind,
    SessionCancelled,
    SessionConvened,
    SessionLackedQuorum,
)
from contracts.http.members import sessions as bodies
from contracts.http.members.sessions import SessionState
from services.chassis import outbox
from services.chassis.database import Connection
from services.members.commands.seats import SOURCE, coordination_of
from services.members.errors.records import RecordDiffers
from services.members.errors.sessions import (
    AgendaIsAnothers,
    NoSuchBody,
    NoSuchMember,
    NoSuchSeat,
    NoSuchSession,
    QuorumHolds,
    SecondCallExists,
    SessionHasBegun,
    SessionIsNotToday,
)
from services.members.model import presence, rules
from services.members.model import sessions as model
from services.members.model.days import day_of
from services.members.store import attendance as room
from services.members.store import sessions as store


async def locked_session(connection: Connection, session_id: UUID) -> model.Session:
    """Return a session, held until the transaction ends.

    Raises:
        NoSuchSession: there is none of this id.
    """
    found = await store.one(connection, session_id, lock=True)
    if found is None:
        raise NoSuchSession(session_id)
    return found


async def convene_session(
    connection: Connection,
    coordination: str,
    asked: bodies.ConveneSession,
    *,
    session_id: UUID,
    now: datetime,
    new_id: Callable[[], UUID],
) -> tuple[model.Session, list[model.Item]]:
    """Convene a session and tell the other services; the same again answers what it has become.

    Raises:
        RecordDiffers: the id names a session with another content.
        NoSuchCoordination, NoSuchBody, NoSuchSession: what it belongs to is not there.
        NoticeIsShort, AgendaIsEmpty, UrgencyIsUnexplained: as `model.must_convene`.
        NoSuchSeat, NoSuchMember, PresenterIsNotElected: a presenter does not fit.
        SessionStands, SecondCallIsEarly, SecondCallExists, AgendaIsAnothers: of a second call.
    """
    asked_sha256 = model.digest(asked, "id")
    async with connection.transaction():
        await coordination_of(connection, coordination)
        if await store.one(connection, session_id) is not None:
            return await _known(connection, coordination, session_id, asked_sha256)
        items, notice_days = await _agenda_of_call(connection, coordination, asked, now, new_id)
        row = _convened(coordination, asked, session_id, notice_days=notice_days, now=now)
        if not await store.add(connection, row):  # The same was asked at the same instant.
            return await _known(connection, coordination, session_id, asked_sha256)
        await store.put_items(connection, coordination, session_id, items)
        fact = SessionConvened(
            coordination=coordination,
            session_id=session_id,
            committee=row.committee,
            title=row.title,
            starts_at=row.starts_at,
            call=row.call,
            first_call=row.first_call,
            agenda=_told(items),
        )
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
    return row, items


def _convened(
    coordination: str,
    asked: bodies.ConveneSession,
    session_id: UUID,
    *,
    notice_days: int,
    now: datetime,
) -> model.Session:
    return model.Session(
        coordination=coordination,
        session_id=session_id,
        committee=asked.committee,
        title=asked.title,
        starts_at=asked.starts_at,
        place=asked.place,
        notice_days=notice_days,
        call=2 if asked.first_call else 1,
        first_call=asked.first_call,
        state=SessionState.CONVENED.value,
        convened_at=now,
        opened_at=None,
        closed_at=None,
        minutes_sha256=None,
        urgent_reason=asked.urgent_reason,
        cancel_reason=None,
        asked_sha256=model.digest(asked, "id"),
    )


async def _known(
    connection: Connection, coordination: str, session_id: UUID, asked_sha256: str
) -> tuple[model.Session, list[model.Item]]:
    known = await store.one(connection, session_id)
    assert known is not None, "its id is taken, and no session is ever removed"
    if (known.coordination, known.asked_sha256) != (coordination, asked_sha256):
        raise RecordDiffers("La séance", session_id)
    return known, await store.items_of(connection, session_id)


async def _agenda_of_call(
    connection: Connection,
    coordination: str,
    asked: bodies.ConveneSession,
    now: datetime,
    new_id: Callable[[], UUID],
) -> tuple[list[model.Item], int]:
    """Return the agenda of what is convened, and the notice that is due."""
    if asked.first_call is None:
        notice_days = model.NOTICE_DAYS if asked.notice_days is None else asked.notice_days
        model.must_convene(asked, notice_days=notice_days, now=now)
        return await _items(connection, coordination, asked.committee, asked, new_id), notice_days
    meeting_rules = await store.rules_of(connection, coordination)
    days = meeting_rules.second_call_days
    notice_days = min(days, model.NOTICE_DAYS) if asked.notice_days is None else asked.notice_days
    model.must_convene(asked, notice_days=notice_days, now=now)
    first = await locked_session(connection, asked.first_call)
    if first.coordination != coordination:
        raise NoSuchSession(asked.first_call)
    items = await store.items_of(connection, first.session_id)
    model.must_follow_call(asked, first, items, days=days)
    if await store.second_call(connection, first.session_id) is not None:
        raise SecondCallExists(first.session_id)
    return items, notice_days


async def _items(
    connection: Connection,
    coordination: str,
    committee: str | None,
    asked: bodies.ConveneSession | bodies.ChangeAgenda,
    new_id: Callable[[], UUID],
    *,
    on: datetime | None = None,
) -> list[model.Item]:
    starts_at = asked.starts_at if isinstance(asked, bodies.ConveneSession) else on
    assert starts_at is not None, "an agenda is of a session that has its day"
    body = await store.body(connection, coordination, committee) if committee else None
    if committee and (body is None or body.state != "ACTIVE"):
        raise NoSuchBody(committee)
    wanted = {one.presenter_seat for one in asked.agenda if one.presenter_seat}
    seats = {one.seat_id: one for one in await store.seats(connection, coordination, wanted)}
    named = {one.presenter_member for one in asked.agenda if one.presenter_member}
    members = await store.names(connection, coordination, named)
    items = []
    for position, one in enumerate(asked.agenda, start=1):
        field = f"agenda[{position - 1}]"
        seat = seats.get(one.presenter_seat) if one.presenter_seat else None
        if one.presenter_seat and (seat is None or not seat.sits_on(day_of(starts_at))):
            raise NoSuchSeat(f"{field}.presenter_seat", one.presenter_seat)
        if one.presenter_member and one.presenter_member not in members:
            raise NoSuchMember(f"{field}.presenter_member", one.presenter_member)
        if seat and one.presenter_member not in {None, seat.member_id}:
            raise NoSuchSeat(f"{field}.presenter_seat", one.presenter_seat)
        if body is not None and body.presenter_is_elected:
            model.must_be_elected(position, seat)
        items.append(
            model.Item(
                item_id=one.id or new_id(),
                position=position,
                title=one.title,
                kind=one.kind.value,
                presenter_seat=one.presenter_seat,
                presenter_member=seat.member_id if seat else one.presenter_member,
                documents=one.documents,
            )
        )
    return items


def _told(items: Sequence[model.Item]) -> list[AgendaEntry]:
    return [
        AgendaEntry(item_id=one.item_id, title=one.title, kind=AgendaKind(one.kind))
        for one in items
    ]


async def change_agenda(
    connection: Connection,
    session_id: UUID,
    asked: bodies.ChangeAgenda,
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> tuple[model.Session, list[model.Item]]:
    """Replace the agenda of a session that has not begun and tell the other services.

    Raises:
        NoSuchSession, SessionStands: there is none, or it is past that.
        SessionHasBegun: its hour is past.
        AgendaIsAnothers: it is a second call, whose agenda is that of the first.
        NoSuchSeat, NoSuchMember, PresenterIsNotElected: a presenter does not fit.
    """
    model.must_be_distinct(asked.agenda)
    async with connection.transaction():
        found = await locked_session(connection, session_id)
        model.must_be(found, SessionState.CONVENED, to="modifiée")
        if found.starts_at <= now:
            raise SessionHasBegun
        if found.first_call is not None:
            raise AgendaIsAnothers("agenda")
        items = await _items(
            connection, found.coordination, found.committee, asked, new_id, on=found.starts_at
        )
        await store.put_items(connection, found.coordination, session_id, items)
        fact = AgendaChanged(
            coordination=found.coordination, session_id=session_id, agenda=_told(items)
        )
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
    return found, items


async def open_session(connection: Connection, session_id: UUID, *, now: datetime) -> model.Session:
    """Open a session on its day and keep who counts for its quorum; again, nothing changes.

    Raises:
        NoSuchSession, SessionStands: there is none, or it is past that.
        SessionIsNotToday: its day has not come.
    """
    async with connection.transaction():
        found = await locked_session(connection, session_id)
        if found.state == SessionState.OPEN:
            return found
        model.must_be(found, SessionState.CONVENED, to="ouverte")
        if day_of(now) < day_of(found.starts_at):
            raise SessionIsNotToday(day_of(found.starts_at))
        roll = await store.roll_of_day(connection, found.coordination, found.committee, day_of(now))
        await store.freeze_roll(connection, found.coordination, session_id, roll)
        opened = msgspec.structs.replace(found, state=SessionState.OPEN.value, opened_at=now)
        await store.move(connection, opened)
    return opened


async def find_inquorate(
    connection: Connection,
    session_id: UUID,
    asked: presence.AskedQuorum,
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> model.Session:
    """End a session that lacks its quorum and tell the other services; again, nothing changes.

    Raises:
        NoSuchSession, SessionStands: there is none, or it is not open.
        QuorumHolds: its quorum is there now.
    """
    async with connection.transaction():
        found = await locked_session(connection, session_id)
        if found.state == SessionState.INQUORATE:
            return found
        model.must_be(found, SessionState.OPEN, to="sans quorum")
        meeting_rules = presence.asked_rules(
            await store.rules_of(connection, found.coordination, call=found.call), asked
        )
        measured = presence.measure(
            await store.roll_of_session(connection, session_id),
            await room.attendances(connection, session_id),
            await room.proxies(connection, session_id),
            meeting_rules,
            at=now,
        )
        if measured.holds:
            raise QuorumHolds(measured.score, meeting_rules.quorum)
        ended = msgspec.structs.replace(found, state=SessionState.INQUORATE.value, closed_at=now)
        await store.move(connection, ended)
        fact = SessionLackedQuorum(
            coordination=found.coordination,
            session_id=session_id,
            committee=found.committee,
            found_on=day_of(now),
        )
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
    return ended


async def cancel_session(
    connection: Connection,
    session_id: UUID,
    asked: bodies.CancelSession,
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> model.Session:
    """Cancel a session that was not opened and tell the other services; again, nothing changes.

    Raises:
        NoSuchSession, SessionStands: there is none, or it is past that.
        RecordDiffers: it was cancelled for another reason.
    """
    rules.must_be_plain(asked, "reason")
    async with connection.transaction():
        found = await locked_session(connection, session_id)
        if found.state == SessionState.CANCELLED:
            if found.cancel_reason != asked.reason:
                raise RecordDiffers("La séance", session_id, field="reason")
            return found
        model.must_be(found, SessionState.CONVENED, to="annulée")
        cancelled = msgspec.structs.replace(
            found, state=SessionState.CANCELLED.value, closed_at=now, cancel_reason=asked.reason
        )
        await store.move(connection, cancelled)
        fact = SessionCancelled(
            coordination=found.coordination, session_id=session_id, reason=asked.reason
        )
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
    return cancelled
