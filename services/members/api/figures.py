"""Routes of alerts and figures about how a coordination meets and decides."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get
from litestar.params import Parameter

from contracts.http.members import figures as bodies
from contracts.values import College
from services.chassis import ids
from services.chassis.http import TheService
from services.members.api.asking import READ, Limit, Named, Slug
from services.members.model.rhythm import Returns
from services.members.model.sessions import Session
from services.members.reads import figures as reads

Offset = Annotated[int, Parameter(ge=0, le=2000)]


def _college(one: Returns) -> bodies.CollegeAttendance:
    return bodies.CollegeAttendance(
        college=College(one.college),
        roll=one.roll,
        present=one.present,
        represented=one.represented,
        share=None if one.share is None else str(one.share),
        returned=one.returned,
        retention=None if one.retention is None else str(one.retention),
    )


def _session(row: Session, found: list[Returns]) -> bodies.SessionAttendance:
    whole = Returns(
        college="",
        roll=sum(one.roll for one in found),
        present=sum(one.present for one in found),
        represented=sum(one.represented for one in found),
        returned=sum(one.returned for one in found),
        before=sum(one.before for one in found),
    )
    return bodies.SessionAttendance(
        session=row.session_id,
        title=row.title,
        starts_at=row.starts_at,
        present=whole.present,
        returned=whole.returned,
        retention=None if whole.retention is None else str(whole.retention),
        colleges=[_college(one) for one in found],
    )


class Figures(Controller):
    """What to look after, and how a coordination meets and decides."""

    tags = ("Séances",)

    @get("/v1/coordinations/{coordination:str}/alerts", opt=READ.opt())
    async def alerts(
        self, service: TheService, coordination: Slug, limit: Limit = 50, cursor: Offset = 0
    ) -> bodies.Alerts:
        """Return committees that do not meet as they said, and mandates that end in 60 days."""
        async with service.read() as connection:
            found, more = await reads.alerts(
                connection, coordination, now=ids.now(), after=cursor, most=limit
            )
        return bodies.Alerts(items=found, cursor=None if more is None else str(more))

    @get("/v1/coordinations/{coordination:str}/metrics/lead-times", opt=READ.opt())
    async def lead_times(
        self, service: TheService, coordination: Slug, limit: Limit = 50, cursor: UUID | None = None
    ) -> bodies.LeadTimes:
        """Return the days from convocation to adoption, opinion by opinion, and their median."""
        async with service.read() as connection:
            found, figures, more = await reads.lead_times(
                connection, coordination, after=cursor, most=limit
            )
        return bodies.LeadTimes(
            items=[
                bodies.LeadTime(
                    opinion=one.opinion_id,
                    title=one.title,
                    session=one.session_id,
                    convened_on=one.convened_on,
                    adopted_on=one.adopted_on,
                    days=(one.adopted_on - one.convened_on).days,
                )
                for one in found
            ],
            count=figures.found,
            median_days=figures.median_days,
            cursor=str(more) if more else None,
        )

    @get("/v1/coordinations/{coordination:str}/metrics/attendance", opt=READ.opt())
    async def attendance(
        self,
        service: TheService,
        coordination: Slug,
        committee: Named = None,
        limit: Limit = 50,
        cursor: UUID | None = None,
    ) -> bodies.AttendanceFigures:
        """Return, by session held, who came and who came back, by college."""
        async with service.read() as connection:
            found, more = await reads.attendance(
                connection, coordination, committee=committee, after=cursor, most=limit
            )
        return bodies.AttendanceFigures(
            items=[_session(row, colleges) for row, colleges in found],
            cursor=str(more) if more else None,
        )
