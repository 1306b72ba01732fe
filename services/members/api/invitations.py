"""Routes of invitations, and the one by which a person accepts its own."""

import secrets
from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.params import JSONBody

from contracts.http.members.invitations import (
    AcceptedInvitation,
    AcceptInvitation,
    Invitation,
    Invitations,
    Invite,
)
from services.chassis import ids
from services.chassis.http import TheService
from services.chassis.policies import PUBLIC, Asking, bearer, entered
from services.members.api.asking import WRITE, IdempotencyKey, Limit, Slug, named
from services.members.api.tokens import NEVER_KEPT
from services.members.commands import invitations as commands
from services.members.model import persons as rows
from services.members.reads import persons as reads

CODE_BYTES = 24
"""192 bits: nobody finds one by trying, however often."""


def _invitation(row: rows.Invitation, code: str | None = None) -> Invitation:
    columns = msgspec.structs.asdict(row)
    for hidden in ("code_sha256", "invited_by"):
        del columns[hidden]
    columns["id"], columns["person"] = columns.pop("invitation_id"), columns.pop("person_id")
    return Invitation(**columns, code=code)


class InvitationLetters(Controller):
    """Rights that wait for a person to prove who it is."""

    tags = ("Personnes et droits",)

    @get("/v1/coordinations/{coordination:str}/invitations", opt=WRITE.opt())
    async def invitations(
        self,
        service: TheService,
        coordination: Slug,
        person: UUID | None = None,
        limit: Limit = 50,
        cursor: UUID | None = None,
    ) -> Invitations:
        """Return a page of invitations by id, of one person or of all; no code is in it."""
        async with service.read() as connection:
            found, more = await reads.invitations(
                connection, coordination, person_id=person, after=cursor, most=limit
            )
        return Invitations(
            items=[_invitation(row) for row in found], cursor=str(more) if more else None
        )

    @post("/v1/coordinations/{coordination:str}/invitations", opt=WRITE.opt())
    async def invite(
        self,
        request: Asking,
        service: TheService,
        coordination: Slug,
        data: JSONBody[Invite],
        key: IdempotencyKey = None,
    ) -> Response[Invitation]:
        """Invite a person; its code is in this answer alone, and serves once."""
        async with service.write() as connection:
            row, code = await commands.invite(
                connection,
                coordination,
                data,
                invitation_id=named(request, data.id, key),
                by=request.user,
                code=secrets.token_urlsafe(CODE_BYTES),
                now=ids.now(),
            )
        return Response(_invitation(row, code), headers=NEVER_KEPT)

    @post("/v1/invitations/accept", opt=PUBLIC.opt(), status_code=200)
    async def accept(
        self,
        request: Request[Any, Any, Any],
        service: TheService,
        data: JSONBody[AcceptInvitation],
    ) -> Response[AcceptedInvitation]:
        """Accept an invitation by its code, under a public key or with the token of a sign-in."""
        caller = await bearer(request) if "authorization" in request.headers else None
        async with service.write() as connection:
            accepted = await commands.accept_invitation(
                connection, data, caller=caller, now=ids.now()
            )
        return Response(accepted, headers=NEVER_KEPT)

    @post("/v1/invitations/{invitation:uuid}/withdraw", opt=WRITE.opt(), status_code=200)
    async def withdraw(self, request: Asking, service: TheService, invitation: UUID) -> Invitation:
        """Withdraw an invitation that nobody accepted; withdrawn again, nothing changes."""
        async with service.write() as connection:
            home = await reads.invitation_home(connection, invitation)
            await entered(request, connection, home)
            row = await commands.withdraw_invitation(connection, invitation, now=ids.now())
        return _invitation(row)
