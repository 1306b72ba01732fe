"""Questions about how a coordination meets and decides."""

from datetime import datetime, timedelta
from uuid import UUID

from contracts.http.members.figures import Alert, AlertKind
from contracts.http.members.sessions import SessionState
from services.chassis.database import Connection
from services.members.model.days import day_of, written_day
from services.members.model.rhythm import (
    CameOrNot,
    LeadDays,
    LeadFigures,
    Returns,
    lateness,
    returns,
)
from services.members.model.sessions import Session
from services.members.reads.pages import FIRST, page
from services.members.reads.sessions import sessions
from services.members.store import figures as store

ALERTS_MAX = 1000
"""How many committees, and how many mandates, one coordination's alerts are looked for in."""
MANDATE_DAYS = 60


async def alerts(
    connection: Connection, coordination: str, *, now: datetime, after: int, most: int
) -> tuple[list[Alert], int | None]:
    """Return a page of alerts: committees that are late, then mandates that end soon."""
    today = day_of(now)
    found: list[Alert] = []
    for body in await store.rhythms(
        connection, coordination, now=now, after=(coordination, ""), most=ALERTS_MAX
    ):
        late = lateness(body, today=today)
        if late:
            found.append(
                Alert(
                    kind=AlertKind.COMMITTEE_IS_LATE,
                    due_on=late.missed_since,
                    is_late=True,
                    days=late.days,
                    committee=body.committee,
                    last_met_on=day_of(body.last_met_at) if body.last_met_at else None,
                    convened_for=body.convened_for,
                    detail=f"« {body.name} » devait se réunir avant le "
                    f"{written_day(late.missed_since)} ; convoquez une séance.",
                )
            )
    last_day = today + timedelta(days=MANDATE_DAYS)
    ending = await store.ending_mandates(connection, coordination, today, last_day, ALERTS_MAX)
    found += [
        Alert(
            kind=AlertKind.MANDATE_ENDS,
            due_on=one.ends_on,
            is_late=False,
            days=(one.ends_on - today).days,
            committee=one.committee,
            member=one.member_id,
            seat=one.seat_id,
            detail=f"Ce mandat prend fin le {written_day(one.ends_on)} ; "
            "préparez son renouvellement.",
        )
        for one in ending
    ]
    following = after + most
    return found[after:following], following if len(found) > following else None


async def lead_times(
    connection: Connection, coordination: str, *, after: UUID | None, most: int
) -> tuple[list[LeadDays], LeadFigures, UUID | None]:
    """Return a page of lead times by opinion, and the figures of all of them."""
    rows = await store.lead_times(connection, coordination, after or FIRST, most + 1)
    found, last = page(rows, most)
    figures = await store.lead_figures(connection, coordination)
    return found, figures, last.opinion_id if last else None


async def attendance(
    connection: Connection,
    coordination: str,
    *,
    committee: str | None,
    after: UUID | None,
    most: int,
) -> tuple[list[tuple[Session, list[Returns]]], UUID | None]:
    """Return a page of sessions that were held, with who came and who came back.

    Raises:
        NoSuchSession: the one to begin after is not there.
    """
    held, following = await sessions(
        connection,
        coordination,
        committee=committee,
        state=SessionState.HELD.value,
        after=after,
        most=most,
    )
    before = {one.session_id: await store.held_before(connection, one) for one in held}
    wanted = {one for one in (*before, *before.values()) if one}
    rolls: dict[UUID, list[CameOrNot]] = {}
    for entry in await store.came(connection, wanted):
        rolls.setdefault(entry.session_id, []).append(entry)
    found = []
    for one in held:
        previous = before[one.session_id]
        known = rolls.get(previous, []) if previous else []
        found.append((one, returns(rolls.get(one.session_id, []), known)))
    return found, following
