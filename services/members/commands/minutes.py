"""Close sessions, write their minutes once, sign and correct them."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec

from contracts.events.members.sessions import MinutesCorrected, SessionHeld
from contracts.http.members import sessions as bodies
from contracts.http.members.sessions import SessionState
from services.chassis import outbox
from services.chassis.database import Connection
from services.members.commands.seats import SOURCE
from services.members.commands.sessions import locked_session
from services.members.errors.records import RecordDiffers
from services.members.errors.sessions import MinutesAreNotWritten, MinutesMoved
from services.members.model import presence
from services.members.model.days import day_of
from services.members.model.minutes import (
    Held,
    Minutes,
    Signature,
    corrected,
    minutes_of,
    sha256_of,
)
from services.members.model.rules import must_be_plain
from services.members.model.sessions import Session, digest, must_be
from services.members.store import attendance as store
from services.members.store import priorities, records, sessions


async def close_session(
    connection: Connection, session_id: UUID, *, now: datetime, new_id: Callable[[], UUID]
) -> Session:
    """Close a session, write its minutes and tell the other services; again, nothing changes.

    The minutes are written from what was recorded until now, and are the same ever after.

    Raises:
        NoSuchSession, SessionStands: there is none, or it is not open.
    """
    async with connection.transaction():
        found = await locked_session(connection, session_id)
        if found.state == SessionState.HELD:
            return found
        must_be(found, SessionState.OPEN, to="tenue ; ouvrez-la d'abord")
        held = await _held(connection, found, now)
        record = await records.record_of(
            connection,
            found,
            {one.member_id for one in held.roll}
            | {one.member_id for one in held.presences}
            | {member for one in held.proxies for member in (one.giver, one.holder)}
            | {one.member_id for one in held.remarks if one.member_id},
        )
        text = minutes_of(record, held)
        first = Minutes(1, text, sha256_of(text), None, None, None, now)
        await store.add_minutes(connection, found.coordination, session_id, first)
        closed = msgspec.structs.replace(
            found, state=SessionState.HELD.value, closed_at=now, minutes_sha256=first.sha256
        )
        await sessions.move(connection, closed)
        fact = SessionHeld(
            coordination=found.coordination,
            session_id=session_id,
            committee=found.committee,
            held_on=day_of(found.starts_at),
            minutes_sha256=first.sha256,
        )
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
    return closed


async def _held(connection: Connection, session: Session, now: datetime) -> Held:
    roll = await sessions.roll_of_session(connection, session.session_id)
    presences = await store.attendances(connection, session.session_id)
    proxies = await store.proxies(connection, session.session_id)
    rules = await sessions.rules_of(connection, session.coordination, call=session.call)
    opinions = await store.opinions_of(connection, session.session_id)
    reached_at, reached = presence.best(roll, presences, proxies, rules, until=now)
    return Held(
        closed_at=now,
        roll=roll,
        presences=presences,
        proxies=proxies,
        rules=rules,
        reached_at=reached_at,
        reached=reached,
        opinions=opinions,
        remarks=await priorities.remarks(
            connection, session.coordination, {one.opinion_id for one in opinions}
        ),
    )


async def sign_minutes(
    connection: Connection,
    session_id: UUID,
    asked: bodies.SignMinutes,
    *,
    subject: str,
    now: datetime,
) -> None:
    """Keep who signed a version of the minutes, and when; again, nothing changes.

    Raises:
        NoSuchSession, MinutesAreNotWritten: there is none.
        RecordDiffers: the subject signed this version in another quality.
    """
    async with connection.transaction():
        session = await locked_session(connection, session_id)
        found = await store.minutes(connection, session_id, asked.version)
        if found is None:
            raise MinutesAreNotWritten(session_id)
        signature = Signature(found.version, subject, asked.quality.value, now)
        if await store.sign(connection, session.coordination, session_id, signature):
            return
        known = {
            (one.version, one.subject): one.quality
            for one in await store.signatures(connection, session_id)
        }
        if known[found.version, subject] != asked.quality:
            raise RecordDiffers("La signature de la version", found.version, field="quality")


async def correct_minutes(
    connection: Connection,
    session_id: UUID,
    asked: bodies.CorrectMinutes,
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> None:
    """Write the next version of the minutes, which cites the one it corrects, and tell it.

    Asked again, nothing changes: the version it made is there.

    Raises:
        NoSuchSession, MinutesAreNotWritten: there is none.
        MinutesMoved: the version that is corrected is not the last one.
    """
    must_be_plain(asked, "reason")
    for one in asked.corrections:
        must_be_plain(bodies.CancelSession(reason=one), "reason")
    asked_sha256 = digest(asked)
    async with connection.transaction():
        session = await locked_session(connection, session_id)
        last = await store.minutes(connection, session_id)
        if last is None:
            raise MinutesAreNotWritten(session_id)
        if last.asked_sha256 == asked_sha256:
            return
        if last.sha256 != asked.corrects_sha256:
            raise MinutesMoved(last.sha256)
        text = corrected(last, reason=asked.reason, corrections=asked.corrections)
        following = Minutes(
            last.version + 1, text, sha256_of(text), last.sha256, asked_sha256, asked.reason, now
        )
        await store.add_minutes(connection, session.coordination, session_id, following)
        fact = MinutesCorrected(
            coordination=session.coordination,
            session_id=session_id,
            version=following.version,
            minutes_sha256=following.sha256,
            corrects_sha256=last.sha256,
        )
        await outbox.put(connection, [fact], source=SOURCE, now=now, new_id=new_id)
