"""Routes of reported needs: report, follow, close, list, sum."""

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.params import HeaderParameter, JSONBody, Parameter, QueryParameter
from msgspec import Meta

from contracts.events.diagnostics.needs import NeedOutcome, NeedState
from contracts.events.signals import ReporterKind, Unit
from contracts.http.diagnostics.needs import (
    CloseNeed,
    NeedGroups,
    NeedRecord,
    NeedRecords,
    Rebuilt,
    ReportNeed,
    TakeInCharge,
)
from contracts.values import AreaKind, Role
from contracts.vocabulary import VOCABULARY
from services.chassis import ids
from services.chassis.http import PAGE_MAX, TheService
from services.chassis.policies import Asking, Policy
from services.diagnostics.api.asking import INSIDE, READ, leaving_to
from services.diagnostics.commands import follow_up as commands
from services.diagnostics.commands.rebuild import rebuild
from services.diagnostics.errors.needs import NoSuchPage
from services.diagnostics.model import groups
from services.diagnostics.model.follow_up import NeedKind, NeedRow, Place, Wanted
from services.diagnostics.reads import needs as reads

LEADS = frozenset({Role.COORDINATOR, Role.SECRETARY, Role.REFERRER, Role.OPERATOR})
REPORT = Policy("signaler un besoin", LEADS | {Role.ELECTED, Role.MEMBER})
FOLLOW = Policy("suivre un besoin", LEADS | {Role.MEMBER})
REBUILD = Policy("replier les signaux conservés", frozenset({Role.OPERATOR}))
Slug = Annotated[str, Parameter(pattern="^[a-z][a-z0-9-]{1,39}$")]
Word = Annotated[str | None, Parameter(pattern="^[a-z][a-z0-9_-]{0,59}$", max_length=60)]
AreaFilter = Annotated[str | None, Parameter(pattern="^[0-9A-Z]{5,9}$", max_length=9)]
PeriodFilter = Annotated[str | None, Parameter(pattern="^20[0-9]{2}(-[S0-9]{2})?$", max_length=7)]
Limit = Annotated[int, Parameter(ge=1, le=PAGE_MAX)]
Cursor = Annotated[str, Parameter(pattern="^[A-Za-z0-9_=-]*$", max_length=300)]
IdempotencyKey = Annotated[str | None, HeaderParameter(name="Idempotency-Key", max_length=200)]
_PLACE = msgspec.json.Decoder(
    tuple[Annotated[datetime, Meta(tz=True)], UUID, Annotated[str, Meta(pattern="^[a-z0-9_-]+$")]]
)
FIRST_YEAR, LAST_YEAR = 2000, 9000


def _own(request: Asking, allowed: frozenset[Role]) -> str | None:
    """Return the organisation a caller is held to, None for those who see every need."""
    if not allowed.isdisjoint(request.user.roles):
        return None
    return request.user.organization or ""


def _shown(row: NeedRow) -> NeedRecord:
    return NeedRecord(
        signal_id=row.signal_id,
        institution=row.institution,
        source=row.label,
        revision=row.revision,
        reporter_kind=ReporterKind(row.reporter_kind),
        period=row.period,
        area_kind=AreaKind(row.grid),
        area_code=row.area_code,
        problem=row.problem,
        label=VOCABULARY.problems.get(row.problem, row.problem),
        theme=row.theme,
        public=row.public,
        unit=Unit(row.unit),
        count=row.count,
        place_kind=row.place_kind,
        time_slots=row.time_slots,
        reported_at=row.reported_at,
        state=row.shown_state,
        organization=row.taken_by,
        taken_at=row.taken_at,
        outcome=NeedOutcome(row.outcome) if row.outcome else None,
        closed_at=row.closed_at,
    )


def _cursor(place: Place | None) -> str | None:
    if place is None:
        return None
    return base64.urlsafe_b64encode(msgspec.json.encode(msgspec.structs.astuple(place))).decode()


def _place(cursor: str) -> Place | None:
    if not cursor:
        return None
    try:
        place = Place(*_PLACE.decode(base64.urlsafe_b64decode(cursor)))
    except (binascii.Error, msgspec.MsgspecError, UnicodeDecodeError) as fault:
        raise NoSuchPage from fault
    if not FIRST_YEAR <= place.reported_at.year <= LAST_YEAR:
        raise NoSuchPage
    return place


class Needs(Controller):
    """Reported needs, and what becomes of them."""

    tags = ("Besoins",)

    @post("/v1/coordinations/{coordination:str}/needs", opt=REPORT.opt(), status_code=200)
    async def report(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[ReportNeed],
        key: IdempotencyKey = None,
    ) -> NeedRecord:
        """Take a need that people met; the same `signal_id` again changes nothing."""
        signal_id = data.signal_id
        if signal_id is None:
            named = f"{request.url.path}:{key}"
            signal_id = ids.from_key(request.user.sub, named) if key else ids.new_id()
        reporter = request.user.organization
        async with service.write() as connection:
            await commands.report_need(
                connection,
                coordination,
                data,
                signal_id=signal_id,
                reporter=reporter,
                now=ids.now(),
                new_id=ids.new_id,
            )
            row = await reads.need(
                connection,
                coordination,
                signal_id,
                institution=reporter or coordination,
                own=None,
            )
        return _shown(row)

    @get("/v1/coordinations/{coordination:str}/needs", opt=READ.opt())
    async def needs(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        area: AreaFilter = None,
        need_state: Annotated[NeedState | None, QueryParameter(name="state")] = None,
        theme: Word = None,
        public: Word = None,
        limit: Limit = 50,
        cursor: Cursor = "",
    ) -> NeedRecords:
        """Return a page of needs, the latest first; outside the coordination, one's own alone."""
        wanted = Wanted(
            area=area,
            state=need_state.value if need_state else None,
            theme=theme,
            public=public,
        )
        async with service.read() as connection:
            found, more = await reads.needs(
                connection,
                coordination,
                wanted,
                before=_place(cursor),
                own=_own(request, INSIDE),
                most=limit,
            )
        return NeedRecords(items=[_shown(row) for row in found], cursor=_cursor(more))

    @get("/v1/coordinations/{coordination:str}/needs/by-domain", opt=READ.opt())
    async def by_domain(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        period: PeriodFilter = None,
    ) -> NeedGroups:
        """Return needs summed by policy domain: what each elected delegation is concerned by."""
        return await _grouped(request, service, coordination, period, by=groups.domain_of)

    @get("/v1/coordinations/{coordination:str}/needs/by-public", opt=READ.opt())
    async def by_public(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        period: PeriodFilter = None,
    ) -> NeedGroups:
        """Return needs summed by public."""
        return await _grouped(request, service, coordination, period, by=groups.public_of)

    @get("/v1/coordinations/{coordination:str}/needs/{signal_id:uuid}", opt=READ.opt())
    async def need(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        signal_id: UUID,
        institution: Word = None,
    ) -> NeedRecord:
        """Return one need and what became of it."""
        async with service.read() as connection:
            row = await reads.need(
                connection,
                coordination,
                signal_id,
                institution=institution,
                own=_own(request, INSIDE),
            )
        return _shown(row)

    @post(
        "/v1/coordinations/{coordination:str}/needs/{signal_id:uuid}/take-charge",
        opt=FOLLOW.opt(),
        status_code=200,
    )
    async def take_charge(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        signal_id: UUID,
        data: JSONBody[TakeInCharge],
        institution: Word = None,
    ) -> NeedRecord:
        """Let an organisation of the coordination answer for a need; again changes nothing."""
        async with service.write() as connection:
            await commands.take_in_charge(
                connection,
                coordination,
                signal_id,
                organization=data.organization,
                institution=institution,
                own=_own(request, LEADS),
                now=ids.now(),
                new_id=ids.new_id,
            )
            row = await reads.need(
                connection, coordination, signal_id, institution=institution, own=None
            )
        return _shown(row)

    @post(
        "/v1/coordinations/{coordination:str}/needs/{signal_id:uuid}/outcome",
        opt=FOLLOW.opt(),
        status_code=200,
    )
    async def close(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        signal_id: UUID,
        data: JSONBody[CloseNeed],
        institution: Word = None,
    ) -> NeedRecord:
        """Tell what a need came to; the same again changes nothing."""
        async with service.write() as connection:
            await commands.close_need(
                connection,
                coordination,
                signal_id,
                outcome=data.outcome,
                institution=institution,
                own=_own(request, LEADS),
                now=ids.now(),
                new_id=ids.new_id,
            )
            row = await reads.need(
                connection, coordination, signal_id, institution=institution, own=None
            )
        return _shown(row)


class Projection(Controller):
    """The projection as an operator keeps it."""

    tags = ("Diagnostic",)

    @post("/v1/coordinations/{coordination:str}/rebuild", opt=REBUILD.opt(), status_code=200)
    async def rebuild(self, service: TheService, coordination: Slug) -> Rebuilt:
        """Fold again the signals that are kept; say how many figures were not what they fold to."""
        async with service.write() as connection:
            return await rebuild(connection, coordination, now=ids.now())


async def _grouped(
    request: Asking,
    service: TheService,
    coordination: str,
    period: str | None,
    *,
    by: Callable[[NeedKind], str],
) -> NeedGroups:
    async with service.read() as connection:
        to = await leaving_to(request, service, connection, coordination)
        found = await reads.grouped(
            connection, coordination, period, by=by, to=to, with_small=by is groups.domain_of
        )
    return NeedGroups(items=found)
