"""Routes of coordinations and their members."""

from litestar import Controller, get, post
from litestar.params import JSONBody

from contracts.http.members import (
    ConfirmMember,
    Coordination,
    FoundCoordination,
    Member,
    MemberRole,
    Members,
    MemberState,
)
from contracts.http.members import Coordinations as CoordinationPage
from contracts.refusals import FieldError
from contracts.values import College, Section, TerritoryLevel
from services.chassis import ids
from services.chassis.http import TheService
from services.chassis.policies import Asking, must_enter
from services.chassis.tokens import EVERY_COORDINATION
from services.members import commands, model, reads
from services.members.api.asking import (
    OPERATE,
    READ,
    WRITE,
    IdempotencyKey,
    Limit,
    NameCursor,
    Slug,
    named,
)

SIRET_DOUBT = FieldError(
    field="siret",
    code="W_SIRET",
    detail="La clé de ce SIRET est fausse ; il est gardé, vérifiez-le auprès de l'organisme.",
)


def _coordination(row: model.Coordination) -> Coordination:
    return Coordination(
        slug=row.coordination,
        name=row.name,
        level=TerritoryLevel(row.level),
        siren=row.siren,
        communes=row.communes,
    )


def _member(seat: model.Seat) -> Member:
    return Member(
        id=seat.member_id,
        coordination=seat.coordination,
        organization=seat.organization,
        name=seat.name,
        kind=seat.kind,
        college=College(seat.college),
        section=Section(seat.section) if seat.section else None,
        siret=seat.siret,
        roles=[MemberRole(role) for role in seat.roles],
        effective_on=seat.effective_on,
        formerly=seat.formerly,
        state=MemberState(seat.state),
        warnings=[SIRET_DOUBT] if seat.siret_is_doubtful else [],
    )


class Coordinations(Controller):
    """Coordinations, and who sits in them."""

    tags = ("Coordinations",)

    @get("/v1/coordinations", opt=READ.opt())
    async def coordinations(
        self, request: Asking, service: TheService, limit: Limit = 50, cursor: NameCursor = ""
    ) -> CoordinationPage:
        """Return a page of the coordinations that the caller may enter, by slug."""
        own = request.user.coordination
        only = None if own == EVERY_COORDINATION else own
        async with service.read() as connection:
            found, more = await reads.coordinations(connection, only=only, after=cursor, most=limit)
        return CoordinationPage(items=[_coordination(row) for row in found], cursor=more)

    @post("/v1/coordinations", opt=OPERATE.opt())
    async def found(
        self, request: Asking, service: TheService, data: JSONBody[FoundCoordination]
    ) -> Coordination:
        """Found a coordination; the same one again answers the same."""
        must_enter(request.user, data.slug)
        async with service.write() as connection:
            row = await commands.found_coordination(
                connection, data, now=ids.now(), new_id=ids.new_id
            )
        return _coordination(row)

    @get("/v1/coordinations/{coordination:str}", opt=READ.opt())
    async def coordination(self, service: TheService, coordination: Slug) -> Coordination:
        """Return one coordination."""
        async with service.read() as connection:
            return _coordination(await reads.coordination(connection, coordination))

    @get("/v1/coordinations/{coordination:str}/members", opt=READ.opt())
    async def members(
        self,
        service: TheService,
        coordination: Slug,
        college: College | None = None,
        limit: Limit = 50,
        cursor: NameCursor = "",
    ) -> Members:
        """Return a page of members by organisation, of one college or of all."""
        async with service.read() as connection:
            found, more = await reads.members(
                connection, coordination, college=college, after=cursor, most=limit
            )
        return Members(items=[_member(seat) for seat in found], cursor=more)

    @post("/v1/coordinations/{coordination:str}/members", opt=WRITE.opt())
    async def confirm(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[ConfirmMember],
        key: IdempotencyKey = None,
    ) -> Member:
        """Give an organisation its seat; the same one again answers the same."""
        async with service.write() as connection:
            seat = await commands.confirm_member(
                connection,
                coordination,
                data,
                member_id=named(request, data.id, key),
                now=ids.now(),
                new_id=ids.new_id,
            )
        return _member(seat)
