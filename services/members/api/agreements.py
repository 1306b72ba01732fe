"""Routes of sharing agreements and licences."""

from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.params import JSONBody

from contracts.http.members import (
    Agreement,
    AgreementState,
    DraftAgreement,
    EndAgreement,
    Licence,
    RecordLicence,
    SignAgreement,
)
from contracts.http.members import Agreements as AgreementPage
from services.chassis import ids
from services.chassis.http import TheService
from services.chassis.policies import Asking, entered
from services.members import commands, model, reads
from services.members.api.asking import (
    READ_AGREEMENTS,
    WRITE,
    IdempotencyKey,
    Limit,
    Slug,
    named,
)

NOTHING_MORE = SignAgreement()


def _agreement(row: model.Agreement) -> Agreement:
    columns = msgspec.structs.asdict(row)
    columns["id"] = columns.pop("agreement_id")
    return Agreement(**{**columns, "state": AgreementState(row.state)})


class Agreements(Controller):
    """Sharing agreements: nothing is published or delivered without one in force."""

    tags = ("Conventions de partage",)

    @get("/v1/coordinations/{coordination:str}/agreements", opt=READ_AGREEMENTS.opt())
    async def agreements(
        self, service: TheService, coordination: Slug, limit: Limit = 50, cursor: UUID | None = None
    ) -> AgreementPage:
        """Return a page of sharing agreements by id."""
        async with service.read() as connection:
            found, more = await reads.agreements(connection, coordination, after=cursor, most=limit)
        return AgreementPage(
            items=[_agreement(row) for row in found], cursor=str(more) if more else None
        )

    @post("/v1/coordinations/{coordination:str}/agreements", opt=WRITE.opt())
    async def draft(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[DraftAgreement],
        key: IdempotencyKey = None,
    ) -> Agreement:
        """Write a draft, which opens nothing; the same one again answers what it has become."""
        async with service.write() as connection:
            row = await commands.draft_agreement(
                connection,
                coordination,
                data,
                agreement_id=named(request, data.id, key),
                now=ids.now(),
            )
        return _agreement(row)

    @post("/v1/agreements/{agreement:uuid}/sign", opt=WRITE.opt(), status_code=200)
    async def sign(
        self,
        request: Asking,
        service: TheService,
        agreement: UUID,
        data: JSONBody[SignAgreement | None] = None,
    ) -> Agreement:
        """Put a draft in force; it opens what it says from this moment, within its dates."""
        async with service.write() as connection:
            await entered(request, connection, await reads.agreement_home(connection, agreement))
            row = await commands.sign_agreement(
                connection, agreement, data or NOTHING_MORE, now=ids.now(), new_id=ids.new_id
            )
        return _agreement(row)

    @post("/v1/agreements/{agreement:uuid}/end", opt=WRITE.opt(), status_code=200)
    async def end(
        self, request: Asking, service: TheService, agreement: UUID, data: JSONBody[EndAgreement]
    ) -> Agreement:
        """End a signed agreement; publication and delivery stop with it."""
        async with service.write() as connection:
            await entered(request, connection, await reads.agreement_home(connection, agreement))
            row = await commands.end_agreement(
                connection, agreement, data, now=ids.now(), new_id=ids.new_id
            )
        return _agreement(row)


class Licences(Controller):
    """Licences of open data, which stand where other counts stand on an agreement."""

    tags = ("Conventions de partage",)

    @post("/v1/coordinations/{coordination:str}/licences", opt=WRITE.opt())
    async def record(
        self, service: TheService, coordination: Slug, data: JSONBody[RecordLicence]
    ) -> Licence:
        """Record a licence; the same one again answers the same."""
        async with service.write() as connection:
            row = await commands.record_licence(
                connection, coordination, data, now=ids.now(), new_id=ids.new_id
            )
        return Licence(**msgspec.structs.asdict(row))
