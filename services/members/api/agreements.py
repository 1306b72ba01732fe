"""Routes of sharing agreements and licences."""

import base64
import hashlib
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post, put
from litestar.params import JSONBody

from contracts.http.members import (
    Agreement,
    AgreementState,
    DraftAgreement,
    EndAgreement,
    Licence,
    RecordLicence,
    SignAgreement,
    SuspendAgreement,
)
from contracts.http.members import Agreements as AgreementPage
from contracts.http.members.agreements import (
    DpoContact,
    GdprRole,
    PartyRole,
    SharingTier,
    Signatory,
)
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
from services.members.commands.agreements import (
    resume_agreement,
    rewrite_agreement,
    suspend_agreement,
)
from services.members.reads import sharing

NOTHING_MORE = SignAgreement()


def party_roles(row: model.Agreement) -> list[PartyRole]:
    """Return what each party is for the data, none when that is not agreed yet."""
    pairs = zip(row.parties, row.party_roles, strict=bool(row.party_roles))
    return [PartyRole(party=party, role=GdprRole(role)) for party, role in pairs]


def dpo_contacts(row: model.Agreement) -> list[DpoContact]:
    """Return how to reach the data protection officers."""
    pairs = zip(row.dpo_parties, row.dpo_contacts, strict=True)
    return [DpoContact(party=party, contact=contact) for party, contact in pairs]


def _agreement(row: model.Agreement) -> Agreement:
    columns = msgspec.structs.asdict(row)
    columns["id"] = columns.pop("agreement_id")
    for column in ("dpo_parties", "signed_parties", "signed_days"):
        del columns[column]
    signatures = zip(row.signed_parties, row.signed_days, strict=True)
    shown = {
        **columns,
        "state": AgreementState(row.state),
        "tier": SharingTier(row.tier),
        "party_roles": party_roles(row),
        "dpo_contacts": dpo_contacts(row),
        "signatories": [Signatory(party=party, signed_on=day) for party, day in signatures],
    }
    return Agreement(**shown)


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

    @get("/v1/agreements/{agreement:uuid}", opt=READ_AGREEMENTS.opt())
    async def agreement(self, request: Asking, service: TheService, agreement: UUID) -> Agreement:
        """Return one sharing agreement as it stands."""
        async with service.read() as connection:
            row = await sharing.agreement(connection, agreement)
            await entered(request, connection, row.coordination)
        return _agreement(row)

    @put("/v1/agreements/{agreement:uuid}", opt=WRITE.opt())
    async def rewrite(
        self, request: Asking, service: TheService, agreement: UUID, data: JSONBody[DraftAgreement]
    ) -> Agreement:
        """Write a draft anew, whole, while nobody signed it."""
        async with service.write() as connection:
            await entered(request, connection, await reads.agreement_home(connection, agreement))
            row = await rewrite_agreement(connection, agreement, data)
        return _agreement(row)

    @get("/v1/agreements/{agreement:uuid}/summary", opt=READ_AGREEMENTS.opt())
    async def summary(
        self, request: Asking, service: TheService, agreement: UUID
    ) -> Response[bytes]:
        """Return in French what the parties read before they sign; its SHA-256 is the ETag."""
        async with service.read() as connection:
            await entered(request, connection, await reads.agreement_home(connection, agreement))
            text = (await sharing.summary(connection, agreement)).encode()
        digest = hashlib.sha256(text)
        headers = {
            "ETag": f'"{digest.hexdigest()}"',
            "Content-Digest": f"sha-256=:{base64.b64encode(digest.digest()).decode()}:",
        }
        return Response(text, media_type="text/markdown", headers=headers)

    @post("/v1/agreements/{agreement:uuid}/suspend", opt=WRITE.opt(), status_code=200)
    async def suspend(
        self,
        request: Asking,
        service: TheService,
        agreement: UUID,
        data: JSONBody[SuspendAgreement],
    ) -> Agreement:
        """Suspend a signed agreement; publication and delivery stop until it is resumed."""
        async with service.write() as connection:
            await entered(request, connection, await reads.agreement_home(connection, agreement))
            row = await suspend_agreement(
                connection, agreement, data, now=ids.now(), new_id=ids.new_id
            )
        return _agreement(row)

    @post("/v1/agreements/{agreement:uuid}/resume", opt=WRITE.opt(), status_code=200)
    async def resume(self, request: Asking, service: TheService, agreement: UUID) -> Agreement:
        """Resume a suspended agreement; it opens again what it opened."""
        async with service.write() as connection:
            await entered(request, connection, await reads.agreement_home(connection, agreement))
            row = await resume_agreement(connection, agreement, now=ids.now(), new_id=ids.new_id)
        return _agreement(row)

    @post("/v1/agreements/{agreement:uuid}/sign", opt=WRITE.opt(), status_code=200)
    async def sign(
        self,
        request: Asking,
        service: TheService,
        agreement: UUID,
        data: JSONBody[SignAgreement | None] = None,
    ) -> Agreement:
        """Put a draft in force, or keep one party's signature until each of them signed.

        In force it opens what it says from this moment, within its dates.
        """
        async with service.write() as connection:
            await entered(request, connection, await reads.agreement_home(connection, agreement))
            row = await commands.sign_agreement(
                connection,
                agreement,
                data or NOTHING_MORE,
                by=request.user.sub,
                now=ids.now(),
                new_id=ids.new_id,
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
