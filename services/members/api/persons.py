"""Routes of natural persons: their records, and their rights over them."""

from uuid import UUID

import msgspec
from joserfc.jwk import ECKey, OKPKey
from litestar import Controller, get, post, put
from litestar.params import JSONBody

from contracts.http.members.persons import (
    ERASED,
    ErasedPerson,
    Person,
    PersonChange,
    PersonExport,
    PersonField,
    PersonInvitation,
    PersonMandate,
    PersonName,
    PersonPresence,
    PersonRight,
    Persons,
    RectifyPerson,
    WritePerson,
)
from contracts.values import Slug as Organization
from services.chassis import ids
from services.chassis.database import Connection
from services.chassis.http import TheService
from services.chassis.policies import Asking
from services.members import model
from services.members.api.asking import READ, WRITE, IdempotencyKey, Limit, Slug, named
from services.members.commands import persons as commands
from services.members.model import persons as rows
from services.members.reads import persons as reads


def shown_person(row: rows.Person) -> Person:
    """Return a person as a caller may see it."""
    columns = msgspec.structs.asdict(row)
    columns["id"] = columns.pop("person_id")
    return Person(**{**columns, "name": row.name or ERASED})


def _exported(found: reads.Export) -> PersonExport:
    return PersonExport(
        person=shown_person(found.person),
        changes=[
            PersonChange(
                field=PersonField(one.field), changed_by=one.changed_by, changed_at=one.changed_at
            )
            for one in found.changes
        ],
        names=[
            PersonName(subject=one.subject, thumbprint=_thumbprint(one), bound_at=one.bound_at)
            for one in found.subjects
        ],
        rights=[PersonRight(**msgspec.structs.asdict(one)) for one in found.rights],
        invitations=[
            PersonInvitation(
                id=one.invitation_id,
                roles=one.roles,
                organization=one.organization,
                invited_at=one.invited_at,
                expires_at=one.expires_at,
                accepted_at=one.accepted_at,
                withdrawn_at=one.withdrawn_at,
            )
            for one in found.invitations
        ],
        mandates=[PersonMandate(**msgspec.structs.asdict(one)) for one in found.mandates],
        presences=[PersonPresence(**msgspec.structs.asdict(one)) for one in found.presences],
        contact_of=found.contact_of,
        relays=found.relays,
    )


def _thumbprint(subject: rows.Subject) -> str | None:
    if subject.jwk is None:
        return None
    key: OKPKey | ECKey = model.assertions.key_of(msgspec.json.decode(subject.jwk), field="jwk")
    return key.thumbprint()


async def _by_itself(
    request: Asking, connection: Connection, coordination: str, person: UUID
) -> bool:
    """Tell whether the caller is the person; one that is not is of the secretariat, or refused."""
    if not WRITE.roles.isdisjoint(request.user.roles):
        return False
    await reads.must_be(connection, coordination, person, subject=request.user.sub)
    return True


class PersonRecords(Controller):
    """Natural persons; names, e-mails and telephones are nowhere else."""

    tags = ("Personnes et droits",)

    @get("/v1/coordinations/{coordination:str}/persons", opt=WRITE.opt())
    async def persons(
        self,
        service: TheService,
        coordination: Slug,
        organization: Organization | None = None,
        limit: Limit = 50,
        cursor: UUID | None = None,
    ) -> Persons:
        """Return a page of persons by id, of one organisation or of all."""
        async with service.read() as connection:
            found, more = await reads.persons(
                connection, coordination, organization=organization, after=cursor, most=limit
            )
        return Persons(
            items=[shown_person(row) for row in found], cursor=str(more) if more else None
        )

    @post("/v1/coordinations/{coordination:str}/persons", opt=WRITE.opt())
    async def write(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[WritePerson],
        key: IdempotencyKey = None,
    ) -> Person:
        """Record a person; the same one again answers the same."""
        async with service.write() as connection:
            row = await commands.write_person(
                connection,
                coordination,
                data,
                person_id=named(request, data.id, key),
                now=ids.now(),
            )
        return shown_person(row)

    @get("/v1/coordinations/{coordination:str}/persons/{person:uuid}", opt=READ.opt())
    async def person(
        self, request: Asking, service: TheService, coordination: Slug, person: UUID
    ) -> Person:
        """Return one person, to itself or to the secretariat."""
        async with service.read() as connection:
            await _by_itself(request, connection, coordination, person)
            return shown_person(await reads.person(connection, coordination, person))

    @put("/v1/coordinations/{coordination:str}/persons/{person:uuid}", opt=READ.opt())
    async def rectify(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        person: UUID,
        data: JSONBody[RectifyPerson],
    ) -> Person:
        """Rectify a record (RGPD, article 16); what it held before is kept nowhere."""
        async with service.write() as connection:
            row = await commands.rectify_person(
                connection,
                coordination,
                person,
                data,
                by=request.user.sub,
                by_itself=await _by_itself(request, connection, coordination, person),
                now=ids.now(),
            )
        return shown_person(row)

    @get("/v1/coordinations/{coordination:str}/persons/{person:uuid}/export", opt=READ.opt())
    async def export(
        self, request: Asking, service: TheService, coordination: Slug, person: UUID
    ) -> PersonExport:
        """Return everything that is held about a person, to itself or to the secretariat."""
        async with service.read() as connection:
            await _by_itself(request, connection, coordination, person)
            return _exported(await reads.export(connection, coordination, person))

    @post(
        "/v1/coordinations/{coordination:str}/persons/{person:uuid}/erase",
        opt=WRITE.opt(),
        status_code=200,
    )
    async def erase(
        self, request: Asking, service: TheService, coordination: Slug, person: UUID
    ) -> ErasedPerson:
        """Erase a person's data; its id stays in what was decided, and its mandates end today."""
        async with service.write() as connection:
            return await commands.erase_person(
                connection,
                coordination,
                person,
                by=request.user.sub,
                now=ids.now(),
                new_id=ids.new_id,
            )
