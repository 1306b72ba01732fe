"""Questions about sessions, who is there, and their texts."""

from datetime import UTC, datetime
from uuid import UUID

from contracts.http.members.sessions import SessionState
from services.chassis.database import Connection
from services.members.errors.sessions import (
    MinutesAreNotWritten,
    NoSuchSession,
    ProxyIsAnothers,
)
from services.members.model import presence
from services.members.model.days import day_of
from services.members.model.minutes import Minutes, Signature, convocation_of
from services.members.model.sessions import Item, Session
from services.members.reads.pages import FIRST, page
from services.members.store import attendance, records
from services.members.store import sessions as store

BEGINNING = datetime(1, 1, 2, tzinfo=UTC)


async def session(connection: Connection, session_id: UUID) -> Session:
    """Return one session.

    Raises:
        NoSuchSession: there is none of this id.
    """
    found = await store.one(connection, session_id)
    if found is None:
        raise NoSuchSession(session_id)
    return found


async def session_home(connection: Connection, session_id: UUID) -> str:
    """Return the coordination of a session, so that the caller's right can be checked.

    Raises:
        NoSuchSession: there is none of this id.
    """
    return (await session(connection, session_id)).coordination


async def agenda(connection: Connection, session_id: UUID) -> list[Item]:
    """Return the agenda of a session, in order."""
    return await store.items_of(connection, session_id)


async def sessions(
    connection: Connection,
    coordination: str,
    *,
    committee: str | None,
    state: str | None,
    after: UUID | None,
    most: int,
) -> tuple[list[Session], UUID | None]:
    """Return a page of sessions by their beginning, after the one that is named.

    Raises:
        NoSuchSession: the one that is named is not there.
    """
    start = (BEGINNING, FIRST)
    if after is not None:
        last_seen = await session(connection, after)
        start = (last_seen.starts_at, last_seen.session_id)
    rows = await store.page_of(
        connection, coordination, committee=committee, state=state, after=start, most=most + 1
    )
    found, last = page(rows, most)
    return found, last.session_id if last else None


async def convocation(connection: Connection, session_id: UUID) -> str:
    """Return the convocation of a session, as a French text.

    Raises:
        NoSuchSession: there is none of this id.
    """
    found = await session(connection, session_id)
    return convocation_of(await records.record_of(connection, found))


async def minutes(connection: Connection, session_id: UUID, version: int | None) -> Minutes:
    """Return a version of the minutes, the last one when none is asked for.

    Raises:
        MinutesAreNotWritten: there is none.
    """
    found = await attendance.minutes(connection, session_id, version)
    if found is None:
        raise MinutesAreNotWritten(session_id)
    return found


async def minutes_versions(
    connection: Connection, session_id: UUID
) -> tuple[list[Minutes], list[Signature]]:
    """Return every version of the minutes without their texts, and who signed which."""
    versions = await attendance.minutes_versions(connection, session_id)
    return versions, await attendance.signatures(connection, session_id)


async def attendances(
    connection: Connection, session_id: UUID, *, after: tuple[UUID, datetime] | None, most: int
) -> tuple[list[presence.Presence], presence.Presence | None]:
    """Return a page of attendances by seat and arrival."""
    known = await attendance.attendances(connection, session_id)
    start = after or (FIRST, BEGINNING)
    return page([one for one in known if (one.attendee, one.present_from) > start], most)


async def proxies(
    connection: Connection, session_id: UUID, *, after: UUID | None, most: int
) -> tuple[list[presence.GivenProxy], UUID | None]:
    """Return a page of proxies by giver."""
    known = await attendance.proxies(connection, session_id)
    found, last = page([one for one in known if one.giver > (after or FIRST)], most)
    return found, last.giver if last else None


async def must_speak_for(
    connection: Connection, coordination: str, member: UUID, organization: str | None
) -> None:
    """Refuse a caller that gives or revokes the proxy of another organisation.

    Raises:
        ProxyIsAnothers: it does.
    """
    names = await store.names(connection, coordination, [member])
    if member not in names or names[member].organization != organization:
        raise ProxyIsAnothers


async def quorum(
    connection: Connection, found: Session, asked: presence.AskedQuorum, *, at: datetime
) -> tuple[presence.Measure, presence.MeetingRules, datetime]:
    """Measure the quorum of a session now, or as it was when it ended.

    Before it opens, the roll is the one its day would have.

    Raises:
        QuorumDoesNotFit: the quorum that is asked for is above 1.
    """
    if found.opened_at is None:
        roll = await store.roll_of_day(
            connection, found.coordination, found.committee, day_of(found.starts_at)
        )
    else:
        roll = await store.roll_of_session(connection, found.session_id)
    ended = found.state not in {SessionState.CONVENED, SessionState.OPEN}
    instant = min(at, found.closed_at) if ended and found.closed_at else at
    rules = presence.asked_rules(
        await store.rules_of(connection, found.coordination, call=found.call), asked
    )
    measured = presence.measure(
        roll,
        await attendance.attendances(connection, found.session_id),
        await attendance.proxies(connection, found.session_id),
        rules,
        at=instant,
    )
    return measured, rules, instant
