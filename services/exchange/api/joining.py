"""How an institution's system joins: an invitation, its public keys, its sandbox."""

import secrets
from typing import Annotated
from urllib.parse import urljoin

from litestar import Controller, Response, delete, get, post
from litestar.params import HeaderParameter, JSONBody, Parameter

from contracts.http.exchange.access import (
    AddKey,
    InstitutionInvitation,
    InviteInstitution,
    Keys,
    Register,
    Registered,
)
from contracts.streams import PUB, durables_of, sandbox_of
from contracts.values import Role
from services.chassis import ids
from services.chassis.http import TheService
from services.chassis.policies import PUBLIC, Asking, Policy
from services.chassis.tokens import Caller
from services.exchange.commands import access as commands
from services.exchange.errors.access import NotThatInstitution
from services.exchange.model import access
from services.exchange.reads import access as reads
from services.exchange.settings import Settings

INVITE = Policy("inviter une institution", frozenset({Role.COORDINATOR, Role.OPERATOR}))
OWN_KEYS = Policy("gérer les clés d'une institution", frozenset({Role.INSTITUTION, Role.OPERATOR}))
CODE_BYTES = 24
"""192 bits: nobody finds one by trying, however often."""
NEVER_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}
Institution = Annotated[str, Parameter(pattern="^[a-z][a-z0-9-]{1,39}$")]
KeyId = Annotated[str, Parameter(pattern="^[A-Za-z0-9_-]{43,56}$")]
IdempotencyKey = Annotated[
    str | None, HeaderParameter(name="Idempotency-Key", max_length=200, min_length=1)
]


def key_days(service: TheService) -> int:
    """Return for how many days a key that is registered now is good."""
    assert isinstance(service.settings, Settings)
    return service.settings.key_days_valid


def must_be(caller: Caller, institution: str) -> None:
    """Refuse the system of another institution.

    Raises:
        NotThatInstitution: it is.
    """
    if Role.OPERATOR not in caller.roles and caller.organization != institution:
        raise NotThatInstitution(institution)


class Joining(Controller):
    """Invitations, registrations and keys; no secret of either side ever passes here."""

    tags = ("Partenaires",)

    @post("/v1/invitations", opt=INVITE.opt())
    async def invite(
        self,
        request: Asking,
        service: TheService,
        data: JSONBody[InviteInstitution],
        key: IdempotencyKey = None,
    ) -> Response[InstitutionInvitation]:
        """Invite an institution; the code is in this answer alone, and serves once."""
        caller = request.user
        named = ids.from_key(caller.sub, key) if key else ids.new_id()
        async with service.write() as connection:
            row, code = await commands.invite_institution(
                connection,
                data,
                invitation_id=data.id or named,
                by=caller.sub,
                may_again=Role.OPERATOR in caller.roles,
                code=secrets.token_urlsafe(CODE_BYTES),
                now=ids.now(),
            )
        body = InstitutionInvitation(
            id=row.invitation_id,
            institution=row.institution,
            name=row.name,
            invited_at=row.invited_at,
            expires_at=row.expires_at,
            used_at=row.used_at,
            code=code,
        )
        return Response(body, headers=NEVER_KEPT)

    @post("/v1/registrations", opt=PUBLIC.opt())
    async def register(self, service: TheService, data: JSONBody[Register]) -> Response[Registered]:
        """Register a system by its code: public keys in, and all it needs to know out."""
        async with service.write() as connection:
            found = await commands.register(
                connection, data, key_days=key_days(service), now=ids.now()
            )
            keys = await reads.keys(connection, found.institution)
        slug, own = found.institution, service.settings
        assert isinstance(own, Settings)
        body = Registered(
            institution=slug,
            nats_url=own.public_nats_url or own.nats_url.partition(",")[0],
            token_url=own.public_token_url or urljoin(own.jwks_url, "token"),
            sandbox=sandbox_of(slug),
            sandbox_agreement=access.sandbox_agreement_id(slug),
            sandbox_client=access.client_of(slug, sandbox_of(slug)),
            sandbox_communes=access.SANDBOX_COMMUNES,
            inbox_prefix=f"_INBOX_{slug}",
            stream=PUB,
            durables=durables_of(slug),
            keys=keys,
        )
        return Response(body, headers=NEVER_KEPT)

    @get("/v1/partners/{institution:str}/keys", opt=OWN_KEYS.opt())
    async def keys(self, request: Asking, service: TheService, institution: Institution) -> Keys:
        """Return the keys of an institution, those that open something first."""
        must_be(request.user, institution)
        async with service.read() as connection:
            return Keys(items=await reads.keys(connection, institution))

    @post("/v1/partners/{institution:str}/keys", opt=OWN_KEYS.opt())
    async def add(
        self,
        request: Asking,
        service: TheService,
        institution: Institution,
        data: JSONBody[AddKey],
    ) -> Keys:
        """Register one more key, to rotate without interruption; the same again changes nothing."""
        must_be(request.user, institution)
        async with service.write() as connection:
            await commands.add_key(
                connection, institution, data, key_days=key_days(service), now=ids.now()
            )
            return Keys(items=await reads.keys(connection, institution))

    @delete("/v1/partners/{institution:str}/keys/{key:str}", opt=OWN_KEYS.opt(), status_code=200)
    async def revoke(
        self, request: Asking, service: TheService, institution: Institution, key: KeyId
    ) -> Keys:
        """Revoke a key: whoever is connected by it is cut within a second."""
        must_be(request.user, institution)
        async with service.write() as connection:
            await commands.revoke_key(connection, institution, key, now=ids.now())
            return Keys(items=await reads.keys(connection, institution))
