"""Record who is in the room, and the proxies of those who are not."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from contracts.events.members.sessions import ProxyGiven, ProxyRevoked
from contracts.http.members import attendance as bodies
from contracts.http.members.sessions import SessionState
from services.chassis import outbox
from services.chassis.database import Connection
from services.chassis.errors import Refusal
from services.members.commands.seats import SOURCE
from services.members.commands.sessions import locked_session
from services.members.errors.records import RecordDiffers
from services.members.errors.sessions import (
    AttendanceDiffers,
    HoursAreReversed,
    NoSuchMember,
    NoSuchProxy,
    NoSuchSeat,
    ProxyIsDatedAfter,
    SeatIsAnothers,
)
from services.members.model import presence
from services.members.model.days import day_of
from services.members.model.sessions import MeetingSeat, Session, must_be
from services.members.store import attendance as store
from services.members.store import sessions


async def record_attendance(
    connection: Connection, session_id: UUID, asked: bodies.RecordAttendance, *, now: datetime
) -> list[bodies.AttendanceAnswer]:
    """Record who is in the room, item by item: what is wrong is refused, the rest is kept.

    An item that is known changes nothing; one that comes back after it left is kept beside. The
    seat that counts for a member is said of the whole list, once it is recorded.

    Raises:
        NoSuchSession, SessionStands: there is none, or it is not open.
    """
    async with connection.transaction():
        session = await locked_session(connection, session_id)
        must_be(session, SessionState.OPEN, to="pointée ; ouvrez-la d'abord")
        desk = await _desk(connection, session, asked.items, now)
        answers = [desk.answer(index, one) for index, one in enumerate(asked.items)]
        changed = list(desk.changed.values())
        await store.put_attendances(connection, session.coordination, session_id, changed, now=now)
    here = presence.counted(desk.known.values(), now)
    return [
        msgspec.structs.replace(
            answer,
            counts=answer.member in desk.roll
            and answer.member in here
            and here[answer.member].attendee == attendee,
        )
        for answer, attendee in answers
    ]


async def _desk(
    connection: Connection, session: Session, asked: Sequence[bodies.Attend], now: datetime
) -> "_Desk":
    seats = await sessions.seats(
        connection,
        session.coordination,
        {one.seat for one in asked if one.seat},
        {one.person for one in asked if one.person},
    )
    roll = await sessions.roll_of_session(connection, session.session_id)
    members = await sessions.roll_of_day(connection, session.coordination, None, day_of(now))
    known = await store.attendances(connection, session.session_id)
    return _Desk(
        session=session,
        now=now,
        roll={one.member_id for one in roll},
        members={one.member_id for one in (*members, *roll)},
        seats=seats,
        known={(one.attendee, one.present_from): one for one in known},
    )


class _Desk:
    """The desk at the door: what it knows, and what it wrote down."""

    def __init__(
        self,
        *,
        session: Session,
        now: datetime,
        roll: set[UUID],
        members: set[UUID],
        seats: Sequence[MeetingSeat],
        known: dict[tuple[UUID, datetime], presence.Presence],
    ) -> None:
        self.session, self.now, self.roll, self.members = session, now, roll, members
        self.seats, self.known = seats, known
        self.changed: dict[tuple[UUID, datetime], presence.Presence] = {}

    def answer(self, index: int, asked: bodies.Attend) -> tuple[bodies.AttendanceAnswer, UUID]:
        """Write one item down; return its answer, and whose presence it is."""
        try:
            seat = self._seat(asked)
            is_new = self._write(asked, seat)
        except Refusal as refusal:
            refused = bodies.AttendanceAnswer(
                index=index,
                member=asked.member,
                status=bodies.AttendanceStatus.REFUSED,
                code=refusal.code,
                field=refusal.field,
                detail=str(refusal),
            )
            return refused, UUID(int=0)
        status = bodies.AttendanceStatus
        answer = bodies.AttendanceAnswer(
            index=index,
            member=asked.member,
            status=status.RECORDED if is_new else status.EXISTS,
            rank=bodies.SeatRank(seat.rank) if seat else None,
        )
        return answer, seat.seat_id if seat else asked.member

    def _seat(self, asked: bodies.Attend) -> MeetingSeat | None:
        if asked.member not in self.members:
            raise NoSuchMember("member", asked.member)
        if asked.seat is None and asked.person is None:
            return None
        field = "seat" if asked.seat else "person"
        named = [
            one
            for one in self.seats
            if (one.seat_id == asked.seat if asked.seat else one.person_id == asked.person)
            and one.sits_on(day_of(self.now))
        ]
        if not named:
            raise NoSuchSeat(field, asked.seat or asked.person)
        own = [one for one in named if one.member_id == asked.member]
        if not own:
            raise SeatIsAnothers(field, asked.member)
        here = [one for one in own if one.committee == self.session.committee]
        return min(here or own, key=lambda one: (one.rank != "HOLDER", one.seat_id))

    def _write(self, asked: bodies.Attend, seat: MeetingSeat | None) -> bool:
        attendee = seat.seat_id if seat else asked.member
        stays = sorted(
            (one for one in self.known.values() if one.attendee == attendee),
            key=lambda one: one.present_from,
        )
        last = stays[-1] if stays else None
        begins = asked.present_from
        same = last and begins in {None, last.present_from}
        if last and same and asked.left_at == last.left_at:
            return False
        if last and same and last.left_at is None:
            return self._keep(msgspec.structs.replace(last, left_at=asked.left_at))
        begins = begins or self.now
        if last and (last.left_at is None or begins < last.left_at):
            raise AttendanceDiffers(last.present_from)
        return self._keep(
            presence.Presence(
                attendee=attendee,
                present_from=begins,
                member_id=asked.member,
                seat_id=seat.seat_id if seat else None,
                rank=seat.rank if seat else None,
                kind=seat.kind if seat else None,
                left_at=asked.left_at,
            )
        )

    def _keep(self, found: presence.Presence) -> bool:
        if found.present_from > self.now:
            raise HoursAreReversed("present_from")
        if found.left_at and not found.present_from <= found.left_at <= self.now:
            raise HoursAreReversed("left_at")
        self.known[found.attendee, found.present_from] = found
        self.changed[found.attendee, found.present_from] = found
        return True


async def _roll(connection: Connection, session: Session) -> Mapping[UUID, presence.RollEntry]:
    """Return who counts: as frozen when it opened, or as it would be on its day."""
    if session.state == SessionState.OPEN:
        roll = await sessions.roll_of_session(connection, session.session_id)
    else:
        day = day_of(session.starts_at)
        roll = await sessions.roll_of_day(connection, session.coordination, session.committee, day)
    return {one.member_id: one for one in roll}


async def give_proxy(
    connection: Connection,
    session_id: UUID,
    asked: bodies.GiveProxy,
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> presence.GivenProxy:
    """Keep a proxy for one session and tell the other services; the same again changes nothing.

    The session is held meanwhile, so that no holder is ever above the limit.

    Raises:
        NoSuchSession, SessionStands: there is none, or it is over.
        ProxyIsDatedAfter: it is dated in the future, or after its session.
        ProxyIsNotOpen: as `presence.must_be_given`.
        RecordDiffers: the giver's proxy is held by another one, or of another day.
    """
    async with connection.transaction():
        session = await locked_session(connection, session_id)
        must_be(session, SessionState.CONVENED, SessionState.OPEN, to="pourvue d'un pouvoir")
        last = min(day_of(now), day_of(session.starts_at))
        if asked.given_on > last:
            raise ProxyIsDatedAfter(last)
        proxies = await store.proxies(connection, session_id)
        given = presence.GivenProxy(asked.giver, asked.holder, asked.given_on, None)
        if given in proxies:
            return given
        if any(one.giver == asked.giver and one.revoked_at is None for one in proxies):
            raise RecordDiffers("Le pouvoir de", asked.giver, field="giver")
        rules = await sessions.rules_of(connection, session.coordination)
        presence.must_be_given(
            asked.giver,
            asked.holder,
            await _roll(connection, session),
            proxies,
            most=rules.proxies_max,
        )
        await store.put_proxy(connection, session.coordination, session_id, given, now=now)
        fact = ProxyGiven(
            coordination=session.coordination,
            session_id=session_id,
            giver=asked.giver,
            holder=asked.holder,
            given_on=asked.given_on,
        )
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
    return given


async def revoke_proxy(
    connection: Connection,
    session_id: UUID,
    giver: UUID,
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> presence.GivenProxy:
    """Revoke a proxy and tell the other services; again, nothing changes.

    Raises:
        NoSuchSession, SessionStands: there is none, or it is over.
        NoSuchProxy: the giver gave none.
    """
    async with connection.transaction():
        session = await locked_session(connection, session_id)
        proxies = await store.proxies(connection, session_id)
        found = next((one for one in proxies if one.giver == giver), None)
        if found is None:
            raise NoSuchProxy(giver)
        if found.revoked_at is not None:
            return found
        must_be(session, SessionState.CONVENED, SessionState.OPEN, to="privée d'un pouvoir")
        await store.revoke_proxy(connection, session_id, giver, now=now)
        fact = ProxyRevoked(
            coordination=session.coordination,
            session_id=session_id,
            giver=giver,
            holder=found.holder,
            revoked_on=day_of(now),
        )
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
    return msgspec.structs.replace(found, revoked_at=now)
