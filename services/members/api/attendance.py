"""Routes of attendance, proxies, the live quorum and minutes."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import JSONBody, Parameter

from contracts.http.members import attendance as bodies
from contracts.http.members import sessions as texts
from services.chassis import ids
from services.chassis.database import Connection
from services.chassis.http import TheService
from services.chassis.policies import Asking, entered
from services.members.api.asking import READ, SIGN, TAKE_PART, WRITE, Limit
from services.members.api.sessions import TEXT
from services.members.commands import attendance as commands
from services.members.commands import minutes as writing
from services.members.model.presence import AskedQuorum, GivenProxy, Measure, MeetingRules, Presence
from services.members.reads import sessions as reads

Ratio = Annotated[str | None, Parameter(pattern="^(0|1|[0-9]{1,4}/[1-9][0-9]{0,3})$", max_length=9)]
Stay = Annotated[
    str | None, Parameter(pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}[.][0-9]{1,16}$")
]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
Version = Annotated[int | None, Parameter(ge=1, le=100)]


def _proxy(session: UUID, row: GivenProxy) -> bodies.Proxy:
    return bodies.Proxy(
        session=session,
        giver=row.giver,
        holder=row.holder,
        given_on=row.given_on,
        revoked_at=row.revoked_at,
    )


def _quorum(session: UUID, measured: Measure, rules: MeetingRules, at: datetime) -> bodies.Quorum:
    return bodies.Quorum(
        session=session,
        at=at,
        quorum=str(rules.quorum),
        quorum_per_college=None if rules.per_college is None else str(rules.per_college),
        score=str(measured.score),
        holds=measured.holds,
        colleges=[
            bodies.CollegeQuorum(
                college=name,
                weight=str(share.weight),
                roll=share.roll,
                present=share.present,
                represented=share.represented,
                share=None if share.part is None else str(share.part),
                reached=measured.reached(name, rules),
            )
            for name, share in sorted(measured.shares.items())
        ],
    )


async def _must_speak_for(
    connection: Connection, request: Asking, session: UUID, member: UUID
) -> None:
    """Refuse a caller of elsewhere, or that engages another organisation than its own."""
    home = await reads.session_home(connection, session)
    caller = await entered(request, connection, home)
    if WRITE.roles.isdisjoint(caller.roles):
        await reads.must_speak_for(connection, home, member, caller.organization)


def _stay(cursor: str) -> tuple[UUID, datetime]:
    attendee, _, since = cursor.partition(".")
    return UUID(attendee), EPOCH + int(since) * MICROSECOND


def _following(last: Presence | None) -> str | None:
    return f"{last.attendee}.{(last.present_from - EPOCH) // MICROSECOND}" if last else None


async def _versions(connection: Connection, session: UUID) -> texts.MinutesVersions:
    versions, signatures = await reads.minutes_versions(connection, session)
    return texts.MinutesVersions(
        items=[
            texts.MinutesVersion(
                version=one.version,
                sha256=one.sha256,
                corrects_sha256=one.corrects_sha256,
                reason=one.reason,
                made_at=one.made_at,
                signatures=[
                    texts.MinutesSignature(
                        subject=signed.subject,
                        quality=texts.SigningQuality(signed.quality),
                        signed_at=signed.signed_at,
                    )
                    for signed in signatures
                    if signed.version == one.version
                ],
            )
            for one in versions
        ]
    )


class Attendance(Controller):
    """Who is in the room, who votes for whom, and whether that is a quorum."""

    tags = ("Séances",)

    @get("/v1/sessions/{session:uuid}/attendances", opt=READ.opt())
    async def attendances(
        self,
        request: Asking,
        service: TheService,
        session: UUID,
        limit: Limit = 50,
        cursor: Stay = None,
    ) -> bodies.Attendances:
        """Return a page of attendances by seat and arrival."""
        async with service.read() as connection:
            await entered(request, connection, await reads.session_home(connection, session))
            found, last = await reads.attendances(
                connection, session, after=_stay(cursor) if cursor else None, most=limit
            )
        return bodies.Attendances(
            items=[
                bodies.Attendance(
                    member=one.member_id,
                    seat=one.seat_id,
                    rank=bodies.SeatRank(one.rank) if one.rank else None,
                    present_from=one.present_from,
                    left_at=one.left_at,
                )
                for one in found
            ],
            cursor=_following(last),
        )

    @post("/v1/sessions/{session:uuid}/attendances", opt=WRITE.opt(), status_code=200)
    async def attend(
        self,
        request: Asking,
        service: TheService,
        session: UUID,
        data: JSONBody[bodies.RecordAttendance],
    ) -> bodies.AttendanceAnswers:
        """Record who is in the room, one or up to 500, each answered on its own."""
        async with service.write() as connection:
            await entered(request, connection, await reads.session_home(connection, session))
            answers = await commands.record_attendance(connection, session, data, now=ids.now())
        return bodies.AttendanceAnswers(items=answers)

    @get("/v1/sessions/{session:uuid}/quorum", opt=READ.opt())
    async def quorum(
        self,
        request: Asking,
        service: TheService,
        session: UUID,
        quorum: Ratio = None,
        quorum_per_college: Ratio = None,
    ) -> bodies.Quorum:
        """Measure the quorum now, by the rule book or by what is asked, in exact fractions."""
        asked = AskedQuorum(quorum, quorum_per_college)
        async with service.read() as connection:
            found = await reads.session(connection, session)
            await entered(request, connection, found.coordination)
            measured = await reads.quorum(connection, found, asked, at=ids.now())
        return _quorum(session, *measured)

    @get("/v1/sessions/{session:uuid}/proxies", opt=READ.opt())
    async def proxies(
        self,
        request: Asking,
        service: TheService,
        session: UUID,
        limit: Limit = 50,
        cursor: UUID | None = None,
    ) -> bodies.Proxies:
        """Return a page of proxies by giver, those that were revoked too."""
        async with service.read() as connection:
            await entered(request, connection, await reads.session_home(connection, session))
            found, more = await reads.proxies(connection, session, after=cursor, most=limit)
        return bodies.Proxies(
            items=[_proxy(session, one) for one in found], cursor=str(more) if more else None
        )

    @post("/v1/sessions/{session:uuid}/proxies", opt=TAKE_PART.opt())
    async def give(
        self,
        request: Asking,
        service: TheService,
        session: UUID,
        data: JSONBody[bodies.GiveProxy],
    ) -> bodies.Proxy:
        """Give a proxy for this session; the same one again answers the same."""
        async with service.write() as connection:
            await _must_speak_for(connection, request, session, data.giver)
            row = await commands.give_proxy(
                connection, session, data, now=ids.now(), new_id=ids.new_id
            )
        return _proxy(session, row)

    @post(
        "/v1/sessions/{session:uuid}/proxies/{giver:uuid}/revoke",
        opt=TAKE_PART.opt(),
        status_code=200,
    )
    async def revoke(
        self, request: Asking, service: TheService, session: UUID, giver: UUID
    ) -> bodies.Proxy:
        """Revoke a proxy; again, nothing changes."""
        async with service.write() as connection:
            await _must_speak_for(connection, request, session, giver)
            row = await commands.revoke_proxy(
                connection, session, giver, now=ids.now(), new_id=ids.new_id
            )
        return _proxy(session, row)


class MinutesOfSessions(Controller):
    """Minutes of sessions: texts that never change, signed, corrected by a version more."""

    tags = ("Séances",)

    @get("/v1/sessions/{session:uuid}/minutes", opt=READ.opt())
    async def minutes(
        self, request: Asking, service: TheService, session: UUID, version: Version = None
    ) -> Response[str]:
        """Return the minutes, the last version when none is asked for; ETag is their SHA-256."""
        async with service.read() as connection:
            await entered(request, connection, await reads.session_home(connection, session))
            found = await reads.minutes(connection, session, version)
        return Response(found.text, media_type=TEXT, headers={"ETag": f'"{found.sha256}"'})

    @get("/v1/sessions/{session:uuid}/minutes/versions", opt=READ.opt())
    async def versions(
        self, request: Asking, service: TheService, session: UUID
    ) -> texts.MinutesVersions:
        """Return every version of the minutes with its hash and who signed it."""
        async with service.read() as connection:
            await entered(request, connection, await reads.session_home(connection, session))
            return await _versions(connection, session)

    @post("/v1/sessions/{session:uuid}/minutes/sign", opt=SIGN.opt(), status_code=200)
    async def sign(
        self,
        request: Asking,
        service: TheService,
        session: UUID,
        data: JSONBody[texts.SignMinutes],
    ) -> texts.MinutesVersions:
        """Sign a version of the minutes, as the caller; again, nothing changes."""
        async with service.write() as connection:
            await entered(request, connection, await reads.session_home(connection, session))
            await writing.sign_minutes(
                connection, session, data, subject=request.user.sub, now=ids.now()
            )
            return await _versions(connection, session)

    @post("/v1/sessions/{session:uuid}/minutes/correct", opt=WRITE.opt())
    async def correct(
        self,
        request: Asking,
        service: TheService,
        session: UUID,
        data: JSONBody[texts.CorrectMinutes],
    ) -> texts.MinutesVersions:
        """Write a version more, which cites the one it corrects."""
        async with service.write() as connection:
            await entered(request, connection, await reads.session_home(connection, session))
            await writing.correct_minutes(
                connection, session, data, now=ids.now(), new_id=ids.new_id
            )
            return await _versions(connection, session)
